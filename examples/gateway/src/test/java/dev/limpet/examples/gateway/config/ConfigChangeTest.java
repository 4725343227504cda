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
    assertThat(change.pools().get(0).differences())
        .extracting(ConfigDifference::toString)
        .containsExactly(expected);
    assertThat(change.differences()).isEqualTo(change.pools().get(0).differences());
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
      failover: move | failover: lend | pools.web.failover: changed
      healthCheck: {interval: 2s} | # | pools.web.healthCheck: removed
      healthCheck: {interval: 2s} | responseTimeout: 2s | pools.web.healthCheck: removed & pools.web.responseTimeout: added
      healthCheck: | passiveHealth: false\\n    healthCheck: | pools.web.passiveHealth: removed
      healthCheck: | passiveHealth: {failures: 5}\\n    healthCheck: | pools.web.passiveHealth: changed
      healthCheck: | returnToEarlierTier: true\\n    healthCheck: | pools.web.returnToEarlierTier: changed
      interval: 2s | interval: 3s | pools.web.healthCheck: changed
      interval: 2s | interval: 2s, timeout: 1s | pools.web.healthCheck: changed
      interval: 2s | interval: 2s, path: / | pools.web.healthCheck: changed
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
    assertThat(change.differences()).isEmpty();
    assertThat(
            change.restarts().stream().map(ConfigDifference::toString).sorted().toList())
        .isEqualTo(List.of(expected.split(" & ", -1)).stream()
            .map(what -> what + " (needs a restart)")
            .sorted()
            .toList());
    assertThat(change.toString()).doesNotContain(SECRET);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      failover: move\\n    stickySession: {type: lb-cookie, duration: 20m, mode: sliding} | failover: move | : {type: lb-cookie, duration: 20m, mode: sliding} -> absent
      {type: lb-cookie | {type: app-cookie, cookieName: x | .type: lb-cookie -> app-cookie & .cookieName: absent -> x
      duration: 20m | duration: 21m | .duration: 20m -> 21m
      duration: 20m | duration: 1h | .duration: 20m -> 1h
      mode: sliding | mode: absolute | .mode: sliding -> absolute
      mode: sliding | maxDuration: 8h | .maxDuration: absent -> 8h
      mode: sliding | path: /a | .path: absent -> /a
      mode: sliding | domain: a.org | .domain: absent -> a.org
      mode: sliding | sameSite: strict | .sameSite: absent -> strict
      mode: sliding | hostPrefix: false | .hostPrefix: absent -> false
      mode: sliding | secure: true, partitioned: true | .secure: absent -> true & .partitioned: absent -> true
      mode: sliding | encrypted: true | .encrypted: absent -> true
      {type: lb-cookie, duration: 20m, mode: sliding | {type: query, parameter: id | .type: lb-cookie -> query & .parameter: absent -> id
      {type: lb-cookie, duration: 20m, mode: sliding | {type: mcp | .type: lb-cookie -> mcp & .duration: 20m -> 1d & .mode: sliding -> absolute & .form: absent -> sealed
      {type: lb-cookie, duration: 20m, mode: sliding | {type: lb-cookie | #
      """)
  void stickinessChangesAtOnce(String old, String now, String expected) {
    ConfigChange change = change(edited(old, now));

    assertThat(change.restarts()).isEmpty();
    assertThat(change.pools()).isEmpty();
    List<String> lines = expected.equals("#") ? List.of() : List.of(expected.split(" & ", -1));
    assertThat(change.stickiness()).isEqualTo(lines.isEmpty() ? List.of() : List.of("web"));
    assertThat(change.differences())
        .extracting(ConfigDifference::toString)
        .isEqualTo(lines.stream().map(line -> "pools.web.stickySession" + line).toList());
  }

  @Test
  void stickinessOfAListenerChangesAtOnceInClassic() {
    String classic = """
        profile: classic
        listeners: [{name: front, protocol: http, port: 80, pool: web}]
        pools: [{name: web, backends: [{id: a, address: "h:1"}]}]
        """;
    String sticky = classic.replace("pool: web}", "pool: web, stickySession: {type: lb-cookie}}");
    ConfigChange change = ConfigChange.between(config(classic), config(sticky));

    assertThat(change.stickiness()).containsExactly("front");
    assertThat(change.differences())
        .extracting(ConfigDifference::toString)
        .containsExactly("listeners.front.stickySession: absent -> "
            + "{type: lb-cookie, duration: 20m, mode: sliding}");
    assertThat(change.restarts()).isEmpty();
  }

  @Test
  void stickinessThatMovesWithTheProfileNeedsARestart() {
    String open = OLD.replace("profile: enhanced", "profile: open").replace("20m", "21m");
    ConfigChange change = change(open);

    assertThat(change.stickiness()).isEmpty();
    assertThat(change.restarts())
        .extracting(ConfigDifference::toString)
        .contains("pools.web.stickySession: changed (needs a restart)");
  }

  @Test
  void otherRequirementsOfACertificateApplyAtOnce() {
    String old = OLD.replace("\"h:2\"", "\"h:2\", scheme: https");
    String now = OLD.replace("\"h:2\"", "\"h:2\", scheme: https, tls: {name: x}");
    ConfigChange change = ConfigChange.between(config(old), config(now));

    assertThat(change.restarts()).isEmpty();
    assertThat(change.pools().get(0).differences())
        .extracting(ConfigDifference::toString)
        .containsExactly("pools.web.backends.b.tls: changed");
    Pool pool = Pool.of("web", Backend.of("a", "h", 1));
    pool.change(change.pools().get(0)::applyTo);
    assertThat(pool.snapshot().members().get(1).backend().attachment())
        .isEqualTo(new BackendTls(List.of(), "x"));
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
