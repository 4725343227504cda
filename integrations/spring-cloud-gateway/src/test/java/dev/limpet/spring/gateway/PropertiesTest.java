package dev.limpet.spring.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Environment;
import dev.limpet.core.Pool;
import dev.limpet.core.StickySession;
import dev.limpet.l7.HttpRouter;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

/** What properties do, and what wrong ones get. */
class PropertiesTest {
  private static final String SECRET = Base64.getEncoder().encodeToString(new byte[32]);
  private static final String WEB = "limpet.pools.web.";
  private static final String STICKY = WEB + "sticky-session.";
  private static final String KEY_SECRET = "limpet.key-secret=" + SECRET;

  private final ReactiveWebApplicationContextRunner runner =
      new ReactiveWebApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(LimpetAutoConfiguration.class));

  static Stream<Arguments> faults() {
    return Stream.of(
        fault(STICKY + "duration: 366d (expected: 1s..365d", STICKY + "duration=366d"),
        fault(
            STICKY + "duration: 30s (expected: 1m..1d at layer 7, in whole seconds) [profile"
                + " enhanced, allowed by limpet.profile: open]",
            "limpet.profile=enhanced",
            STICKY + "duration=30s"),
        fault(
            STICKY + "max-duration: 1m (expected:",
            STICKY + "type=app-cookie",
            STICKY + "cookie-name=JSESSIONID",
            STICKY + "max-duration=1m"),
        fault(
            STICKY + "cookie-name: \"a b\" (expected: an RFC 6265 token",
            STICKY + "cookie-name=a b"),
        fault(STICKY + "cookie-name: absent (expected: ", STICKY + "type=app-cookie"),
        fault(STICKY + "header: absent (expected: a name)", STICKY + "type=header"),
        fault(STICKY + "parameter: absent (expected: a name)", STICKY + "type=query"),
        fault(
            STICKY + "header: Tenant (expected: absent with type lb-cookie)",
            STICKY + "header=Tenant"),
        fault(
            STICKY + "mode: sliding (expected: absolute, as clients keep what they got; or form"
                + " learned)",
            STICKY + "type=mcp",
            STICKY + "mode=sliding"),
        fault(
            STICKY + "form: sent (expected: sealed or learned with type mcp)",
            STICKY + "type=mcp",
            STICKY + "form=sent"),
        fault(
            STICKY + "ipv6-prefix: 129 (expected: 0..128)",
            STICKY + "type=source-ip",
            STICKY + "ipv6-prefix=129"),
        fault(
            STICKY + "separator: .. (expected: one of . ! ~ - _ :)",
            STICKY + "type=route-suffix",
            STICKY + "separator=.."),
        fault(
            STICKY + "secure: false (expected: true with SameSite=None)",
            STICKY + "same-site=none"),
        fault(WEB + "slow-start: 2h (expected: 0s..1h)", WEB + "slow-start=2h"),
        fault(
            WEB + "passive-health.failures: 0 (expected: 1..1000)",
            WEB + "passive-health.failures=0"),
        fault(
            WEB + "passive-health.statuses: 500 (expected: 501..599)",
            WEB + "passive-health.statuses=500"),
        fault(
            WEB + "algorithm: weighted-least-connections (expected: weighted-round-robin with a",
            "limpet.profile=classic",
            WEB + "algorithm=weighted-least-connections"),
        fault(
            WEB + "backends[0].id: absent (expected: a name)",
            WEB + "backends[0].address=127.0.0.1:80"),
        fault(
            WEB + "backends[0].address: 127.0.0.1 (expected: host:port",
            WEB + "backends[0].id=web1",
            WEB + "backends[0].address=127.0.0.1"),
        fault(
            WEB + "backends[0].address: ::1:80 (expected: host:port",
            WEB + "backends[0].id=web1",
            WEB + "backends[0].address=::1:80"),
        fault(
            WEB + "backends[0].port: 70000 (expected: 1..65535)",
            WEB + "backends[0].id=web1",
            WEB + "backends[0].address=a:70000"),
        fault(
            WEB + "backends[0].scheme: ftp (expected: http or https)",
            WEB + "backends[0].id=web1",
            WEB + "backends[0].address=a:80",
            WEB + "backends[0].scheme=ftp"),
        fault(
            WEB + "backends[0].weight: 257 (expected: 0..256)",
            WEB + "backends[0].id=web1",
            WEB + "backends[0].address=a:80",
            WEB + "backends[0].weight=257"),
        fault(
            WEB + "backends[1].id: web1 (expected: another id, as an earlier backend has it)",
            WEB + "backends[0].id=web1",
            WEB + "backends[0].address=a:80",
            WEB + "backends[1].id=web1",
            WEB + "backends[1].address=b:80"),
        fault(
            "limpet.pools.a b: a pool (expected: a name of 1..64 of A-Za-z0-9._-)",
            "limpet.pools.[a b].failover=move"),
        fault(
            "limpet.trusted-proxies: \"10.0.0.1/8\" (expected: ",
            "limpet.trusted-proxies=10.0.0.1/8"),
        fault(
            "limpet.key-secret: hidden (expected: Base64 of 32 bytes or more)",
            "limpet.key-secret=tooshort"),
        fault(
            "limpet.cookie-keys: hidden (expected: secret of key 1, id 1: ",
            "limpet.cookie-keys=1:tooshort"),
        fault(
            WEB + "shared-table.redis: absent (expected: a URI such as redis://host:6379)",
            KEY_SECRET,
            STICKY + "type=source-ip",
            WEB + "shared-table.cluster=true"),
        fault(
            WEB + "shared-table.redis: hidden (expected: redis://, ",
            KEY_SECRET,
            STICKY + "type=source-ip",
            WEB + "shared-table.redis=tooshort"),
        fault(
            WEB + "shared-table.deadline: 2s (expected: 1ms..1s)",
            KEY_SECRET,
            STICKY + "type=source-ip",
            WEB + "shared-table.redis=redis://a",
            WEB + "shared-table.deadline=2s"),
        fault(
            "limpet.key-secret: absent (expected: a secret, as a table is shared)",
            STICKY + "type=source-ip",
            WEB + "shared-table.redis=redis://a"),
        fault(
            STICKY + "type: lb-cookie (expected: source-ip, ",
            KEY_SECRET,
            WEB + "shared-table.redis=redis://a"),
        fault(
            STICKY + "quota: present (expected: absent, as the table is shared)",
            KEY_SECRET,
            STICKY + "type=source-ip",
            STICKY + "quota.percent=5",
            WEB + "shared-table.redis=redis://a"));
  }

  private static Arguments fault(String message, String... properties) {
    return Arguments.of(message, properties);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void wrongProperty_failsTheStartWithItsNameAndRule(String message, String[] properties) {
    runner.withPropertyValues(properties).run(context -> {
      assertThat(context).hasFailed();
      FailureAnalysis analysis =
          new InvalidPropertiesFailureAnalyzer().analyze(context.getStartupFailure());
      assertThat(analysis).isNotNull();
      assertThat(analysis.getDescription()).contains("    " + message);
      assertThat(analysis.getDescription().lines().filter(line -> line.startsWith("    ")))
          .hasSize(1);
      assertThat(analysis.getDescription()).doesNotContain("tooshort");
      assertThat(context.getStartupFailure()).rootCause().hasMessageNotContaining("tooshort");
    });
  }

  @Test
  void springBoot_findsTheAnalyzer() {
    FailureHandler ignoring = (type, name, failure) -> {}; // others want arguments

    assertThat(SpringFactoriesLoader.forDefaultResourceLocation()
            .load(FailureAnalyzer.class, ignoring))
        .hasAtLeastOneElementOfType(InvalidPropertiesFailureAnalyzer.class);
  }

  @Test
  void faultsOfSeveralPools_areReportedTogether() {
    runner
        .withPropertyValues(STICKY + "duration=366d", "limpet.pools.api.slow-start=2h")
        .run(context -> assertThat(context)
            .getFailure()
            .rootCause()
            .hasMessageContaining(STICKY + "duration: 366d")
            .hasMessageContaining("limpet.pools.api.slow-start: 2h"));
  }

  @Test
  void unknownProperty_failsTheStart() {
    runner
        .withPropertyValues(STICKY + "durration=30m")
        .run(context -> assertThat(context)
            .getFailure()
            .rootCause()
            .hasMessageContaining("sticky-session.durration"));
  }

  @Test
  void sharedTableWithoutItsModule_failsTheStartAndSaysWhatIsMissing() {
    runner
        .withClassLoader(new FilteredClassLoader("dev.limpet.redis"))
        .withPropertyValues(
            KEY_SECRET, STICKY + "type=source-ip", WEB + "shared-table.redis=redis://secret@a")
        .run(context -> assertThat(context)
            .getFailure()
            .rootCause()
            .hasMessage(WEB + "shared-table.redis: hidden (expected: absent, unless"
                + " dev.limpet:limpet-redis is on the class path)"));
  }

  static Stream<Arguments> types() {
    return Stream.of(
        Arguments.of("lb-cookie PT20M sliding", List.of()),
        Arguments.of("source-ip PT20M sliding", List.of("type=source-ip", "ipv6-prefix=64")),
        Arguments.of(
            "app-cookie PT2H absolute, cookie \"JSESSIONID\"",
            List.of("type=app-cookie", "cookie-name=JSESSIONID", "duration=2h", "mode=absolute")),
        Arguments.of("custom PT30M sliding", List.of("type=header", "header=Session")),
        Arguments.of(
            "custom PT24H absolute", List.of("type=header", "header=Session", "form=sealed")),
        Arguments.of(
            "custom PT24H absolute", List.of("type=header", "header=Session", "form=issued")),
        Arguments.of("custom PT20M sliding", List.of("type=header", "header=Tenant", "form=sent")),
        Arguments.of("custom PT24H absolute", List.of("type=mcp")),
        Arguments.of("custom PT30M sliding", List.of("type=mcp", "form=learned")),
        Arguments.of("custom PT20M sliding", List.of("type=query", "parameter=cart")),
        Arguments.of("custom PT20M sliding", List.of("type=path", "parameter=cart")),
        Arguments.of("custom PT24H absolute", List.of("type=prefix-cookie", "cookie-name=SID")));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("types")
  void sessionsOfEachType_areAsDeclared(String session, List<String> properties) {
    String[] full = properties.stream().map(STICKY::concat).toArray(String[]::new);

    runner.withPropertyValues(full).withPropertyValues(WEB + "failover=lend").run(context -> {
      assertThat(context).hasNotFailed();
      StickyPool<?, ?> pool = context.getBean(StickyPools.class).existing("web");
      assertThat(pool).isNotNull();
      assertThat(pool.affinity().session()).hasToString(session);
    });
  }

  @Test
  void routeSuffix_readsNoTable() {
    runner
        .withPropertyValues(STICKY + "type=route-suffix", STICKY + "path-parameter=none")
        .run(context ->
            assertThat(context.getBean(LimpetPools.class).router("web")).isNotNull());
  }

  @Test
  void backends_areThoseOfTheProperties() {
    runner
        .withPropertyValues(
            WEB + "max-connections=7",
            WEB + "backends[0].id=web1",
            WEB + "backends[0].address=web1.internal:8443",
            WEB + "backends[0].scheme=https",
            WEB + "backends[0].weight=5",
            WEB + "backends[1].id=web2",
            WEB + "backends[1].address=[2001:db8::1]:80",
            WEB + "backends[1].max-connections=3",
            WEB + "backends[1].tier=1",
            WEB + "backends[1].drain=true")
        .run(context -> {
          Pool pool = context.getBean(LimpetPools.class).pool("web");
          assertThat(pool).hasToString("web [web1 UP, web2 DRAINING]");
          assertThat(pool.snapshot().members().stream()
                  .map(member -> member.backend().toString()))
              .containsExactly(
                  "web1 (https://web1.internal:8443, weight 5, at most 7 connections)",
                  "web2 ([2001:db8::1]:80, weight 1, at most 3 connections, tier 1)");
        });
  }

  @Test
  void defaultProfile_hasOnlyTechnicalLimits() {
    runner
        .withPropertyValues(WEB + "algorithm=source-ip-hash", STICKY + "duration=30s")
        .run(context -> assertThat(context).hasNotFailed());
  }

  @Test
  void affinityOfTheApplication_comesBeforeTheProperties() {
    runner
        .withBean("own", AffinityFactory.class, () -> TestAffinities.byTenantOf("web"))
        .withPropertyValues(WEB + "failover=move", "limpet.pools.api.failover=move")
        .run(context -> {
          LimpetPools pools = context.getBean(LimpetPools.class);
          assertThat(pools.names()).containsExactly("api", "web");
          StickyPools<?, ?> sticky = context.getBean(StickyPools.class);
          assertThat(sticky.pool("web").affinity().session()).isEqualTo(StickySession.custom());
          assertThat(sticky.pool("api").affinity().session()).isEqualTo(StickySession.lbCookie());
        });
  }

  @Test
  void environmentOfTheApplication_isThatOfThePools() {
    Environment own = Environment.of(new byte[32]);
    runner
        .withBean(Environment.class, () -> own)
        .withPropertyValues(WEB + "failover=move")
        .run(context -> {
          HttpRouter<?, ?> router = context.getBean(LimpetPools.class).router("web");
          assertThat(router).isNotNull();
          assertThat(router.pool().environment()).isSameAs(own);
        });
  }

  @Test
  void poolThatNoPropertyDescribes_hasLbCookies() {
    runner.run(context -> {
      StickyPools<?, ?> pools = context.getBean(StickyPools.class);
      assertThat(pools.existing("orders")).isNull();
      assertThat(pools.pool("orders").affinity().session()).isEqualTo(StickySession.lbCookie());
      assertThat(context.getBean(LimpetPools.class).names()).containsExactly("orders");
    });
  }

  @Test
  void secrets_areNotShown() {
    runner
        .withPropertyValues(
            KEY_SECRET,
            "limpet.cookie-keys[0]=2:" + SECRET,
            "limpet.cookie-keys[1]=1:" + SECRET,
            STICKY + "type=source-ip",
            WEB + "shared-table.redis=redis://:password@127.0.0.1:1")
        .run(context -> {
          assertThat(context).hasNotFailed();
          assertThat(context.getBean(LimpetProperties.class).toString())
              .doesNotContain(SECRET)
              .doesNotContain("password");
        });
  }

  @Test
  void withoutTheGateway_nothingIsConfigured() {
    runner
        .withClassLoader(new FilteredClassLoader(GlobalFilter.class))
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(LimpetPools.class));
  }
}
