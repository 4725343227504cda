package dev.limpet.core;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;

/**
 * Runs a body on many threads that start together, and reports what they throw. If one throws, the
 * others are interrupted, as they may wait for it.
 */
public final class Threads {

  /** What a thread does. */
  @FunctionalInterface
  public interface Body {
    void run(int index) throws Exception;
  }

  private Threads() {}

  public static void together(int threads, Body body) throws InterruptedException {
    together(threads, Thread::new, body);
  }

  public static void together(int threads, ThreadFactory factory, Body body)
      throws InterruptedException {
    ConcurrentLinkedQueue<Throwable> thrown = new ConcurrentLinkedQueue<>();
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> started = new CopyOnWriteArrayList<>();
    for (int i = 0; i < threads; i++) {
      int index = i;
      Thread thread = factory.newThread(() -> {
        try {
          start.await();
          body.run(index);
        } catch (Throwable t) {
          thrown.add(t);
          started.forEach(Thread::interrupt);
        }
      });
      started.add(thread);
      thread.start();
    }
    start.countDown();
    for (Thread thread : started) {
      thread.join();
    }
    if (!thrown.isEmpty()) {
      AssertionError failure = new AssertionError(thrown.size() + " threads threw");
      thrown.stream().limit(5).forEach(failure::addSuppressed);
      throw failure;
    }
  }
}
