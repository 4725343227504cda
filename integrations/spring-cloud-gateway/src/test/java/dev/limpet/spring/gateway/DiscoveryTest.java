package dev.limpet.spring.gateway;

import static dev.limpet.spring.gateway.TestRegistry.instance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Member;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.testkit.Echo;
import dev.limpet.testkit.RawClient;
import dev.limpet.testkit.RawConnection;
import dev.limpet.testkit.RawMessage;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.client.DefaultServiceInstance;

/** Routes with the scheme {@code lb}: Spring knows the backends, and Limpet chooses one. */
@Tag("slow")
class DiscoveryTest extends GatewayScene {
  private static final String URI = "spring.cloud.gateway.server.webflux.routes[0].uri";

  @Test
  void sessions_stickMoveAndDrain() throws Exception {
    start(TestGateway.discovered(backends()));
    RawClient client = newClient();
    String home = ask(client);
    assertStays(client, home);
    assertThat(Echo.of(client.get()).request().fields("Cookie")).isEmpty();
    backend(home).kill();

    RawMessage moved = client.post(new byte[70_000]);

    String next = Echo.of(moved).backend();
    assertThat(next).isNotEqualTo(home);
    assertThat(Echo.of(moved).bodyDigest()).isEqualTo(Echo.digest(new byte[70_000]));
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
  void uriWithASchemeAfterLb_sticksToo() throws Exception {
    start(TestGateway.discovered(backends()).with(URI, "lb:http://" + TestGateway.POOL));
    RawClient client = newClient();
    assertStays(client, ask(client));
  }

  @Test
  void uriOfWebSockets_reachesABackend() throws Exception {
    start(TestGateway.discovered(backends()).with(URI, "lb:ws://" + TestGateway.POOL));
    RawConnection webSocket = newClient().connect();

    assertThat(webSocket.upgrade().status()).isEqualTo(101);
    assertThat(webSocket.text()).isIn("b1", "b2");
    webSocket.leave();
  }

  @Test
  void instanceThatMoves_isFollowed_thoughItEqualsTheOldOne() throws Exception {
    start(TestGateway.discovered(List.of())
        .source(TestRegistry.Config.class)
        .with("spring.cloud.loadbalancer.cache.enabled", false));
    TestRegistry registry = gateway().context().getBean(TestRegistry.class);
    registry.set(TestGateway.POOL, new EqualById("i", backend("b1").port()));
    assertThat(ask(newClient())).isEqualTo("b1");

    registry.set(TestGateway.POOL, new EqualById("i", backend("b2").port()));

    assertThat(ask(newClient())).isEqualTo("b2");
  }

  @Test
  void webSocket_holdsARouteUntilItEnds() throws Exception {
    start(TestGateway.discovered(backends()));
    RawConnection webSocket = newClient().connect();

    assertThat(webSocket.upgrade().status()).isEqualTo(101);
    assertThat(webSocket.text()).isIn("b1", "b2");
    awaitOpenRoutes(1);

    webSocket.leave();
    awaitOpenRoutes(0);
  }

  @Test
  void namedPool_hasItsOwnSettings() throws Exception {
    start(TestGateway.discovered(backends())
        .filters("Limpet=own")
        .with("limpet.pools.own.sticky-session.cookie-name", "stay"));
    RawClient client = newClient();

    assertStays(client, ask(client));

    assertThat(client.cookies().keySet()).containsExactly("stay");
    assertThat(gateway().context().getBean(LimpetPools.class).names()).containsExactly("own");
  }

  @Test
  void pool_followsTheInstances() throws Exception {
    TestRegistry registry = startWithRegistry("Limpet");
    registry.set(TestGateway.POOL, instance("i1", backend("b1").port(), Map.of()));
    RawClient client = newClient();
    assertThat(ask(client)).isEqualTo("b1");
    PoolSnapshot first = gateway().pool().snapshot();
    assertStays(client, "b1");
    assertThat(gateway().pool().snapshot()).as("unchanged").isSameAs(first);

    registry.set(
        TestGateway.POOL,
        instance("i1", backend("b1").port(), Map.of()),
        instance("i2", backend("b2").port(), Map.of()));

    Set<String> used = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      used.add(ask(newClient()));
    }
    assertThat(used).containsExactlyInAnyOrder("b1", "b2");
    assertStays(client, "b1");
    registry.set(TestGateway.POOL, instance("i2", backend("b2").port(), Map.of()));
    assertStays(client, "b2");
  }

