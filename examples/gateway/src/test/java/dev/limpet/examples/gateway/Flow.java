package dev.limpet.examples.gateway;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What peers send without end. */
final class Flow {
  private static final int PIECE = 65_536;

  private Flow() {}

  /** Writes a little again and again and reads nothing, until that fails. */
  static void trickle(Socket socket, CountDownLatch closed)
      throws IOException, InterruptedException {
    try {
      while (true) {
        socket.getOutputStream().write('x');
        TimeUnit.MILLISECONDS.sleep(10);
      }
    } finally {
      closed.countDown();
    }
  }

  /** Writes as much as is taken, and counts it, until that fails. */
  static void pour(Socket socket, AtomicLong written) throws IOException {
    while (true) {
      socket.getOutputStream().write(new byte[PIECE]);
      written.addAndGet(PIECE);
    }
  }

  /** Does so on a thread of its own. */
  static Thread pouring(Socket socket, AtomicLong written) {
    Thread writer = new Thread(() -> {
      try {
        pour(socket, written);
      } catch (IOException closed) {
        // by the test
      }
    });
    writer.start();
    return writer;
  }
}
