package dev.limpet.examples.fleet;

import dev.limpet.examples.gateway.demo.HttpConnection;
import dev.limpet.examples.gateway.demo.TcpConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.util.concurrent.ExecutorService;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Makes users who have not been seen before. For one thread at a time. */
final class Newcomers {
  private static final int FIRST_NET = 1;
  private static final int PER_NET = 250;

  private final ExecutorService threads;
  private final HttpClient client = HttpConnection.client();
  private final InetAddress host = loopback(0, 1);
  private int count;

  /**
   * Starts without users.
   *
   * @throws IOException if this machine has only one loopback address
   */
  Newcomers(ExecutorService threads) throws IOException {
    this.threads = threads;
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(loopback(FIRST_NET, 1), 0));
    } catch (IOException e) {
      throw new IOException("source addresses: this machine has no address 127.0.1.1", e);
    }
  }

  /** Returns users whose sessions are identified by their own address. */
  Crowd bySourceIp(int users) {
    return crowd(users, number -> {
      InetAddress source = loopback(FIRST_NET + number / PER_NET, 1 + number % PER_NET);
      return gateway -> TcpConnection.to(
              new InetSocketAddress(host, gateway.port(Fleet.TCP)), source)
          .open();
    });
  }

  /** Returns users whose sessions are identified by the cookie that they get when they log in. */
  Crowd byAppCookie(int users) {
    return crowd(users, number -> {
      CookieManager cookies = new CookieManager();
      return gateway -> HttpConnection.of(client, cookies, host, gateway.port(Fleet.APP));
    });
  }

  private Crowd crowd(int users, IntFunction<Visitor.Way> way) {
    int first = count;
    count += users;
    return new Crowd(
        IntStream.range(first, count)
            .mapToObj(number -> new Visitor("user" + number, way.apply(number)))
            .toList(),
        threads);
  }

  private static InetAddress loopback(int net, int number) {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, (byte) net, (byte) number});
    } catch (UnknownHostException e) {
      throw new UncheckedIOException(e);
    }
  }
}
