package dev.limpet.examples.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigDocumentTest {
  private static final String YAML = """
      listeners:
        - {name: web, protocol: http, port: 80, pool: web}
        - {name: db, protocol: tcp, port: 81, pool: db}
      pools:
        - name: web
          stickySession: {type: lb-cookie, duration: 20m}
          backends: &both
            - {id: web1, address: "h:1", weight: 5}
            - {id: web2, address: "h:2"}
        - name: db
          backends: *both
          stickySession: {type: source-ip}
      """;
  private static final ConfigPath WEB1 = ConfigDocument.backend("web", "web1");
  private static final ConfigPath STICKY = ConfigDocument.stickinessOfPool("web");

  private final ConfigDocument document = document(YAML);

  private static ConfigDocument document(String yaml) {
    return ConfigReader.source(yaml).source().document();
  }

  private static ConfigDocument following(
      ConfigDocument running, ConfigDocument old, ConfigDocument now, boolean stickiness) {
    ConfigDocument followed = running;
    for (ConfigPath path : running.livePaths(now, stickiness)) {
      followed = followed.following(old, now, path);
    }
    return followed;
  }

  @Test
  void aPoolAloneHasItsListenersAndTheRest() {
    GatewayConfig alone = document.only("db", List.of("db")).read().config();
    GatewayConfig all = document.read().config();

    assertThat(alone.pools()).containsExactly(all.pools().get(1));
    assertThat(alone.listeners()).containsExactly(all.listeners().get(1));
    assertThat(alone.profile()).isEqualTo(all.profile());
    assertThat(document.read().config()).isEqualTo(all);
  }

  @Test
  void anEditOfASharedNodeChangesOnlyTheAddressedPlace() {
    ConfigDocument edited = document.change(WEB1, "{weight: 3}").document();

    assertThat(edited.text(WEB1)).isEqualTo("{id: web1, address: h:1, weight: 3}");
    assertThat(edited.text(ConfigDocument.backend("db", "web1"))).contains("weight: 5");
    assertThat(document.text(WEB1)).contains("weight: 5");
    assertThat(edited.read().config().pools().get(0).backends().get(0).backend().weight())
        .isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      {"weight":3} | {id: web1, address: h:1, weight: 3}
      { "weight" : 3, "drain":true }\\n | {id: web1, address: h:1, weight: 3, drain: true}
      {weight: null} | {id: web1, address: h:1}
      {"weight":null,"maxConnections":7} | {id: web1, address: h:1, maxConnections: 7}
      {"id":"web1","address":"[::1]:9"} | {id: web1, address: "[::1]:9", weight: 5}
      {} | {id: web1, address: h:1, weight: 5}
      {"tls":{"name":"a.org"},"scheme":"https"} | {id: web1, address: h:1, weight: 5, tls: {name: a.org}, scheme: https}
      """)
  void changesOfABackend(String settings, String expected) {
    ConfigEdit edit = document.change(WEB1, settings.replace("\\n", "\n").replace("\\t", "\t"));

    assertThat(edit.faults()).isEmpty();
    assertThat(edit.document().text(WEB1)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      {"weight":257} | weight: 257 (expected: 0..256)
      {"weight":"3"} | weight: "3" (expected: 0..256, without quotes)
      {"weight":1.5} | weight: 1.5 (expected: 0..256, a whole number)
      {"weight":1,"weight":2} | weight: a second time (expected: once)
      {"colour":1} | colour: an unknown key (expected: one of [id, address, weight, maxConnections, tier, drain, scheme, tls])
      {"colour":null} | colour: an unknown key (expected: one of [id, address, weight, maxConnections, tier, drain, scheme, tls])
      {"id":"web1","id":"web9"} | id: web9 (expected: web1, as ids do not change)
      {"address":null} | address: absent (expected: host:port or [IPv6]:port, port 1..65535)
      {"id":"web9"} | id: web9 (expected: web1, as ids do not change)
      {"id":null} | id: null (expected: web1, as ids do not change)
      5 | backends[0]: 5 (expected: a mapping of [id, address, weight, maxConnections, tier, drain, scheme, tls])
      [] | backends[0]: [] (expected: a mapping of [id, address, weight, maxConnections, tier, drain, scheme, tls])
      {"weight": | yaml: expected the node content, but found '<stream end>' (expected: well-formed YAML)
      # | settings: empty (expected: a value in YAML or JSON)
      """)
  void faultyChangesOfABackend(String settings, String expected) {
    ConfigReading reading = document.change(WEB1, settings).read();

    assertThat(reading.faults()).extracting(ConfigFault::toString).contains(expected);
    assertThat(reading.faults()).extracting(ConfigFault::line).containsOnly(0);
  }

  @Test
  void aBackendIsAddedAtTheEnd() {
    ConfigDocument edited = document
        .add(ConfigDocument.backends("web"), "{\"id\":\"web3\",\"address\":\"h:3\"}")
        .document();

    assertThat(edited.read().config().pools().get(0).backends())
        .extracting(BackendConfig::id)
        .containsExactly("web1", "web2", "web3");
    assertThat(edited.text(ConfigDocument.backends("web"))).isEqualTo("[web1, web2, web3]");
  }

  @Test
  void aBackendOfAKnownIdIsNotAdded() {
    ConfigEdit edit = document.add(ConfigDocument.backends("web"), "{id: web1, address: \"h:3\"}");

    assertThat(edit.read().faults())
        .extracting(ConfigFault::toString)
        .containsExactly("id: web1 (expected: another id)");
  }

  @Test
  void theLastBackendOfAPoolIsNotRemoved() {
    ConfigDocument one = document.set(WEB1, null).document();
    ConfigReading none = one.set(ConfigDocument.backend("web", "web2"), null).read();

    assertThat(one.read().faults()).isEmpty();
    assertThat(none.faults())
        .extracting(ConfigFault::toString)
        .containsExactly("backends: [] (expected: a list of 1..10000 backends)");
  }

  @Test
  void stickinessIsSetAndRemoved() {
    ConfigEdit set = document.set(STICKY, "{\"type\":\"app-cookie\",\"cookieName\":\"a b\"}");
    ConfigDocument app = document
        .set(STICKY, "{\"type\":\"app-cookie\",\"cookieName\":\"SID\",\"duration\":\"5m\"}")
        .document();

    assertThat(set.read().faults()).hasSize(1);
    assertThat(app.text(STICKY)).isEqualTo("{type: app-cookie, cookieName: SID, duration: 5m}");
    assertThat(app.set(STICKY, null).document().has(STICKY)).isFalse();
    assertThat(app.set(STICKY, null).read().config().pools().get(0).stickySession())
        .isNull();
  }

  @Test
  void stickinessIsAddedToAnOwnerWithoutIt() {
    ConfigDocument none = document.set(STICKY, null).document();
    ConfigDocument again = none.set(STICKY, "{type: lb-cookie, duration: 20m}").document();

    assertThat(again).isEqualTo(document);
    assertThat(again.hashCode()).isEqualTo(document.hashCode());
    assertThat(none).isNotEqualTo(document);
  }

  @Test
  void secretsAreNotShown() {
    ConfigDocument secretive = document(
        YAML.replace("- name: db", "- name: db\n    sharedTable: {redis: \"redis://:password@h\"}")
            + "keySecret: " + Reading.SECRET
            + "\nadmin: {port: 1, token: abcdefghijklmnopqrstuvwxyz}\n");
    for (ConfigPath path : List.of(
        ConfigPath.of("keySecret"),
        ConfigPath.of("admin"),
        ConfigPath.of("admin", "token"),
        ConfigPath.of("pools", "db"),
        ConfigPath.of("pools", "db", "sharedTable", "redis"))) {
      assertThat(secretive.has(path)).isTrue();
      assertThat(secretive.text(path)).isNull();
    }
    assertThat(secretive.text(ConfigPath.of("admin", "port"))).isEqualTo("1");
    assertThat(secretive.toString()).doesNotContain("password").doesNotContain(Reading.SECRET);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      weight: 5 | weight: 3 | {weight: 4} | weight: 3
      weight: 5 | weight: 3 | {tier: 1} | {id: web1, address: h:1, weight: 3, tier: 1}
      weight: 5 | weight: 5, drain: true | {weight: 4} | {id: web1, address: h:1, weight: 4, drain: true}
      weight: 5 | weight: 5 | {weight: 4} | weight: 4
      , weight: 5 | # | {weight: 4} | {id: web1, address: h:1}
      h:2 | h:3 | {weight: 4} | weight: 4
      """)
  void onlyWhatDiffersInTheFileFollows(String old, String now, String edit, String expected) {
    ConfigDocument running = document.change(WEB1, edit).document();
    ConfigDocument file = document(YAML.replace(old, now.equals("#") ? "" : now));

    ConfigDocument followed = following(running, document, file, true);

    assertThat(followed.text(WEB1)).contains(expected);
    assertThat(followed.read().faults()).isEmpty();
  }

  @Test
  void whatAnOperatorRemovedStaysAway() {
    ConfigDocument running = document.set(WEB1, null).document();
    ConfigDocument file = document(YAML.replace("weight: 5", "weight: 3"));

    assertThat(following(running, document, file, true).has(WEB1)).isFalse();
  }

  @Test
  void whatNeedsARestartDoesNotFollow() {
    ConfigDocument file = document(YAML.replace("port: 80", "port: 90")
        .replace("duration: 20m}", "duration: 21m}\n    failover: lend"));
    ConfigDocument followed = following(document, document, file, true);

    assertThat(followed.has(ConfigPath.of("pools", "web", "failover"))).isFalse();
    assertThat(followed.text(ConfigPath.of("listeners", "web", "port"))).isEqualTo("80");
    assertThat(followed.text(STICKY)).isEqualTo("{type: lb-cookie, duration: 21m}");
    assertThat(following(document, document, file, false)).isEqualTo(document);
  }

  @Test
  void aPoolThatTheFileNoLongerHasRunsOn() {
    String without = """
        listeners: [{name: db, protocol: tcp, port: 81, pool: db}]
        pools: [{name: db, stickySession: {type: source-ip}, backends: [{id: web1, address: "h:9"}]}]
        """;
    ConfigDocument followed = following(document, document, document(without), true);

    assertThat(followed.text(ConfigDocument.backends("web"))).isEqualTo("[web1, web2]");
    assertThat(followed.text(ConfigDocument.backend("db", "web1"))).contains("h:9");
  }
}
