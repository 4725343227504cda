package dev.limpet.examples.gateway.config;

import static dev.limpet.examples.gateway.config.Reading.SECRET;
import static dev.limpet.examples.gateway.config.Reading.config;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Member;
import dev.limpet.core.Pool;
import dev.limpet.vertx.BackendTls;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigChangeTest {
  private static final String OLD = """
      profile: enhanced
      listeners:
        - {name: web, protocol: http, port: 80, pool: web}
        - {name: db, protocol: tcp, port: 81, pool: db}
        - {name: app, protocol: http, port: 82, pool: app}
      pools:
        - name: web
          algorithm: weighted-round-robin
          failover: move
          stickySession: {type: lb-cookie, duration: 20m, mode: sliding}
          healthCheck: {interval: 2s}
          backends:
            - {id: a, address: "h:1", weight: 5, drain: false}
            - {id: b, address: "h:2"}
        - {name: db, backends: [{id: a, address: "h:1"}]}
        - name: app
          stickySession: {type: app-cookie, cookieName: x}
          sharedTable: {redis: "redis://:$@h"}
          backends: [{id: a, address: "h:1"}]
      keySecret: $
      """.replace("$", SECRET);

  @Test
  void nothing() {
    ConfigChange change = change(OLD);

    assertThat(change.isEmpty()).isTrue();
    assertThat(change.running()).isEqualTo(config(OLD));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      weight: 5 | weight: 3 | pools.web.backends.a.weight: 5 -> 3
      drain: false | drain: true | pools.web.backends.a.drain: false -> true
      h:2 | h2:2 | pools.web.backends.b.address: h:2 -> h2:2
      h:2 | [::1]:2 | pools.web.backends.b.address: h:2 -> [::1]:2
      address: "h:2" | address: "h:2", scheme: https | pools.web.backends.b.scheme: http -> https
      h:1", weight: 5, drain: false | h:1", weight: 5, drain: false, scheme: https, tls: {name: x} | pools.web.backends.a.scheme: http -> https
      - {id: b, | - {id: c, address: "h:3"}\\n      - {id: b, | pools.web.backends.c: added
      - {id: b, address: "h:2"}| # | pools.web.backends.b: removed
      - {id: a, address: "h:1", weight: 5, drain: false}\\n      - {id: b, address: "h:2"} | - {id: b, address: "h:2"}\\n      - {id: a, address: "h:1", weight: 5, drain: false} | pools.web.backends: in another order
      """)
  void backendsChangeAtOnce(String old, String now, String expected) {
    String yaml = edited(old, now);
    ConfigChange change = change(yaml);

    assertThat(change.restarts()).isEmpty();
    assertThat(change.pools()).hasSize(1);
    assertThat(change.pools().get(0).differences()).containsExactly(expected);
    assertThat(change.running()).isEqualTo(config(yaml));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      profile: enhanced | profile: open | profile: changed
      name: web, protocol | name: front, protocol | listeners.front: added & listeners.web: removed
      port: 80 | port: 8080 | listeners.web.port: changed
      port: 80 | port: 80, host: 0.0.0.0 | listeners.web.host: changed
      port: 81 | port: 81, proxyProtocol: [127.0.0.1] | listeners.db.proxyProtocol: changed
      port: 80 | port: 80, trustedProxies: [127.0.0.1] | listeners.web.trustedProxies: changed
      protocol: tcp | protocol: http | listeners.db.protocol: changed
      port: 81, pool: db | port: 81, pool: d2}\\n  - {name: x, protocol: tcp, port: 0, pool: db | listeners.x: added & listeners.db.pool: changed & pools.d2: added
      : weighted-round-robin\\n    failover: move\\n    stickySession: {type: lb-cookie, duration: 20m, mode: sliding} | : source-ip-hash | pools.web.algorithm: changed & pools.web.failover: removed & pools.web.stickySession: removed
      failover: move | failover: lend | pools.web.failover: changed
      healthCheck: {interval: 2s} | # | pools.web.healthCheck: removed
      healthCheck: {interval: 2s} | responseTimeout: 2s | pools.web.healthCheck: removed & pools.web.responseTimeout: added
      healthCheck: | passiveHealth: false\\n    healthCheck: | pools.web.passiveHealth: removed
      healthCheck: | passiveHealth: {failures: 5}\\n    healthCheck: | pools.web.passiveHealth: changed
      healthCheck: | returnToEarlierTier: true\\n    healthCheck: | pools.web.returnToEarlierTier: changed
      interval: 2s | interval: 3s | pools.web.healthCheck: changed
      interval: 2s | interval: 2s, timeout: 1s | pools.web.healthCheck: changed
      interval: 2s | interval: 2s, path: / | pools.web.healthCheck: changed
      {type: lb-cookie | {type: app-cookie, cookieName: x | pools.web.stickySession.type: changed & pools.web.stickySession.cookieName: added
      duration: 20m | duration: 21m | pools.web.stickySession.duration: changed
      mode: sliding | mode: absolute | pools.web.stickySession.mode: changed
      mode: sliding | maxDuration: 1h | pools.web.stickySession.maxDuration: added
      mode: sliding | path: /a | pools.web.stickySession.path: changed
      mode: sliding | domain: a.org | pools.web.stickySession.domain: added
      mode: sliding | sameSite: strict | pools.web.stickySession.sameSite: changed
      mode: sliding | hostPrefix: false | pools.web.stickySession.hostPrefix: added
      mode: sliding | secure: true, partitioned: true | pools.web.stickySession.secure: added & pools.web.stickySession.partitioned: changed
      mode: sliding | encrypted: true | pools.web.stickySession.encrypted: changed
      {name: db, backends | {name: db, stickySession: {type: source-ip, ipv6Prefix: 64}, backends | pools.db.stickySession: added
      {type: lb-cookie, duration: 20m, mode: sliding | {type: query, parameter: id | pools.web.stickySession.type: changed & pools.web.stickySession.name: changed
      {type: lb-cookie, duration: 20m, mode: sliding | {type: mcp | pools.web.stickySession.type: changed & pools.web.stickySession.form: changed & pools.web.stickySession.duration: changed & pools.web.stickySession.mode: changed
      mode: sliding | secure: false | pools.web.stickySession.secure: added
      {name: db, backends | {name: db, stickySession: {type: source-ip}, backends | pools.db.stickySession: added
      sharedTable: {redis: "redis://:$@h"} | # | pools.app.sharedTable: removed
      //:$@h" | //:$@h/1" | pools.app.sharedTable.redis: changed
      //:$@h" | //:$@h", cluster: true | pools.app.sharedTable.redis: changed
      //:$@h" | //:$@h", deadline: 21ms | pools.app.sharedTable.deadline: changed
      keySecret: MDE | keySecret: MDF | keySecret: changed
      profile: enhanced | stopTimeout: 11s | stopTimeout: changed
      profile: enhanced | admin: {port: 9000} | admin: added
      sharedTable: {redis: "redis://:$@h"}\\n    backends: [{id: a, address: "h:1"}]\\nkeySecret: $ | backends: [{id: a, address: "h:1"}]\\ncookieSecrets: [{id: 1, secret: $, signing: true}] | pools.app.sharedTable: removed & keySecret: removed & cookieSecrets: changed
      """)
  void theRestNeedsARestart(String old, String now, String expected) {
    String yaml = edited(old, now);
    if (expected.contains("pools.d2")) {
      yaml = yaml.replace(
          "keySecret", "  - {name: d2, backends: [{id: a, address: \"h:1\"}]}\nkeySecret");
    }
    ConfigChange change = change(yaml);

    assertThat(change.pools()).isEmpty();
    assertThat(change.restarts().stream().sorted().toList())
        .isEqualTo(List.of(expected.split(" & ", -1)).stream()
            .map(what -> what + " (needs a restart)")
            .sorted()
            .toList());
    assertThat(change.running()).isEqualTo(config(OLD));
    assertThat(change.toString()).doesNotContain(SECRET);
  }

  @Test
  void otherRequirementsOfACertificateApplyAtOnce() {
    String old = OLD.replace("\"h:2\"", "\"h:2\", scheme: https");
    String now = OLD.replace("\"h:2\"", "\"h:2\", scheme: https, tls: {name: x}");
    ConfigChange change = ConfigChange.between(config(old), config(now));

    assertThat(change.restarts()).isEmpty();
    assertThat(change.pools().get(0).differences())
        .containsExactly("pools.web.backends.b.tls: changed");
    Pool pool = Pool.of("web", Backend.of("a", "h", 1));
    pool.change(change.pools().get(0)::applyTo);
    assertThat(pool.snapshot().members().get(1).backend().attachment())
        .isEqualTo(new BackendTls(List.of(), "x"));
  }

  @Test
  void whatNeedsARestartIsReportedUntilItIsUndone() {
    String both = OLD.replace("weight: 5", "weight: 3").replace("port: 80,", "port: 90,");
    ConfigChange first = change(both);
    ConfigChange again = ConfigChange.between(first.running(), config(both));

    assertThat(first.pools()).hasSize(1);
    assertThat(again.pools()).isEmpty();
    assertThat(again.restarts()).containsExactly("listeners.web.port: changed (needs a restart)");
    assertThat(ConfigChange.between(first.running(), config(OLD.replace("weight: 5", "weight: 3")))
            .isEmpty())
        .isTrue();
  }

  @Test
  void aPoolTakesTheChangeInOneEditAndKeepsItsHealth() {
    Pool pool = Pool.of(
        "web",
        Backend.of("a", "h", 1).withWeight(5),
        Backend.of("b", "h", 2),
        Backend.of("c", "h", 3));
    pool.change(edit -> edit.down("b").drain("a"));
    String wanted = OLD.replace(
        "- {id: b,", "- {id: d, address: \"h:4\", drain: true}\n      - {id: b, weight: 7,");

    pool.change(change(wanted).pools().get(0)::applyTo);

    assertThat(pool.snapshot().members())
        .extracting(Member::toString)
        .containsExactly("a UP", "d DRAINING", "b DOWN");
    assertThat(pool.snapshot().members().get(2).backend().weight()).isEqualTo(7);
  }

  private static ConfigChange change(String yaml) {
    return ConfigChange.between(config(OLD), config(yaml));
  }

  private static String edited(String old, String now) {
    String from = old.replace("\\n", "\n").replace("$", SECRET);
    assertThat(OLD).contains(from);
    return OLD.replace(from, now.replace("\\n", "\n").replace("$", SECRET));
  }
}
