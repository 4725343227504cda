package dev.limpet.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpAccessContract;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests and responses of a Vert.x server that runs. */
class VertxAccessTest extends HttpAccessContract<HttpServerRequest, HttpServerResponse> {
  private static final BlockingQueue<HttpServerRequest> RECEIVED = new LinkedBlockingQueue<>();

  private static Vertx vertx;
  private static int port;
  private static int tlsPort;

  private final List<Socket> clients = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    vertx = Vertx.vertx();
    port = TestServers.http(vertx, new HttpServerOptions(), RECEIVED::add);
    tlsPort = TestServers.http(vertx, TestTls.serverOptions(), RECEIVED::add);
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
  protected HttpAccess<HttpServerRequest, HttpServerResponse> access() {
    return new VertxAccess();
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
  protected HttpServerResponse newResponse(int status, List<Field> fields) throws Exception {
    HttpServerResponse response = newResponseWithoutStatus().setStatusCode(status);
    fields.forEach(field -> response.headers().add(field.name(), field.value()));
    return response;
  }

  @Override
  protected HttpServerResponse newResponseWithoutStatus() throws Exception {
    return newRequest(List.of()).response();
  }

  @Test
  void method_isAsReceived() throws Exception {
    assertThat(access().method(newRequest(List.of()))).isEqualTo("GET");
  }

  private HttpServerRequest received(String target, List<Field> fields) throws Exception {
    StringBuilder head = new StringBuilder("GET ").append(target).append(" HTTP/1.1\r\n");
    fields.forEach(
        field -> head.append(field.name()).append(": ").append(field.value()).append("\r\n"));
    clients.add(TestServers.send(port, head + "\r\n"));
    return RECEIVED.poll(10, TimeUnit.SECONDS);
  }
}
