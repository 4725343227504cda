package dev.limpet.examples.gateway.browser;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** A client of an address of its own. */
record Visitor(int port, String address) {
  private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

  /** The n-th of up to 250 visitors. */
  static Visitor of(int port, int n) {
    return new Visitor(port, "127.0.88." + n);
  }

  /** Sends a request and returns the page. */
  String visit() throws IOException {
    InetAddress server = InetAddress.getLoopbackAddress();
    try (Socket socket = new Socket(server, port, InetAddress.getByName(address), 0)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(REQUEST.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }
}
