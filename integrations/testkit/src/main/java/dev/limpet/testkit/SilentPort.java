package dev.limpet.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A port that answers no SYN, so that a connect to it waits. */
final class SilentPort implements Closeable {
  /*
   * A listening socket accepts nothing, and its queue of connections is filled. Linux then drops
   * each SYN that comes. Other systems may answer it.
   */
  private static final int BACKLOG = 1;
  private static final int MOST_QUEUED = 8;
  private static final int CONNECT_MILLIS = 100;

  private final ServerSocket full = new ServerSocket();
  private final List<Socket> queued = new ArrayList<>();
  private final boolean isSilent;

  /** Makes a port silent, as far as the system can. */
  SilentPort(InetSocketAddress address) throws IOException {
    full.setReuseAddress(true);
    full.bind(address, BACKLOG);
    isSilent = fill(address);
  }

  /** Returns whether the system drops SYNs to this port. */
  boolean isSilent() {
    return isSilent;
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : queued) {
      socket.close();
    }
    full.close();
  }

  private boolean fill(InetSocketAddress address) throws IOException {
    try {
      for (int i = 0; i < MOST_QUEUED; i++) {
        Socket socket = new Socket();
        queued.add(socket);
        socket.connect(address, CONNECT_MILLIS);
      }
      return false;
    } catch (SocketTimeoutException silent) {
      return true;
    }
  }
}
