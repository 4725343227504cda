package dev.limpet.examples.gateway;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of raw sockets, a thread for each connection. It keeps its port while it is down. */
final class RawServer implements AutoCloseable {
  private static final int BACKLOG = 200;

  private final Talk talk;
  private final InetAddress host;
  private final int port;
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private ServerSocket server;
  private Thread acceptor;
  private Socket placeholder = new Socket();

  /** What the server does with a connection, which is closed afterwards. */
  interface Talk {
    void with(Socket socket) throws IOException, InterruptedException;
  }

  RawServer(Talk talk) throws IOException {
    this(InetAddress.getLoopbackAddress(), 0, talk);
  }

  /** A server at an address of this host; port 0 picks a free one. */
  RawServer(InetAddress host, int port, Talk talk) throws IOException {
    this.talk = talk;
    this.host = host;
    this.server = listen(port);
    this.port = server.getLocalPort();
  }

  int port() {
    return port;
  }

  /** How many connections were accepted so far. */
  int connections() {
    return accepted.get();
  }

  /** How many connections were closed so far. */
  int closed() {
    return ended.get();
  }

  /** Refuses new connections. */
  void stopListening() throws IOException {
    server.close();
    awaitEnd(acceptor); // only then connects are refused
  }

  /** Closes all connections and refuses new ones. */
  void kill() throws IOException {
    close();
    placeholder = new Socket();
    placeholder.setReuseAddress(true);
    placeholder.bind(local(port));
  }

  /** Accepts connections again. */
  void revive() throws IOException {
    placeholder.close();
    server = listen(port);
  }

  @Override
  public void close() throws IOException {
    placeholder.close();
    server.close();
    awaitEnd(acceptor); // only then the port is free
    for (Socket socket : open) {
      socket.close();
    }
  }

  private ServerSocket listen(int at) throws IOException {
    ServerSocket listening = new ServerSocket();
    listening.setReuseAddress(true);
    listening.bind(local(at), BACKLOG);
    acceptor = daemon(() -> accept(listening));
    return listening;
  }

  private void accept(ServerSocket listening) {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        accepted.incrementAndGet();
        open.add(socket);
        daemon(() -> serve(socket));
        if (listening.isClosed()) {
          socket.close();
        }
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      talk.with(socket);
    } catch (IOException | InterruptedException gone) {
      // the peer went away, or this server was killed
    } finally {
      open.remove(socket);
      ended.incrementAndGet();
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "server");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void awaitEnd(Thread thread) throws IOException {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new InterruptedIOException(e.getMessage());
    }
  }

  private InetSocketAddress local(int at) {
    return new InetSocketAddress(host, at);
  }
}
