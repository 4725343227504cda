package dev.limpet.examples.gateway.config;

import static dev.limpet.examples.gateway.config.Reading.SECRET;
import static dev.limpet.examples.gateway.config.Reading.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.limpet.core.Backend;
import dev.limpet.core.Failover;
import dev.limpet.core.Profile;
import dev.limpet.core.StickySession;
import dev.limpet.l7.SameSite;
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
                    List.of(),
                    Duration.ofSeconds(60),
                    null)),
            List.of(
                new PoolConfig(
                    "web",
                    Algorithm.WEIGHTED_ROUND_ROBIN,
                    Duration.ZERO,
                    Failover.MOVE,
                    sticky(StickyType.LB_COOKIE, lbCookie, false),
                    null,
                    new HealthCheckConfig(Duration.ofSeconds(2), Duration.ofSeconds(2), 1, 1, null),
                    PassiveHealthConfig.DEFAULT,
                    null,
                    false,
                    List.of(new BackendConfig(
                        Backend.of("web1", "127.0.0.1", 9101).withWeight(5), false, null))),
                new PoolConfig(
                    "db",
                    Algorithm.WEIGHTED_ROUND_ROBIN,
                    Duration.ZERO,
                    null,
                    sticky(StickyType.SOURCE_IP, StickySession.sourceIp(), null),
                    null,
                    null,
                    PassiveHealthConfig.DEFAULT,
                    null,
                    false,
                    List.of(new BackendConfig(Backend.of("db1", "127.0.0.1", 9201), false, null)))),
            secret,
            null,
            List.of(new CookieSecret(1, secret, true)),
            Duration.ofSeconds(10),
            null));
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
    assertThat(pool.failover()).isNull();
    assertThat(pool.passiveHealth()).isEqualTo(new PassiveHealthConfig(3, Duration.ZERO));
    assertThat(pool.returnToEarlierTier()).isFalse();
    assertThat(pool.healthCheck()).isNull();
    assertThat(pool.backends())
        .containsExactly(new BackendConfig(Backend.of("a", "h", 1).withWeight(1), false, null));
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

    assertThat(config.pools().get(0).healthCheck())
        .isEqualTo(new HealthCheckConfig(expected, expected, 1, 1, null));
  }

  @Test
  void aHealthCheckByHttp() {
    GatewayConfig config = config(Reading.pool(
        "http",
        "healthCheck: {path: \"/health?full\", expect: [200, 204-299], interval: 5s, timeout: 1s,"
            + " rise: 2, fall: 3}"));

    HealthCheckConfig check = config.pools().get(0).healthCheck();
    assertThat(check.interval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(check.timeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(check.rise()).isEqualTo(2);
    assertThat(check.fall()).isEqualTo(3);
    assertThat(check.http().path()).isEqualTo("/health?full");
    assertThat(check.http().expect()).hasToString("200, 204-299");
  }

  @ParameterizedTest
  @CsvSource({
    "200-399, 200, true",
    "200-399, 399, true",
    "200-399, 400, false",
    "200-399, 199, false",
    "404, 404, true",
    "404, 200, false",
    "'[200, 401-403]', 402, true",
    "'[200, 401-403]', 201, false"
  })
  void expectedStatuses(String written, int status, boolean isExpected) {
    GatewayConfig config = config(
        Reading.pool("http", "healthCheck: {path: /, interval: 1s, expect: " + written + "}"));

    assertThat(config.pools().get(0).healthCheck().http().expect().contains(status))
        .isEqualTo(isExpected);
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
        List.of(),
        Duration.ofSeconds(60),
        null);

    assertThat(cookie(null).isSecure(plain)).isFalse();
    assertThat(cookie(null).isSecure(tls)).isTrue();
    assertThat(cookie(true).isSecure(plain)).isTrue();
    assertThat(cookie(false).isSecure(tls)).isFalse();
  }

  private static LbCookieConfig cookie(Boolean secure) {
    return new LbCookieConfig(false, secure, "/", null, SameSite.LAX, null, false);
  }

  private static StickyConfig sticky(StickyType type, StickySession session, Boolean secure) {
    FieldConfig field = new FieldConfig(
        "",
        FieldConfig.Form.LEARNED,
        new FieldConfig.Suffix("jsessionid", false, '.', false, false));
    return new StickyConfig(type, session, null, null, cookie(secure), field);
  }

  @Test
  void theDefaultHasAnyFreePortInsteadOfOneThatIsTaken() {
    ConfigSource source = DefaultConfig.source(
        List.of(new DefaultConfig.Server("a", 8080, 8090)), port -> port != 8080 && port != 8090);

    assertThat(source.config().listeners())
        .extracting(ListenerConfig::port)
        .containsExactly(0, 8081, 8082, 9000, 9001);
    assertThat(source.config().admin()).isEqualTo(new AdminConfig("127.0.0.1", 0, null));
    assertThat(source.document().read().config()).isEqualTo(source.config());
    assertThat(source.document().text(ConfigPath.of("listeners", "web", "port")))
        .isEqualTo("0");
    assertThat(source.document().text(ConfigDocument.backend("web", "a")))
        .isEqualTo("{id: a, address: 127.0.0.1:8080}");
  }

  @Test
  void sessionsBelongToPoolsOrInClassicToListeners() {
    String yaml = """
        listeners:
          - {name: b, protocol: http, port: 80, pool: web}
          - {name: a, protocol: http, port: 81, pool: db}
          - {name: c, protocol: http, port: 82, pool: web}
        pools:
          - {name: db, backends: [{id: x, address: "h:1"}]}
          - {name: web, backends: [{id: x, address: "h:1"}]}
        """;
    GatewayConfig enhanced = config(yaml);
    GatewayConfig classic = config("profile: classic\n" + yaml);

    assertThat(enhanced.ownerKind()).isEqualTo("pool");
    assertThat(enhanced.owners()).containsExactly("db", "web");
    assertThat(enhanced.listenersOf("web"))
        .containsExactly(enhanced.listeners().get(0), enhanced.listeners().get(2));
    assertThat(enhanced.listenersOf("a")).isEmpty();
    assertThat(classic.ownerKind()).isEqualTo("listener");
    assertThat(classic.owners()).containsExactly("b", "a", "c");
    assertThat(classic.listenersOf("a")).containsExactly(classic.listeners().get(1));
    assertThat(classic.ownerOf(classic.listeners().get(2))).isEqualTo("c");
  }

  @Test
  void theDefaultIsSound() {
    List<DefaultConfig.Server> servers =
        List.of(new DefaultConfig.Server("a", 1, 4), new DefaultConfig.Server("b", 2, 5));
    GatewayConfig config = DefaultConfig.source(servers, port -> true).config();

    assertThat(config.listeners())
        .extracting(ListenerConfig::name, ListenerConfig::protocol, ListenerConfig::port)
        .contains(
            tuple("web", Protocol.HTTP, 8080),
            tuple("app", Protocol.HTTP, 8081),
            tuple("tcp", Protocol.TCP, 9000));
    assertThat(config.admin()).isEqualTo(new AdminConfig("127.0.0.1", 8090, null));
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
