package dev.limpet.spring.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpAccessContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.SslInfo;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** The access keeps its promises with the messages of a real server. */
class WebFluxAccessTest extends HttpAccessContract<ServerHttpRequest, ServerHttpResponse> {
  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private final List<Socket> clients = new ArrayList<>();
  private DisposableServer server;

  private record Received(ServerHttpRequest request, ServerHttpResponse response) {}

  @BeforeEach
  void start() {
    HttpHandler handler = (request, response) -> {
      received.add(new Received(request, response));
      return Mono.never();
    };
    server = HttpServer.create()
        .host("127.0.0.1")
        .handle(new ReactorHttpHandlerAdapter(handler))
        .bindNow();
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
    server.disposeNow();
  }

  @Override
  protected HttpAccess<ServerHttpRequest, ServerHttpResponse> access() {
    return new WebFluxAccess();
  }

  @Override
  protected ServerHttpRequest newRequest(List<Field> fields) throws Exception {
    return exchange("GET /", fields).request();
  }

  @Override
  protected ServerHttpResponse newResponse(int status, List<Field> fields) throws Exception {
    ServerHttpResponse response = exchange("GET /", List.of()).response();
    response.setStatusCode(HttpStatusCode.valueOf(status));
    fields.forEach(field -> response.getHeaders().add(field.name(), field.value()));
    return response;
  }

  @Override
  protected ServerHttpResponse newResponseWithoutStatus() throws Exception {
    return exchange("GET /", List.of()).response();
  }

  @Override
  protected ServerHttpRequest newRequestTo(String target) throws Exception {
    return exchange("GET " + target, List.of()).request();
  }

  @Override
  protected ServerHttpRequest newRequestOverTls(boolean overTls) throws Exception {
    ServerHttpRequest request = newRequest(List.of());
    return overTls ? request.mutate().sslInfo(SslInfo.from("session")).build() : request;
  }

  @Test
  void targetAndMethod_areAsReceived() throws Exception {
    ServerHttpRequest request =
        exchange("DELETE /a%20b;cart=7?id=%41&x", List.of()).request();

    assertThat(access().target(request)).isEqualTo("/a%20b;cart=7?id=%41&x");
    assertThat(access().method(request)).isEqualTo("DELETE");
    assertThat(access().isSecure(request)).isFalse();
  }

  @Test
  void receivedRequest_staysAsItWas() throws Exception {
    ServerHttpRequest request =
        new ReceivedRequest(newRequest(List.of(new Field("Cookie", "a=1"))));

    request.mutate().headers(headers -> headers.remove("Cookie")).build();

    assertThat(access().requestFields(request, "cookie")).containsExactly("a=1");
  }

  private Received exchange(String line, List<Field> fields) throws Exception {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port());
    clients.add(client);
    StringBuilder text = new StringBuilder(line).append(" HTTP/1.1\r\nHost: site\r\n");
    fields.forEach(
        field -> text.append(field.name()).append(": ").append(field.value()).append("\r\n"));
    client
        .getOutputStream()
        .write(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    return received.poll(10, TimeUnit.SECONDS);
  }
}
