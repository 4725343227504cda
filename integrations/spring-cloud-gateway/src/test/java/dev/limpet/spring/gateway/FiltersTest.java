package dev.limpet.spring.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Member.State;
import dev.limpet.core.Outcome;
import dev.limpet.core.RouterStats;
import dev.limpet.testkit.Echo;
import dev.limpet.testkit.RawClient;
import dev.limpet.testkit.RawMessage;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Filters of routes change and repeat requests, and do not end sessions by that. */
@Tag("slow")
class FiltersTest extends GatewayScene {

  @Configuration(proxyBeanMethods = false)
  static class Tenants {
    @Bean
    AffinityFactory<ServerHttpRequest, ServerHttpResponse> tenants() {
      return (pool, access) -> TestAffinities.byTenant(access);
    }
  }

  /** Removes the cookies of each request, before other global filters. */
  @Configuration(proxyBeanMethods = false)
  static class Forgetful {
    @Bean
    GlobalFilter forgetful() {
      return new RemovesCookies();
    }
  }

  private static final class RemovesCookies implements GlobalFilter, Ordered {
    @Override
    public int getOrder() {
      return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
      return chain.filter(exchange
          .mutate()
          .request(request -> request.headers(headers -> headers.remove("Cookie")))
          .build());
    }
  }

  /** Throws when a response has come, before it is written. */
  @Configuration(proxyBeanMethods = false)
  static class Throwing {
    @Bean
    GlobalFilter throwing() {
      return new Throws();
    }
  }

  private static final class Throws implements GlobalFilter, Ordered {
    @Override
    public int getOrder() {
      return LimpetGatewayFilterFactory.ORDER + 100;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
      if (exchange.getRequest().getHeaders().containsHeader("Throw-Now")) {
        throw new ResponseStatusException(HttpStatus.CONFLICT);
      }
      return chain
          .filter(exchange)
          .then(Mono.error(new ResponseStatusException(HttpStatus.CONFLICT)));
    }
  }

  @Test
  void removedCookies_neitherEndSessionsNorReachTheBackend() throws Exception {
    start(TestGateway.listed(backends()).filters("Limpet", "RemoveRequestHeader=Cookie"));
    RawClient client = newClient();
    String home = ask(client);
    client.withCookie("theme", "dark");

    assertStays(client, home);

    RawMessage received = Echo.of(client.get()).request();
    assertThat(received.fields("Cookie")).isEmpty();
  }

  @Test
  void cookiesThatAGlobalFilterRemoves_keepSessions() throws Exception {
    start(TestGateway.listed(backends()).source(Forgetful.class));
    RawClient client = newClient();

    assertStays(client, ask(client));
  }

  @Test
  void cookieThatAFilterAdds_reachesTheBackend() throws Exception {
    start(TestGateway.listed(backends()).filters("SetRequestHeader=Cookie, added=1"));
    RawClient client = newClient();
    String home = ask(client);

    assertThat(Echo.of(client.get()).request().fields("Cookie")).containsExactly("added=1");
    assertStays(client, home);
  }

  @Test
  void removedSetCookie_isOnlyThatOfTheBackend() throws Exception {
    start(TestGateway.listed(backends()).filters("RemoveResponseHeader=Set-Cookie"));
    RawClient client = newClient();

    RawMessage answer = client.get("Kit-Set-Cookie: theme=dark");

    assertThat(answer.fields("Set-Cookie")).singleElement().asString().startsWith("limpet-story=");
    assertStays(client, Echo.of(answer).backend());
  }

  @Test
  void fieldOfAnAffinityOfTheApplication_isReadAgainAfterAFailedConnect() throws Exception {
    start(TestGateway.listed(backends())
        .source(Tenants.class)
        .filters("RemoveRequestHeader=Tenant", "Limpet"));
    RawClient client = newClient();
    String home = ask(client, "Tenant: 7");
    assertStays(client, home, "Tenant: 7");
    backend(home).kill();

    String moved = ask(client, "Tenant: 7");

    backend(home).revive();
    assertStays(client, moved, "Tenant: 7");
    assertThat(moved).isNotEqualTo(home);
    assertThat(Echo.of(client.get("Tenant: 7")).request().fields("Tenant")).isEmpty();
  }

