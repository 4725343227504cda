package dev.limpet.examples.grpc;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A port before a server. It can hold connections back before they reach it, and break them. */
final class Gate implements Closeable {
  private final int server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final InetSocketAddress address;
  private final ServerSocket listener;
  private final Thread acceptor;
  private boolean isOpen = true;
  private int held;

  Gate(int server) throws IOException {
    this.server = server;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());
    this.acceptor = daemon(this::accept);
  }

  InetSocketAddress address() {
    return address;
  }

  /** Returns how many connections are held back. */
  synchronized int held() {
    return held;
  }

  /** Holds new connections back. */
  synchronized void hold() {
    isOpen = false;
  }

  /** Lets connections pass, also those that are held back. */
  synchronized void open() {
    isOpen = true;
    notifyAll();
  }

  /** Closes all connections; new ones are accepted. */
  void breakConnections() throws IOException {
    for (Socket socket : sockets) {
      socket.close(); // again, where it was closed before
    }
  }

  /** Closes all connections and refuses new ones. */
  @Override
  public void close() throws IOException {
    listener.close();
    try {
      acceptor.join(); // until then, it may accept one more
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
    breakConnections();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        sockets.add(client);
        daemon(() -> serve(client));
      }
    } catch (IOException closed) {
      // that is how it ends
    }
  }

  private void serve(Socket client) {
    try (client) {
      pass();
      try (Socket to = new Socket(InetAddress.getLoopbackAddress(), server)) {
        sockets.add(to);
        daemon(() -> copy(to, client));
        copy(client, to);
      }
    } catch (IOException | InterruptedException broken) {
      // one of the two left
    }
  }

  private synchronized void pass() throws InterruptedException {
    held++;
    while (!isOpen) {
      wait();
    }
    held--;
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException broken) {
      // both are closed
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "gate");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
