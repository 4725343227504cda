package dev.limpet.spring.gateway;

import static dev.limpet.spring.gateway.TestRegistry.instance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.FailureKind;
import dev.limpet.core.Member;
import dev.limpet.core.Outcome;
import dev.limpet.core.RouterStats;
import dev.limpet.testkit.Echo;
import dev.limpet.testkit.RawBackend;
import dev.limpet.testkit.RawClient;
import dev.limpet.testkit.RawConnection;
import dev.limpet.testkit.RawMessage;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.gateway.server.mvc.handler.GatewayRouterFunctions;
import org.springframework.cloud.gateway.server.mvc.handler.GatewayServerResponse;
import org.springframework.cloud.gateway.server.mvc.handler.HandlerFunctions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/** What routes of the gateway for WebMVC do with sessions, filters and failures. */
@Tag("slow")
class WebMvcTest extends GatewayScene {
  private static final String ROUTE = "spring.cloud.gateway.server.webmvc.routes[%d].";
  private static final byte[] BODY = new byte[70_000];

  @Configuration(proxyBeanMethods = false)
  static class Tenants {
    @Bean
    AffinityFactory<HttpServletRequest, ServerResponse> tenants() {
      return (pool, access) -> TestAffinities.byTenant(access);
    }
  }

  /** A registry that servlets ask. */
  @Configuration(proxyBeanMethods = false)
  static class Blocking {
    @Bean
    DiscoveryClient blocking(TestRegistry registry) {
      return new DiscoveryClient() {
        @Override
        public String description() {
          return registry.description();
        }

        @Override
        public List<ServiceInstance> getInstances(String service) {
          return registry.getInstances(service).collectList().block();
        }

        @Override
        public List<String> getServices() {
          return registry.getServices().collectList().block();
        }
      };
    }
  }

  /** Routes in Java: one is sticky, and others throw at any step. */
  @Configuration(proxyBeanMethods = false)
  static class InJava {
    @Bean
    RouterFunction<ServerResponse> routes() {
      return GatewayRouterFunctions.route("java")
          .route(
              RequestPredicates.headers(headers -> headers.firstHeader("Java") != null),
              HandlerFunctions.http())
          .filter((request, next) -> {
            ServerResponse response = next.handle(request);
            if (request.headers().header("Throw-After").isEmpty()) {
              ((GatewayServerResponse) response).headers().set("Seen", "yes");
              return response;
            }
            throw new ResponseStatusException(HttpStatus.CONFLICT);
          })
          .filter(LimpetFilterFunctions.limpet(TestGateway.POOL))
          .filter((request, next) -> {
            if (request.headers().header("Throw-Before").isEmpty()) {
              return next.handle(request);
            }
            throw new ResponseStatusException(HttpStatus.CONFLICT);
          })
          .build();
    }
  }

  @Test
  void discoveredSessions_stickMoveAndDrain() throws Exception {
    start(TestGateway.discovered(backends()).onServlets());
    RawClient client = newClient();
    String home = ask(client);
    assertStays(client, home);
    assertThat(Echo.of(client.get()).request().fields("Cookie")).isEmpty();
    backend(home).kill();

    RawMessage moved = client.post(BODY);

    String next = Echo.of(moved).backend();
    assertThat(next).isNotEqualTo(home);
    assertThat(Echo.of(moved).bodyDigest()).isEqualTo(Echo.digest(BODY));
    assertThat(moved.fields("Set-Cookie")).hasSize(1);
    backend(home).revive();
    assertStays(client, next);
    gateway().pool().change(edit -> edit.drain(next));
    assertStays(client, next);
    for (int i = 0; i < 4; i++) {
      assertThat(ask(newClient())).isEqualTo(home);
    }
  }

  @Test
  void pool_followsTheInstances() throws Exception {
    TestRegistry registry = start(TestGateway.discovered(List.of())
            .with("spring.cloud.loadbalancer.cache.enabled", false)
            .source(TestRegistry.Config.class)
            .source(Blocking.class)
            .onServlets())
        .context()
        .getBean(TestRegistry.class);
    registry.set(TestGateway.POOL, instance("i1", backend("b1").port(), Map.of()));
    RawClient client = newClient();
    assertThat(ask(client)).isEqualTo("b1");

    registry.set(TestGateway.POOL, instance("i2", backend("b2").port(), Map.of()));
    assertStays(client, "b2");

    registry.set(TestGateway.POOL);
    assertThat(client.get().status()).isEqualTo(503);
  }

