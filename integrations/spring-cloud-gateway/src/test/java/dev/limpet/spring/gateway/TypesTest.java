package dev.limpet.spring.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.testkit.Echo;
import dev.limpet.testkit.RawClient;
import dev.limpet.testkit.RawMessage;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

/** Sessions of each type, through a gateway. */
@Tag("slow")
class TypesTest extends GatewayScene {

  @Test
  void sourceIp_isThatOfTheConnection() throws Exception {
    start(TestGateway.listed(backends()).pool("sticky-session.type", "source-ip"));
    String home = ask(newClient());

    for (int i = 0; i < 6; i++) {
      assertThat(ask(newClient(), "X-Forwarded-For: 203.0.113." + i)).isEqualTo(home);
    }
  }

  @Test
  void sourceIp_isThatWhichATrustedProxySays() throws Exception {
    start(TestGateway.listed(backends())
        .pool("sticky-session.type", "source-ip")
        .with("limpet.trusted-proxies", "127.0.0.0/8"));
    RawClient client = newClient();
    String home = ask(client, "X-Forwarded-For: 203.0.113.1");

    assertThat(ask(client, "X-Forwarded-For: 203.0.113.2")).isNotEqualTo(home);
    assertStays(client, home, "X-Forwarded-For: 203.0.113.1");
  }

  @Test
  void headerThatClientsSend_isAKey() throws Exception {
    start(TestGateway.listed(backends())
        .pool("sticky-session.type", "header")
        .pool("sticky-session.header", "Tenant")
        .pool("sticky-session.form", "sent"));
    String home = ask(newClient(), "Tenant: 7");

    assertStays(newClient(), home, "Tenant: 7");
    assertThat(Echo.of(newClient().get("Tenant: 7")).request().fields("Tenant"))
        .containsExactly("7");
  }

  @Test
  void issuedHeader_isKeptFromTheBackend() throws Exception {
    start(TestGateway.listed(backends())
        .pool("sticky-session.type", "header")
        .pool("sticky-session.header", "Sticky")
        .pool("sticky-session.form", "issued"));
    RawClient client = newClient();
    RawMessage first = client.get();
    String token = "Sticky: " + first.field("Sticky");

    assertStays(client, Echo.of(first).backend(), token);
    assertThat(Echo.of(client.get(token)).request().fields("Sticky")).isEmpty();
  }

  @Test
  void mcpSession_isSealedAndEndsWithItsBackend() throws Exception {
    DisposableServer mcp = HttpServer.create()
        .host("127.0.0.1")
        .handle((request, response) -> response
            .header("Mcp-Session-Id", "1A")
            .sendString(Mono.just(String.valueOf(request.requestHeaders().get("Mcp-Session-Id")))))
        .bindNow();
    try {
      assertMcp(mcp.port());
    } finally {
      mcp.disposeNow(); // before the gateway, whose event loops it uses
    }
  }

  private void assertMcp(int port) throws Exception {
    start(TestGateway.listed(List.of(Backend.of("m1", "127.0.0.1", port)))
        .pool("sticky-session.type", "mcp"));
    RawClient client = newClient();
    String sealed = client.get().field("Mcp-Session-Id");
    assertThat(sealed).isNotEqualTo("1A");
    String id = "Mcp-Session-Id: " + sealed;
    assertThat(client.get(id).text()).isEqualTo("1A");

    gateway().pool().change(edit -> edit.down("m1"));

    RawMessage unavailable = client.get(id);
    assertThat(unavailable.status()).isEqualTo(503);
    assertThat(unavailable.field("Retry-After")).isEqualTo("1");
    assertThat(unavailable.text()).contains("-32000");
    gateway().pool().change(edit -> edit.remove("m1").add(backends().get(0)));
    RawMessage over = client.get(id);
    assertThat(over.status()).isEqualTo(404);
    assertThat(over.field("Content-Type")).isEqualTo("application/json");
    assertThat(over.text())
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32001,"
            + "\"message\":\"Session terminated\"},\"id\":null}");
  }

  @Test
  void routeSuffix_isReadAndAppended() throws Exception {
    start(TestGateway.listed(backends())
        .pool("sticky-session.type", "route-suffix")
        .pool("sticky-session.append-route", true));
    RawClient client = newClient();
    String home = ask(client, "Kit-Set-Cookie: JSESSIONID=1A; Path=/");

    assertThat(client.cookies()).containsEntry("JSESSIONID", "1A." + home);
    assertStays(client, home);
    assertStays(newClient().withCookie("JSESSIONID", "2B.b2"), "b2");
  }

  @Test
  void prefixCookie_isThatOfTheApplication() throws Exception {
    start(TestGateway.listed(backends())
        .pool("sticky-session.type", "prefix-cookie")
        .pool("sticky-session.cookie-name", "SID"));
    RawClient client = newClient();
    String home = ask(client, "Kit-Set-Cookie: SID=1A; Path=/");

    assertThat(client.cookies().get("SID")).endsWith("1A").isNotEqualTo("1A");
    assertStays(client, home);
    assertThat(Echo.of(client.get()).request().fields("Cookie")).containsExactly("SID=1A");
  }

  @Test
  void queryAndPath_areReadAsReceived() throws Exception {
    start(TestGateway.listed(backends())
        .pool("sticky-session.type", "path")
        .pool("sticky-session.parameter", "cart")
        .filters("SetPath=/", "Limpet"));
    String home = get("/shop;cart=7");

    for (int i = 0; i < 4; i++) {
      assertThat(get("/shop;cart=7?page=" + i)).isEqualTo(home);
    }
    Pool pool = gateway().pool();
    assertThat(Objects.requireNonNull(
                gateway().context().getBean(LimpetPools.class).router(pool.name()))
            .stats()
            .count(Outcome.KEPT))
        .isEqualTo(4);
  }

  /** Asks for a target, and returns the id of the backend that answered. */
  private String get(String target) {
    return HttpClient.create()
        .get()
        .uri("http://127.0.0.1:" + gateway().port() + target)
        .responseSingle((response, body) ->
            body.then(Mono.just(String.valueOf(response.responseHeaders().get("Kit-Backend")))))
        .block(PATIENCE);
  }
}