  @Test
  void retriedRequest_isOneRequestOfOneSession() throws Exception {
    try (StatusServer b1 = StatusServer.start("b1");
        StatusServer b2 = StatusServer.start("b2")) {
      start(TestGateway.listed(StatusServer.backends(b1, b2))
          .filters("Retry=2,SERVICE_UNAVAILABLE,GET", "Limpet"));
      RawClient client = newClient();
      b1.failNext(2);
      b2.failNext(2);

      RawMessage answer = client.get();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.fields("Set-Cookie")).hasSize(1);
      assertThat(answer.fields("Server-Id")).hasSize(1);
      RouterStats stats = stats();
      assertThat(stats.requests()).isOne();
      assertThat(stats.count(Outcome.NEW)).isOne();
      assertThat(b1.requests() * b2.requests()).as("requests of one of them").isZero();
      assertThat(b1.requests() + b2.requests()).isEqualTo(3);
      awaitOpenRoutes(0);
      assertThat(client.get().field("Server-Id")).isEqualTo(answer.field("Server-Id"));
    }
  }

  @Test
  void retriesThatEndInAnError_setTheCookieOnce() throws Exception {
    try (StatusServer b1 = StatusServer.start("b1")) {
      start(
          TestGateway.listed(StatusServer.backends(b1)).filters("Retry=2,SERVICE_UNAVAILABLE,GET"));
      b1.failNext(10);

      RawMessage answer = newClient().get();

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.fields("Set-Cookie")).hasSize(1);
      assertThat(b1.requests()).isEqualTo(3);
      awaitOpenRoutes(0);
    }
  }

  @Test
  void retryAfterABrokenConnection_goesToTheSameBackend() throws Exception {
    try (StatusServer b1 = StatusServer.start("b1");
        StatusServer b2 = StatusServer.start("b2")) {
      start(TestGateway.listed(StatusServer.backends(b1, b2))
          .filters("Retry=2,SERVICE_UNAVAILABLE,GET"));
      b1.breakNext(1);
      b2.breakNext(1);

      RawMessage answer = newClient().get();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(stats().requests()).isOne();
      assertThat(b1.requests() * b2.requests()).isZero();
    }
  }

  @Test
  void filterThatThrowsBeforeTheRequestIsSent_leavesNoRouteAndReportsNothing() throws Exception {
    start(TestGateway.listed(backends()).source(Throwing.class));

    assertThat(newClient().get("Throw-Now: yes").status()).isEqualTo(409);

    awaitOpenRoutes(0);
    assertThat(stats().reroutes()).isZero();
  }

  @Test
  void filterThatThrowsAfterTheResponse_leavesNoRoute() throws Exception {
    start(TestGateway.listed(backends()).source(Throwing.class));

    assertThat(newClient().get().status()).isEqualTo(409);

    awaitOpenRoutes(0);
  }

  private RouterStats stats() {
    return Objects.requireNonNull(
            gateway().context().getBean(LimpetPools.class).router(TestGateway.POOL))
        .stats();
  }

  @Test
  void fallbackOfACircuitBreaker_isNoAnswerOfTheBackend() throws Exception {
    try (StatusServer b1 = StatusServer.start("b1");
        StatusServer b2 = StatusServer.start("b2");
        StatusServer other = StatusServer.start("other")) {
      String route = "spring.cloud.gateway.server.webflux.routes[1].";
      start(TestGateway.listed(StatusServer.backends(b1, b2))
          .source(CircuitBreaker.class)
          .with("spring.cloud.gateway.server.webflux.routes[0].order", 1)
          .with(route + "id", "fallback")
          .with(route + "uri", "http://" + other.backend().authority())
          .with(route + "predicates[0]", "Path=/fallback"));
      RawClient client = newClient();
      String home = client.get().field("Server-Id");
      (home.equals("b1") ? b1 : b2).breakNext(3);

      for (int i = 0; i < 3; i++) {
        RawMessage answer = newClientWith(client.cookies()).get();
        assertThat(answer.field("Server-Id")).isEqualTo("other");
        assertThat(answer.fields("Set-Cookie")).isEmpty();
      }

      assertThat(gateway().pool().snapshot().member(home).state()).isEqualTo(State.EJECTED);
    }
  }

  private RawClient newClientWith(Map<String, String> cookies) {
    RawClient client = newClient();
    cookies.forEach(client::withCookie);
    return client;
  }

  /** Answers failed requests from another route, as Spring's filter does. */
  @Configuration(proxyBeanMethods = false)
  static class CircuitBreaker {
    @Bean
    GlobalFilter fallback(ObjectProvider<DispatcherHandler> dispatcher) {
      return new Fallback(dispatcher);
    }
  }

  private record Fallback(ObjectProvider<DispatcherHandler> dispatcher)
      implements GlobalFilter, Ordered {
    @Override
    public int getOrder() {
      return 5;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
      return chain.filter(exchange).onErrorResume(broken -> {
        ServerWebExchangeUtils.removeAlreadyRouted(exchange);
        ServerWebExchangeUtils.reset(exchange);
        exchange
            .getAttributes()
            .remove(ServerWebExchangeUtils.GATEWAY_PREDICATE_PATH_CONTAINER_ATTR);
        return dispatcher
            .getObject()
            .handle(exchange
                .mutate()
                .request(exchange.getRequest().mutate().path("/fallback").build())
                .build());
      });
    }
  }
}
