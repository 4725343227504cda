package dev.limpet.examples.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** Responses that stay open: web sockets, server-sent events and slow downloads. */
final class Streams {
  /** A way to keep a connection to a backend open. */
  enum Kind {
    WEB_SOCKET("/ws"),
    EVENTS("/events"),
    DOWNLOAD("/download");

    private final String path;

    Kind(String path) {
      this.path = path;
    }
  }

  private static final int DOWNLOAD_BYTES = 20_000_000;

  private Streams() {}

  /**
   * A backend that opens a stream by its path, which begins with its id. It begins a session, in
   * the cookie SID, unless the request is of one.
   */
  static TestBackend backend(String id) throws IOException {
    return TestBackend.raw(id, socket -> {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (Message request = Message.request(in); request != null; request = Message.request(in)) {
        answer(socket, in, id, request);
        if ("close".equals(request.field("connection"))) {
          return;
        }
      }
    });
  }

  private static void answer(Socket socket, InputStream in, String id, Message request)
      throws IOException {
    String path = request.startLine().split(" ", 3)[1];
    if (path.equals(Kind.WEB_SOCKET.path)) {
      TestBackend.say(socket, WebSocketTest.SWITCHING + id);
      in.transferTo(OutputStream.nullOutputStream());
    } else if (path.equals(Kind.EVENTS.path)) {
      TestBackend.say(
          socket,
          "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n2\r\n" + id + "\r\n");
      in.transferTo(OutputStream.nullOutputStream());
    } else if (path.equals(Kind.DOWNLOAD.path)) {
      TestBackend.say(
          socket, "HTTP/1.1 200 OK\r\nContent-Length: " + DOWNLOAD_BYTES + "\r\n\r\n" + id);
      socket.getOutputStream().write(new byte[DOWNLOAD_BYTES - id.length()]);
    } else if (request.fields("cookie").stream().anyMatch(cookies -> cookies.contains("SID="))) {
      TestBackend.say(socket, TestBackend.ok(id));
    } else {
      String set = "Set-Cookie: SID=" + id + '-' + System.nanoTime() + "\r\n";
      TestBackend.say(socket, TestBackend.ok(id, set));
    }
  }

  /** Opens a stream of a client's session, which a backend has. */
  static Socket open(Kind kind, Client client, String backend) throws IOException {
    Socket socket = client.connect();
    String request = (kind == Kind.WEB_SOCKET)
        ? WebSocketTest.upgradeRequest(client)
        : "GET " + kind.path + " HTTP/1.1\r\nHost: a\r\n" + client.cookieField() + "\r\n";
    TestBackend.say(socket, request);
    InputStream in = socket.getInputStream();
    assertThat(Message.head(in)).startsWith("HTTP/1.1 " + (kind == Kind.WEB_SOCKET ? 101 : 200));
    if (kind == Kind.EVENTS) {
      assertThat(in.readNBytes(3)).isEqualTo(new byte[] {'2', '\r', '\n'});
    }
    assertThat(new String(in.readNBytes(2), US_ASCII)).isEqualTo(backend);
    return socket;
  }
}
