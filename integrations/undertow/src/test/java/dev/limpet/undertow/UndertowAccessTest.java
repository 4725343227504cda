package dev.limpet.undertow;

import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpAccessContract;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.ProxyPeerAddressHandler;
import io.undertow.util.HttpString;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The access keeps its promises for exchanges that came over a socket. */
class UndertowAccessTest extends HttpAccessContract<HttpServerExchange, HttpServerExchange> {
  private final LinkedBlockingQueue<HttpServerExchange> received = new LinkedBlockingQueue<>();
  private TestProxy server;

  @BeforeEach
  void start() {
    server = TestProxy.start(
        new ProxyPeerAddressHandler(exchange -> exchange.dispatch(() -> received.add(exchange))));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Override
  protected HttpAccess<HttpServerExchange, HttpServerExchange> access() {
    return UndertowAccess.INSTANCE;
  }

  @Override
  protected HttpServerExchange newRequest(List<Field> fields) throws Exception {
    HttpServerExchange exchange = received("/", List.of());
    fields.forEach(
        field -> // not over the socket, where Undertow joins the lines of Cookie
        exchange.getRequestHeaders().add(new HttpString(field.name()), field.value()));
    return exchange;
  }

  @Override
  protected HttpServerExchange newRequestTo(String target) throws Exception {
    return received(target, List.of());
  }

  @Override
  protected HttpServerExchange newRequestOverTls(boolean overTls) throws Exception {
    return received(
        "/",
        List.of(
            new Field("X-Forwarded-Proto", overTls ? "https" : "http"),
            new Field("X-Forwarded-For", "192.0.2.1")));
  }

  @Override
  protected HttpServerExchange newResponse(int status, List<Field> fields) throws Exception {
    HttpServerExchange exchange = newResponseWithoutStatus().setStatusCode(status);
    fields.forEach(
        field -> exchange.getResponseHeaders().add(new HttpString(field.name()), field.value()));
    return exchange;
  }

  @Override
  protected HttpServerExchange newResponseWithoutStatus() throws Exception {
    return received("/", List.of());
  }

  /** Returns a request as a handler gets it. */
  private HttpServerExchange received(String target, List<Field> fields) throws Exception {
    StringBuilder head = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: site\r\n");
    fields.forEach(field -> head.append(field.name() + ": " + field.value() + "\r\n"));
    try (Socket own = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      own.getOutputStream().write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      HttpServerExchange exchange = received.poll(10, TimeUnit.SECONDS);
      if (exchange == null) {
        throw new AssertionError("request: absent (expected: received)");
      }
      return exchange;
    }
  }
}
