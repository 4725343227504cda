package dev.limpet.vertx;

import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpAccessContract;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.httpproxy.ProxyRequest;
import io.vertx.httpproxy.ProxyResponse;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Requests of a Vert.x server that runs, and the responses of HttpProxy to them. */
class OriginAccessTest extends HttpAccessContract<HttpServerRequest, ProxyResponse> {
  private static final BlockingQueue<HttpServerRequest> RECEIVED = new LinkedBlockingQueue<>();

  private static Vertx vertx;
  private static int port;
  private static int tlsPort;

  private final List<Socket> clients = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    vertx = Vertx.vertx();
    port = TestServers.http(vertx, new HttpServerOptions(), OriginAccessTest::receive);
    tlsPort = TestServers.http(vertx, TestTls.serverOptions(), OriginAccessTest::receive);
  }

  private static void receive(HttpServerRequest request) {
    request.pause();
    RECEIVED.add(request);
  }

  @AfterAll
  static void stop() throws Exception {
    TestServers.await(vertx.close());
  }

  @AfterEach
  void closeClients() throws Exception {
    for (Socket client : clients) {
      client.close();
    }
  }

  @Override
  protected HttpAccess<HttpServerRequest, ProxyResponse> access() {
    return StickyOrigin.access();
  }

  @Override
  protected HttpServerRequest newRequest(List<Field> fields) throws Exception {
    return received("/", fields);
  }

  @Override
  protected HttpServerRequest newRequestOverTls(boolean overTls) throws Exception {
    if (!overTls) {
      return newRequest(List.of());
    }
    clients.add(TestTls.send(tlsPort, "GET / HTTP/1.1\r\n\r\n"));
    return RECEIVED.poll(10, TimeUnit.SECONDS);
  }

  @Override
  protected HttpServerRequest newRequestTo(String target) throws Exception {
    return received(target, List.of());
  }

  @Override
  protected ProxyResponse newResponse(int status, List<Field> fields) throws Exception {
    ProxyResponse response = newResponseWithoutStatus().setStatusCode(status);
    fields.forEach(field -> response.headers().add(field.name(), field.value()));
    return response;
  }

  @Override
  protected ProxyResponse newResponseWithoutStatus() throws Exception {
    return ProxyRequest.reverseProxy(newRequest(List.of())).response();
  }

  private HttpServerRequest received(String target, List<Field> fields) throws Exception {
    StringBuilder head = new StringBuilder("GET ").append(target).append(" HTTP/1.1\r\n");
    fields.forEach(
        field -> head.append(field.name()).append(": ").append(field.value()).append("\r\n"));
    clients.add(TestServers.send(port, head + "\r\n"));
    return RECEIVED.poll(10, TimeUnit.SECONDS);
  }
}
