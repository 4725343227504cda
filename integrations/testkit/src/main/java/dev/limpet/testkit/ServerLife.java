package dev.limpet.testkit;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A server of raw sockets from its start to its kill, with a thread for each connection. */
final class ServerLife {
  private static final int BACKLOG = 200;

  private final Talk talk;
  private final ServerSocket listening = new ServerSocket();
  private final Map<Socket, Thread> served = new ConcurrentHashMap<>();
  private final Thread acceptor;

  /** What the server does with a connection, which is closed afterwards. */
  interface Talk {
    void with(Socket socket) throws IOException, InterruptedException;
  }

  /**
   * Starts a server.
   *
   * @param at port 0 picks a free one
   */
  ServerLife(InetSocketAddress at, Talk talk) throws IOException {
    this.talk = talk;
    listening.setReuseAddress(true);
    listening.bind(at, BACKLOG);
    acceptor = daemon(this::accept);
    acceptor.start();
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Returns how many connections are open. */
  int connections() {
    return served.size();
  }

  /**
   * Closes all connections and refuses new ones. Nothing of the server runs any more when this
   * returns: each thread that might serve one more request has ended.
   */
  void end() throws IOException {
    listening.close();
    join(acceptor); // no connection is added to the served ones any more
    List<Thread> serving = List.copyOf(served.values());
    for (Map.Entry<Socket, Thread> connection : served.entrySet()) {
      connection.getKey().close();
      connection.getValue().interrupt();
    }
    for (Thread thread : serving) {
      join(thread);
    }
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        Thread thread = daemon(() -> serve(socket));
        served.put(socket, thread);
        thread.start();
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
      served.remove(socket);
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "raw server");
    thread.setDaemon(true);
    return thread;
  }

  private static void join(Thread thread) throws IOException {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new InterruptedIOException(e.getMessage());
    }
  }
}