  @Test
  void namedPool_hasItsOwnSettings() throws Exception {
    start(TestGateway.discovered(backends())
        .filters("Limpet=own")
        .with("limpet.pools.own.sticky-session.cookie-name", "stay")
        .onServlets());
    RawClient client = newClient();

    assertStays(client, ask(client));

    assertThat(client.cookies().keySet()).containsExactly("stay");
    assertThat(gateway().context().getBean(LimpetPools.class).names()).containsExactly("own");
  }

  @Test
  void routeWithoutTheFilter_isSpringsOwn() throws Exception {
    start(TestGateway.discovered(backends()).filters("PreserveHostHeader").onServlets());

    RawMessage answer = newClient().get();

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.fields("Set-Cookie")).isEmpty();
    assertThat(gateway().context().getBean(LimpetPools.class).names()).isEmpty();
  }

  @Test
  void routeToAHost_isRefused() throws Exception {
    start(TestGateway.discovered(backends())
        .onServlets()
        .with(ROUTE.formatted(0) + "uri", "http://127.0.0.1:" + backend("b1").port()));

    assertThat(newClient().get().status()).isEqualTo(500);
    assertThat(backend("b1").requests()).isEmpty();
  }

  @Test
  void routeToAPoolThatIsNotListed_isRefused() throws Exception {
    start(TestGateway.listed(backends())
        .onServlets()
        .with(ROUTE.formatted(0) + "uri", "limpet://unknown"));

    assertThat(newClient().get().status()).isEqualTo(500);
  }

  @Test
  void routeInJava_sticksAndItsFiltersSeeTheResponse() throws Exception {
    start(TestGateway.listed(backends()).source(InJava.class).onServlets());
    RawClient client = newClient();
    String home = ask(client, "Java: yes");

    assertStays(client, home, "Java: yes");
    assertThat(client.get("Java: yes").field("Seen")).isEqualTo("yes");
    assertThat(ask(client)).as("by the route of the properties").isEqualTo(home);
  }

  @Test
  void filterThatThrows_leavesNoRouteAndReportsNothing() throws Exception {
    start(TestGateway.listed(backends()).source(InJava.class).onServlets());

    assertThat(newClient().get("Java: yes", "Throw-Before: yes").status()).isEqualTo(409);
    assertThat(newClient().get("Java: yes", "Throw-After: yes").status()).isEqualTo(409);

    awaitOpenRoutes(0);
    assertThat(stats().requests()).isEqualTo(2);
    assertThat(stats().reroutes()).isZero();
    assertThat(stats().abandonedRoutes()).isZero();
  }

  @Test
  void removedCookies_neitherEndSessionsNorReachTheBackend() throws Exception {
    start(TestGateway.listed(backends())
        .filters("RemoveRequestHeader=Cookie", "Limpet")
        .onServlets());
    RawClient client = newClient();
    String home = ask(client);
    client.withCookie("theme", "dark");

    assertStays(client, home);

    assertThat(Echo.of(client.get()).request().fields("Cookie")).isEmpty();
  }

  @Test
  void removedSetCookie_isOnlyThatOfTheBackend() throws Exception {
    start(TestGateway.listed(backends())
        .filters("RemoveResponseHeader=Set-Cookie")
        .onServlets());
    RawClient client = newClient();

    RawMessage answer = client.get(RawBackend.setCookie("theme=dark"));

    assertThat(answer.fields("Set-Cookie")).singleElement().asString().startsWith("limpet-story=");
    assertStays(client, Echo.of(answer).backend());
  }

  @Test
  void fieldOfAnAffinityOfTheApplication_isReadAgainAfterAFailedConnect() throws Exception {
    start(TestGateway.listed(backends())
        .source(Tenants.class)
        .filters("RemoveRequestHeader=Tenant", "Limpet")
        .onServlets());
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
          .onServlets()
          .with(ROUTE.formatted(0) + "filters[0].name", "Retry")
          .with(ROUTE.formatted(0) + "filters[0].args.retries", 3)
          .with(ROUTE.formatted(0) + "filters[0].args.series", "SERVER_ERROR")
          .with(ROUTE.formatted(0) + "filters[0].args.methods", "GET"));
      RawClient client = newClient();
      b1.failNext(2);
      b2.failNext(2);

      RawMessage answer = client.get();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.fields("Set-Cookie")).hasSize(1);
      assertThat(stats().requests()).isOne();
      assertThat(stats().count(Outcome.NEW)).isOne();
      assertThat(b1.requests() * b2.requests()).as("requests of one of them").isZero();
      assertThat(b1.requests() + b2.requests()).isEqualTo(3);
      awaitOpenRoutes(0);
      assertThat(client.get().field("Server-Id")).isEqualTo(answer.field("Server-Id"));
    }
  }

  @Test
  void failedConnect_ejects() throws Exception {
    startEjectingAtOnce();
    RawClient client = newClient();
    String home = ask(client);
    backend(home).kill();

    assertThat(ask(client)).isNotEqualTo(home);

    assertThat(cause(home)).isEqualTo(FailureKind.CONNECT);
  }

  @Test
  void connectionThatBreaksBeforeTheResponse_ejects() throws Exception {
    startEjectingAtOnce();
    RawClient client = newClient();
    String home = ask(client);
    RawConnection connection = client.connect();
    connection.sendPost(BODY, RawBackend.SILENT);
    awaitWaiting(1);

    backend(home).kill();

    assertThat(connection.answer().status()).isEqualTo(500);
    assertThat(cause(home)).isEqualTo(FailureKind.RESET_BEFORE_RESPONSE);
    assertThat(ask(client)).isNotEqualTo(home);
  }

  @Test
  void responseTimeout_ejects() throws Exception {
    start(ejectingAtOnce().onServlets().with("spring.http.clients.read-timeout", "300ms"));
    RawClient client = newClient();
    String home = ask(client);

    assertThat(client.get(RawBackend.SILENT).status()).isEqualTo(500);

    assertThat(cause(home)).isEqualTo(FailureKind.TIMEOUT);
    awaitOpenRoutes(0);
  }

  @Test
  void clientThatLeavesWhileItSendsABody_saysNothingOfTheBackend() throws Exception {
    startEjectingAtOnce();
    RawClient client = newClient();
    String home = ask(client);
    RawConnection connection = client.connect();
    connection.sendGet("Content-Length: 1000000"); // and no body follows
    awaitOpenRoutes(1);
    await("connections", 1, backend(home)::openConnections);

    connection.reset();

    awaitOpenRoutes(0);
    assertThat(member(home).state()).isEqualTo(Member.State.UP);
  }

  @Test
  void mcpSessionWithoutABackend_isAnErrorInJson() throws Exception {
    start(TestGateway.listed(backends()).pool("sticky-session.type", "mcp").onServlets());
    gateway().pool().change(edit -> edit.down("b1").down("b2"));

    RawMessage unavailable = newClient().get();

    assertThat(unavailable.status()).isEqualTo(503);
    assertThat(unavailable.field("Retry-After")).isEqualTo("1");
    assertThat(unavailable.field("Content-Type")).isEqualTo("application/json");
    assertThat(unavailable.text()).contains("-32000");
  }

  @Test
  void sourceIp_isThatWhichATrustedProxySays() throws Exception {
    start(TestGateway.listed(backends())
        .pool("sticky-session.type", "source-ip")
        .with("limpet.trusted-proxies", "127.0.0.0/8")
        .onServlets());
    RawClient client = newClient();
    String home = ask(client, "X-Forwarded-For: 203.0.113.1");

    assertThat(ask(client, "X-Forwarded-For: 203.0.113.2")).isNotEqualTo(home);
    assertStays(client, home, "X-Forwarded-For: 203.0.113.1");
  }

  @Test
  void endpoint_showsThePool() throws Exception {
    start(TestGateway.listed(backends())
        .with("management.endpoints.web.exposure.include", "limpet")
        .onServlets());
    ask(newClient());

    LimpetEndpoint endpoint = gateway().context().getBean(LimpetEndpoint.class);

    assertThat(endpoint.pool(TestGateway.POOL).requests()).isOne();
  }

  private void startEjectingAtOnce() {
    start(ejectingAtOnce().onServlets());
  }

  private TestGateway.Settings ejectingAtOnce() {
    return TestGateway.listed(backends()).pool("passive-health.failures", 1);
  }

  private FailureKind cause(String id) {
    Member member = member(id);
    assertThat(member.state()).isEqualTo(Member.State.EJECTED);
    return member.ejection().cause();
  }

  private Member member(String id) {
    return gateway().pool().snapshot().member(id);
  }

  private RouterStats stats() {
    return Objects.requireNonNull(
            gateway().context().getBean(LimpetPools.class).router(TestGateway.POOL))
        .stats();
  }
}