  @Test
  void noInstance_is503AndKeepsTheSession() throws Exception {
    TestRegistry registry = startWithRegistry("Limpet");
    registry.set(TestGateway.POOL, instance("i1", backend("b1").port(), Map.of()));
    RawClient client = newClient();
    ask(client);
    Map<String, String> cookies = client.cookies();
    registry.set(TestGateway.POOL);

    assertThat(client.get().status()).isEqualTo(503);
    assertThat(client.cookies()).isEqualTo(cookies);

    registry.set(
        TestGateway.POOL,
        instance("i2", backend("b2").port(), Map.of()),
        instance("i1", backend("b1").port(), Map.of()));
    assertStays(client, "b1");
  }

  @Test
  void instances_becomeBackendsWhateverTheirIdsAndWeights() throws Exception {
    TestRegistry registry = startWithRegistry("Limpet");
    int port = backend("b1").port();
    registry.set(
        TestGateway.POOL,
        instance("web@zürich", port, Map.of("weight", "1000")),
        instance("half", port, Map.of("weight", "500")),
        instance("half", port, Map.of("weight", "7")),
        instance("odd", port, Map.of("weight", "heavy")),
        new DefaultServiceInstance(null, TestGateway.POOL, "localhost", 8443, true));

    newClient().get();

    List<Member> members = gateway().pool().snapshot().members();
    assertThat(members.stream().map(member -> member.backend().toString()))
        .containsExactly(
            "web%40z%C3%BCrich (127.0.0.1:" + port + ", weight 256)",
            "half (127.0.0.1:" + port + ", weight 128)",
            "odd (127.0.0.1:" + port + ", weight 1)",
            "localhost:8443 (https://localhost:8443, weight 1)");
  }

  @Test
  void secondServiceOfAPool_isRefused() throws Exception {
    TestRegistry registry = startWithRegistry("Limpet=shared");
    registry.set(TestGateway.POOL, instance("i1", backend("b1").port(), Map.of()));
    assertThat(ask(newClient())).isEqualTo("b1");

    Pool pool = gateway().context().getBean(LimpetPools.class).pool("shared");

    assertThat(pool).hasToString("shared [i1 UP]");
    assertThat(newClient().get("Other: yes").status()).isEqualTo(500);
    assertThat(pool).hasToString("shared [i1 UP]");
  }

  @Test
  void routeToAHost_isRefused() throws Exception {
    start(TestGateway.discovered(backends())
        .with("spring.cloud.gateway.server.webflux.routes[0].uri", "http://127.0.0.1:1"));

    assertThat(newClient().get().status()).isEqualTo(500);
  }

  @Test
  void routeToAPoolThatIsNotListed_isRefused() throws Exception {
    start(TestGateway.listed(backends())
        .with("spring.cloud.gateway.server.webflux.routes[0].uri", "limpet://unknown"));

    assertThat(newClient().get().status()).isEqualTo(500);
  }

  @Test
  void routeWithoutTheFilter_isSpringsOwn() throws Exception {
    start(TestGateway.discovered(backends()).filters("PreserveHostHeader"));

    assertThat(newClient().get().fields("Set-Cookie")).isEmpty();
    assertThat(gateway().context().getBean(LimpetPools.class).names()).isEmpty();
  }

  /** A second route, to another service, has the field {@code Other}. */
  private TestRegistry startWithRegistry(String filter) {
    String other = "spring.cloud.gateway.server.webflux.routes[1].";
    return start(TestGateway.discovered(List.of())
            .filters(filter)
            .with("spring.cloud.gateway.server.webflux.routes[0].order", 1)
            .with(other + "id", "other")
            .with(other + "uri", "lb://other")
            .with(other + "predicates[0]", "Header=Other")
            .with(other + "filters[0]", filter)
            .with("spring.cloud.loadbalancer.cache.enabled", false)
            .source(TestRegistry.Config.class))
        .context()
        .getBean(TestRegistry.class);
  }

  /** An instance as some registries have it. */
  private static final class EqualById extends DefaultServiceInstance {
    EqualById(String id, int port) {
      super(id, TestGateway.POOL, "127.0.0.1", port, false, Map.of());
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof EqualById that && that.getInstanceId().equals(getInstanceId());
    }

    @Override
    public int hashCode() {
      return getInstanceId().hashCode();
    }
  }
}
