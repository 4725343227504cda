package dev.limpet.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.limpet.core.Backend;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A backend that answers its first request as a trial says, and all others with their own answer.
 * It keeps its connections.
 */
final class WireBackend implements Closeable {
  private final WireTrial trial;
  private final ServerLife life;
  private final AtomicBoolean isTried = new AtomicBoolean();
  private final CountDownLatch answered = new CountDownLatch(1);
  private final CountDownLatch left = new CountDownLatch(1);

  WireBackend(WireTrial trial) throws IOException {
    this.trial = trial;
    this.life =
        new ServerLife(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::serve);
  }

  Backend backend() {
    return Backend.of("b1", InetAddress.getLoopbackAddress().getHostAddress(), life.port());
  }

  /** Tells that the client has the answer of the trial. */
  void answered() {
    answered.countDown();
  }

  /**
   * Waits until the proxy has closed the connection of the trial, for as long as it would take if
   * the proxy did.
   */
  void awaitLeft(Duration limit) throws InterruptedException {
    boolean unused = left.await(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() throws IOException {
    life.end();
  }

  private void serve(Socket socket) throws IOException, InterruptedException {
    InputStream in = new BufferedInputStream(socket.getInputStream());
    boolean isTrial = false;
    try {
      while (RawMessage.request(in) != null) {
        if (isTried.compareAndSet(false, true)) {
          isTrial = true;
          tryOut(socket);
        } else {
          say(socket, WireTrial.own());
        }
      }
    } finally {
      if (isTrial) {
        left.countDown();
      }
    }
  }

  private void tryOut(Socket socket) throws IOException, InterruptedException {
    say(socket, trial.interim());
    say(socket, trial.answer());
    if (trial.isLate()) {
      answered.await();
      say(socket, WireTrial.planted());
    }
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }
}
