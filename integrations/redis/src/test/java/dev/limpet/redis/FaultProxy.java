package dev.limpet.redis;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Stands before a server and does to its replies, one by one, what a fault says. */
final class FaultProxy implements AutoCloseable {

  /** What becomes of a reply. */
  interface Fault {
    void reply(byte[] reply, OutputStream to) throws IOException;
  }

  static final Fault NONE = (reply, to) -> to.write(reply);

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Delayed(byte[] reply, long due) {}

  private final int target;
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile Fault fault = NONE;
  private volatile LongSupplier delayNanos = () -> 0;
  private boolean held; // guarded by this

  FaultProxy(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    thread(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Does it to the replies of scripts; all others are passed on. */
  void toScripts(Fault fault) {
    this.fault = (reply, to) -> (isOfScript(reply) ? fault : NONE).reply(reply, to);
  }

  void toAll(Fault fault) {
    this.fault = fault;
  }

  /** Delays replies, in their order. */
  void delay(LongSupplier nanos) {
    delayNanos = nanos;
  }

  synchronized void holdRequests() {
    held = true;
  }

  synchronized void letRequestsGo() {
    held = false;
    notifyAll();
  }

  private synchronized void awaitLetGo() throws InterruptedException {
    while (held) {
      wait();
    }
  }

  static boolean isOfScript(byte[] reply) {
    return new String(reply, StandardCharsets.ISO_8859_1).startsWith("*5\r\n$8\r\n");
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = server.accept();
      Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
      open.add(client);
      open.add(upstream);
      BlockingQueue<Delayed> replies = new LinkedBlockingQueue<>();
      thread(() -> pass(client, upstream));
      thread(() -> read(upstream, replies, client));
      thread(() -> write(replies, client, upstream));
    }
  }

  private void pass(Socket client, Socket upstream) throws IOException, InterruptedException {
    try (client;
        upstream) {
      byte[] bytes = new byte[1 << 16];
      for (int n = client.getInputStream().read(bytes);
          n > 0;
          n = client.getInputStream().read(bytes)) {
        awaitLetGo();
        upstream.getOutputStream().write(bytes, 0, n);
      }
    }
  }

  private void read(Socket upstream, BlockingQueue<Delayed> replies, Socket client)
      throws IOException {
    try (client;
        upstream) {
      InputStream in = new BufferedInputStream(upstream.getInputStream());
      while (true) {
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        copyReply(in, reply);
        replies.add(new Delayed(reply.toByteArray(), System.nanoTime() + delayNanos.getAsLong()));
      }
    }
  }

  private void write(BlockingQueue<Delayed> replies, Socket client, Socket upstream)
      throws IOException, InterruptedException {
    try (client;
        upstream) {
      while (!client.isClosed()) {
        Delayed next = replies.poll(1, TimeUnit.SECONDS);
        if (next != null) {
          TimeUnit.NANOSECONDS.sleep(next.due - System.nanoTime());
          fault.reply(next.reply, client.getOutputStream());
        }
      }
    }
  }

  /** Copies one reply, with all that is in it. */
  private static void copyReply(InputStream in, ByteArrayOutputStream to) throws IOException {
    String head = copyLine(in, to);
    int count = switch (head.charAt(0)) {
      case '*', '%', '$', '>', '~', '=' -> Integer.parseInt(head.substring(1));
      default -> 0;
    };
    if (head.charAt(0) == '$' || head.charAt(0) == '=') {
      if (count >= 0) {
        to.write(in.readNBytes(count + 2));
      }
      return;
    }
    for (int i = 0; i < (head.charAt(0) == '%' ? 2 * count : count); i++) {
      copyReply(in, to);
    }
  }

  private static String copyLine(InputStream in, ByteArrayOutputStream to) throws IOException {
    StringBuilder line = new StringBuilder();
    int b;
    do {
      b = in.read();
      if (b < 0) {
        throw new EOFException();
      }
      to.write(b);
      line.append((char) b);
    } while (b != '\n');
    return line.substring(0, line.length() - 2);
  }

  /** Breaks all connections. */
  void cut() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
    open.clear();
  }

  @Override
  public void close() throws IOException {
    letRequestsGo();
    server.close();
    cut();
  }

  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private static void thread(Work work) {
    Thread thread = new Thread(() -> {
      try {
        work.run();
      } catch (IOException | InterruptedException e) {
        // the connection is over
      }
    });
    thread.setDaemon(true);
    thread.start();
  }
}
