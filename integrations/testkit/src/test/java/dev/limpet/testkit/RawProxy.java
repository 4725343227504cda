package dev.limpet.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A reverse proxy of raw sockets, of which subclasses change one step. */
class RawProxy implements Closeable {
  private static final int CONNECT_MILLIS = 150;
  private static final String UNAVAILABLE = "503 Service Unavailable";
  private static final String BAD_GATEWAY = "502 Bad Gateway";

  private final HttpRouter<RawMessage, ProxiedResponse> router;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final ServerLife server;

  RawProxy(Pool pool, StickySession session) throws IOException {
    this(pool, session, new ProxiedResponse.Access());
  }

  RawProxy(Pool pool, StickySession session, HttpAccess<RawMessage, ProxiedResponse> access)
      throws IOException {
    this.router = HttpRouter.of(pool, affinity(pool, session, access));
    this.server =
        new ServerLife(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::serve);
  }

  int port() {
    return server.port();
  }

  @Override
  public void close() throws IOException {
    for (Socket connection : connections) {
      connection.close();
    }
    server.end();
  }

  HttpRouter<RawMessage, ProxiedResponse> router() {
    return router;
  }

  Route route(RawMessage request) {
    return router.route(request);
  }

  boolean failsOver() {
    return true;
  }

  Map<String, List<String>> fieldsToBackend(RawMessage request) {
    return router.fieldsToBackend(request);
  }

  byte[] bodyToBackend(RawMessage request, Route route) {
    return request.body();
  }

  void onResponse(RawMessage request, Route route, ProxiedResponse response) {
    router.onResponse(request, route, response);
  }

  void closeWithClient(ClientReader client, Socket backend) throws IOException {
    client.closeWithClient(backend);
  }

  void onHandshake(Route route) {
    // its route is held until the WebSocket is closed
  }

  void close(Route route) {
    route.close();
  }

  int connectMillis() {
    return CONNECT_MILLIS;
  }

  String noBackend() {
    return UNAVAILABLE;
  }

  /** Passes on the body of a response of a known length. */
  void relay(InputStream from, OutputStream to, int length) throws IOException {
    byte[] buffer = new byte[8192];
    int left = length;
    while (left > 0) {
      int read = from.read(buffer, 0, Math.min(left, buffer.length));
      if (read < 0) {
        throw new EOFException("body: " + left + " octets less (expected: " + length + ")");
      }
      to.write(buffer, 0, read);
      left -= read;
    }
  }

  private void serve(Socket client) throws IOException, InterruptedException {
    ClientReader reader = new ClientReader(client);
    RawMessage request = reader.next();
    while (request != null && exchange(request, reader, client.getOutputStream())) {
      request = reader.next();
    }
  }

  /** Answers a request, and returns whether the connection can have another. */
  private boolean exchange(RawMessage request, ClientReader client, OutputStream to)
      throws IOException {
    Route route = route(request);
    try {
      Socket connection = connect(route.backend());
      while (route.backend() != null && connection == null && failsOver()) {
        route = router.reroute(request, route);
        connection = connect(route.backend());
      }
      return (connection == null)
          ? answer(to, noBackend())
          : exchange(request, route, connection, client, to);
    } finally {
      close(route);
    }
  }

  private boolean exchange(
      RawMessage request, Route route, Socket connection, ClientReader client, OutputStream to)
      throws IOException {
    connections.add(connection);
    try (connection) {
      closeWithClient(client, connection);
      InputStream from = connection.getInputStream();
      RawMessage head;
      try {
        send(request, route, connection.getOutputStream());
        head = RawMessage.responseHead(from);
      } catch (IOException lost) {
        return answer(to, BAD_GATEWAY);
      }
      ProxiedResponse response = new ProxiedResponse(head);
      onResponse(request, route, response);
      to.write(response.head().getBytes(ISO_8859_1));
      if (head.isWebSocket()) {
        client.openTunnel(connection);
        onHandshake(route);
      }
      return relay(head, from, to);
    }
  }

  private boolean relay(RawMessage head, InputStream from, OutputStream to) throws IOException {
    String length = head.field("Content-Length");
    if (length == null) {
      from.transferTo(to); // a WebSocket, or chunks as they are
      return false;
    }
    relay(from, to, Integer.parseInt(length));
    return true;
  }

  private Socket connect(Backend backend) {
    if (backend == null) {
      return null;
    }
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(backend.host(), backend.port()), connectMillis());
      return socket;
    } catch (IOException unreachable) {
      return null;
    }
  }

  private void send(RawMessage request, Route route, OutputStream out) throws IOException {
    StringBuilder head = new StringBuilder(request.startLine()).append("\r\n");
    Map<String, List<String>> changed = fieldsToBackend(request);
    for (String line : request.head().strip().split("\r\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0 && !changed.containsKey(line.substring(0, colon))) {
        head.append(line).append("\r\n");
      }
    }
    changed.forEach((name, values) ->
        values.forEach(value -> head.append(name).append(": ").append(value).append("\r\n")));
    out.write(head.append("\r\n").toString().getBytes(ISO_8859_1));
    out.write(bodyToBackend(request, route));
  }

  private static boolean answer(OutputStream to, String status) throws IOException {
    to.write(("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n").getBytes(ISO_8859_1));
    return true;
  }

  private static HttpAffinity<RawMessage, ProxiedResponse> affinity(
      Pool pool, StickySession session, HttpAccess<RawMessage, ProxiedResponse> access) {
    return (session.type() == StickySession.Type.LB_COOKIE)
        ? LbCookieAffinity.builder(pool, access).session(session).build()
        : AppCookieAffinity.builder(access).session(session).build();
  }
}
