package dev.limpet.examples.gateway.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes users who have not been seen before. */
final class Newcomers {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final InetAddress HOST = loopback(1);
  private static final int FIRST_ADDRESS = 2;
  private static final int LAST_OCTETS = 255; // the last octet of an address is not 255

  private final Control control;
  private final Deadline deadline = Deadline.in(LIMIT);
  private int count;

  Newcomers(Control control) {
    this(control, 0);
  }

  private Newcomers(Control control, int count) {
    this.control = control;
    this.count = count;
  }

  /** Returns newcomers other than these. */
  Newcomers again() {
    return new Newcomers(control, count);
  }

  /**
   * Returns the kinds of stickiness that can be played on this machine: TCP needs several loopback
   * addresses.
   */
  static List<Stickiness> kinds() {
    boolean addresses = canUse(loopback(FIRST_ADDRESS));
    return Stream.of(Stickiness.values())
        .filter(kind -> addresses || !kind.tcp())
        .toList();
  }

  Crowd arrive(Stickiness kind, int users) {
    return new Crowd(IntStream.range(0, users).mapToObj(i -> user(kind)).toList());
  }

  private User user(Stickiness kind) {
    int number = count++;
    int port = control.port(kind.listener());
    Connection.Opener opener = kind.tcp()
        ? TcpConnection.to(new InetSocketAddress(HOST, port), loopback(FIRST_ADDRESS + number))
        : HttpConnection.to(HOST, port);
    return new User("user" + number, opener, deadline);
  }

  private static InetAddress loopback(int number) {
    try {
      return InetAddress.getByAddress(
          new byte[] {127, 0, (byte) (number / LAST_OCTETS), (byte) (number % LAST_OCTETS)});
    } catch (UnknownHostException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean canUse(InetAddress address) {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(address, 0));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
