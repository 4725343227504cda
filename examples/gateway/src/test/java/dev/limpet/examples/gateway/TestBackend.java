package dev.limpet.examples.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A backend that keeps what it is sent, and answers with its id if it is told nothing else. */
final class TestBackend implements AutoCloseable {
  private final String id;
  private final RawServer server;
  private final List<Message> requests = new CopyOnWriteArrayList<>();

  private TestBackend(String id, RawServer.Talk talk) throws IOException {
    this.id = id;
    this.server = new RawServer(talk);
  }

  private TestBackend(String id, Function<Message, String> answer) throws IOException {
    this.id = id;
    this.server = new RawServer(socket -> serve(socket, answer));
  }

  private void serve(Socket socket, Function<Message, String> answer) throws IOException {
    InputStream in = new BufferedInputStream(socket.getInputStream());
    for (Message request = Message.request(in); request != null; request = Message.request(in)) {
      requests.add(request);
      say(socket, answer.apply(request));
      if ("close".equals(request.field("connection"))) {
        return;
      }
    }
  }

  /** An HTTPS backend that answers each request with its id. */
  static TestBackend https(String id, SSLContext tls) throws IOException {
    return tls(id, tls, socket -> {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (Message.request(in) != null) {
        say(socket, ok(id));
      }
    });
  }

  /** A backend of TLS that talks as it likes. */
  static TestBackend tls(String id, SSLContext tls, RawServer.Talk talk) throws IOException {
    return raw(id, socket -> {
      SSLSocket secured = (SSLSocket) tls.getSocketFactory()
          .createSocket(socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
      secured.setUseClientMode(false);
      try (secured) {
        talk.with(secured);
      }
    });
  }

  /** An HTTP backend that answers each request with its id. */
  static TestBackend http(String id) throws IOException {
    return http(id, request -> ok(id));
  }

  /** An HTTP backend that begins a session, in the cookie SID, unless the request is of one. */
  static TestBackend login(String id) throws IOException {
    return http(
        id,
        request -> request.fields("cookie").stream().anyMatch(cookies -> cookies.contains("SID="))
            ? ok(id)
            : ok(id, "Set-Cookie: SID=" + id + '-' + System.nanoTime() + "\r\n"));
  }

  /** An HTTP backend that answers with text as it goes on the wire. */
  static TestBackend http(String id, Function<Message, String> answer) throws IOException {
    return new TestBackend(id, answer);
  }

  /** A backend that talks as it likes. */
  static TestBackend raw(String id, RawServer.Talk talk) throws IOException {
    return new TestBackend(id, talk);
  }

  /** A backend that refuses all connections. */
  static TestBackend refusing(String id) throws IOException {
    TestBackend backend = http(id);
    backend.kill();
    return backend;
  }

  /** A response with more fields, each with its line end. */
  static String ok(String body, String... fields) {
    return "HTTP/1.1 200 OK\r\n" + String.join("", fields) + "Content-Length: " + body.length()
        + "\r\n\r\n" + body;
  }

  static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
  }

  String id() {
    return id;
  }

  int port() {
    return server.port();
  }

  /** What it was sent so far. */
  List<Message> requests() {
    return requests;
  }

  /** The latest request. */
  Message last() {
    return requests.get(requests.size() - 1);
  }

  int connections() {
    return server.connections();
  }

  int closed() {
    return server.closed();
  }

  void stopListening() throws IOException {
    server.stopListening();
  }

  void kill() throws IOException {
    server.kill();
  }

  void revive() throws IOException {
    server.revive();
  }

  /** The backend as an entry of a pool in the configuration. */
  String entry() {
    return "{" + settings() + "}";
  }

  String entry(String more) {
    return "{" + settings() + ", " + more + "}";
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private String settings() {
    return "id: " + id + ", address: \"127.0.0.1:" + server.port() + '"';
  }
}
