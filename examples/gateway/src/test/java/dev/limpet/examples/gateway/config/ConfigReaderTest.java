package dev.limpet.examples.gateway.config;

import static dev.limpet.examples.gateway.config.Reading.SECRET;
import static dev.limpet.examples.gateway.config.Reading.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.limpet.core.Backend;
import dev.limpet.core.Failover;
import dev.limpet.core.Profile;
import dev.limpet.core.StickySession;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
  private static final String EXAMPLE = """
      profile: enhanced                  # classic | enhanced | open
      listeners:
        - {name: web, protocol: http, host: 127.0.0.1, port: 8080, pool: web}        # tls: {cert: …, key: …}
        - {name: db, protocol: tcp, port: 9000, pool: db, proxyProtocol: [127.0.0.0/8]}
      pools:
        - name: web
          algorithm: weighted-round-robin        # | source-ip-hash   (step 3 adds weighted-least-connections)
          failover: move                         # | lend | strict
          stickySession: {type: lb-cookie, duration: 20m, mode: sliding, maxDuration: 8h, secure: false}
                                                 # type: source-ip | lb-cookie | app-cookie; cookieName; mode: sliding | absolute; maxDuration only with sliding
          healthCheck: {interval: 2s}
          backends:
            - {id: web1, address: "127.0.0.1:9101", weight: 5, drain: false}
        - name: db
          stickySession: {type: source-ip, duration: 20m}
          backends:
            - {id: db1, address: "127.0.0.1:9201"}
      keySecret: "$"                                          # of the key hasher, 32 bytes or more; absent: random, and the start-up log says so
      cookieSecrets: [{id: 1, secret: "$", signing: true}]    # likewise
      """.replace("$", SECRET);

  @Test
  void theExample() {
    Secret secret = Secret.of(Base64.getDecoder().decode(SECRET));
    StickySession lbCookie = StickySession.lbCookie().withMaxDuration(Duration.ofHours(8));

    assertThat(config(EXAMPLE))
        .isEqualTo(new GatewayConfig(
            Profile.ENHANCED,
            List.of(
                new ListenerConfig(
                    "web",
                    Protocol.HTTP,
                    "127.0.0.1",
                    8080,
                    "web",
                    null,
                    List.of(),
                    Duration.ofSeconds(60),
                    null),
                new ListenerConfig(
                    "db",
                    Protocol.TCP,
                    "127.0.0.1",
                    9000,
                    "db",
                    null,
                    List.of(new Cidr(IpLiteral.parse("127.0.0.0"), 8)),
                    Duration.ofSeconds(60),
                    null)),
            List.of(
                new PoolConfig(
                    "web",
                    Algorithm.WEIGHTED_ROUND_ROBIN,
                    Duration.ZERO,
                    Failover.MOVE,
                    new StickyConfig(lbCookie, null, false, false),
                    null,
                    Duration.ofSeconds(2),
                    null,
                    List.of(new BackendConfig(
                        Backend.of("web1", "127.0.0.1", 9101).withWeight(5), false))),
                new PoolConfig(
                    "db",
                    Algorithm.WEIGHTED_ROUND_ROBIN,
                    Duration.ZERO,
                    Failover.MOVE,
                    new StickyConfig(StickySession.sourceIp(), null, false, null),
                    null,
                    null,
                    null,
                    List.of(new BackendConfig(Backend.of("db1", "127.0.0.1", 9201), false)))),
            secret,
            null,
            List.of(new CookieSecret(1, secret, true)),
            Duration.ofSeconds(10)));
  }

  @ParameterizedTest
  @CsvSource({"0s, PT0S", "250ms, PT0.25S", "1h, PT1H", "60m, PT1H"})
  void stopTimeout(String written, Duration expected) {
    GatewayConfig config = config(Reading.top("stopTimeout: " + written));
    assertThat(config.stopTimeout()).isEqualTo(expected);
    assertThat(config.withoutTables().stopTimeout()).isEqualTo(expected);
  }

  @Test
  void defaults() {
    GatewayConfig config = config("""
        listeners: [{name: a, protocol: http, port: 0, pool: p}]
        pools: [{name: p, stickySession: {type: lb-cookie}, backends: [{id: a, address: "h:1"}]}]
        """);
    ListenerConfig listener = config.listeners().get(0);
    PoolConfig pool = config.pool(listener);

    assertThat(config.profile()).isEqualTo(Profile.ENHANCED);
    assertThat(config.keySecret()).isNull();
    assertThat(config.cookieSecrets()).isEmpty();
    assertThat(config.stopTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(listener.host()).isEqualTo("127.0.0.1");
    assertThat(listener.tls()).isNull();
    assertThat(listener.proxyProtocol()).isEmpty();
    assertThat(pool.algorithm()).isEqualTo(Algorithm.WEIGHTED_ROUND_ROBIN);
    assertThat(pool.failover()).isEqualTo(Failover.MOVE);
    assertThat(pool.healthCheckInterval()).isNull();
    assertThat(pool.backends())
        .containsExactly(new BackendConfig(Backend.of("a", "h", 1).withWeight(1), false));
    assertThat(config.stickySession(listener).session()).isEqualTo(StickySession.lbCookie());
  }

  @Test
  void withoutStickySession_nothingSticks() {
    GatewayConfig config = config(Reading.top(""));

    assertThat(config.stickySession(config.listeners().get(0))).isNull();
  }

  @ParameterizedTest
  @CsvSource({"1ms,PT0.001S", "2s,PT2S", "3m,PT3M", "4h,PT4H", "1d,PT24H", "'\"5s\"',PT5S"})
  void durations(String written, Duration expected) {
    GatewayConfig config = config(Reading.pool("http", "healthCheck: {interval: " + written + "}"));

    assertThat(config.pools().get(0).healthCheckInterval()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "[::1],::1",
    "[0:0::0001],::1",
    "[::1.2.3.4],::102:304",
    "[64:ff9b::1.2.3.4],64:ff9b::102:304",
    "[::ffff:1.2.3.4],1.2.3.4",
    "1.2.3.4,1.2.3.4",
    "Web1.,Web1."
  })
  void anAddressHasOneSpellingWithoutBrackets(String written, String host) {
    GatewayConfig config = config(Reading.backend("id: a, address: \"" + written + ":9000\""));

    assertThat(config.pools().get(0).backends().get(0).backend())
        .isEqualTo(Backend.of("a", host, 9000));
  }

  @Test
  void classic_sticksByListener() {
    GatewayConfig config = config("""
        profile: classic
        listeners:
          - {name: a, protocol: http, port: 0, pool: p, stickySession: {type: lb-cookie}}
          - {name: b, protocol: http, port: 0, pool: p}
        pools: [{name: p, backends: [{id: a, address: "h:1"}]}]
        """);

    assertThat(config.stickySession(config.listeners().get(0)).session())
        .isEqualTo(StickySession.lbCookie());
    assertThat(config.stickySession(config.listeners().get(1))).isNull();
  }

  @Test
  void secure_isWhatTheFileSaysAndElseWhetherTheListenerIsTls() {
    ListenerConfig plain = config(Reading.top("")).listeners().get(0);
    ListenerConfig tls = new ListenerConfig(
        "a",
        Protocol.HTTP,
        "h",
        1,
        "p",
        new TlsConfig(null, null),
        List.of(),
        Duration.ofSeconds(60),
        null);

    assertThat(sticky(null).secure(plain)).isFalse();
    assertThat(sticky(null).secure(tls)).isTrue();
    assertThat(sticky(true).secure(plain)).isTrue();
    assertThat(sticky(false).secure(tls)).isFalse();
  }

  private static StickyConfig sticky(Boolean secure) {
    return new StickyConfig(StickySession.lbCookie(), null, false, secure);
  }

  @Test
  void theDefaultIsSound() {
    GatewayConfig config = DefaultConfig.of(
        List.of(new DefaultConfig.Server("a", 1, 4), new DefaultConfig.Server("b", 2, 5)));

    assertThat(config.listeners())
        .extracting(ListenerConfig::name, ListenerConfig::protocol, ListenerConfig::port)
        .contains(
            tuple("web", Protocol.HTTP, 8080),
            tuple("app", Protocol.HTTP, 8081),
            tuple("tcp", Protocol.TCP, 9000));
    assertThat(config.pools())
        .extracting(PoolConfig::stickySession)
        .extracting(sticky -> (sticky == null) ? null : sticky.session())
        .contains(
            StickySession.lbCookie(),
            StickySession.appCookie("DEMOSESSION"),
            StickySession.sourceIp());
    assertThat(config.pools())
        .filteredOn(pool -> pool.name().equals("tcp"))
        .flatExtracting(PoolConfig::backends)
        .extracting(backend -> backend.id() + ' ' + backend.backend().address().getPort())
        .containsExactly("a 4", "b 5");
  }
}
