package dev.limpet.examples.gateway.config;

import static dev.limpet.examples.gateway.config.Reading.SECRET;
import static dev.limpet.examples.gateway.config.Reading.assertFault;
import static dev.limpet.examples.gateway.config.Reading.config;
import static dev.limpet.examples.gateway.config.Reading.faults;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharedTableConfigTest {
  private static final String PASSWORD = "a-password-nobody-may-read";
  private static final String ONE =
      "redis://, rediss:// or redis-sentinel:// with a host, in Lettuce's form";
  private static final String NODES = "redis:// or rediss:// with the hosts of one or more nodes";

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      {redis: "redis://:$@h"} | ok
      {redis: redis://h} | ok
      {redis: "rediss://user:$@10.0.0.1:6380/2?timeout=1s"} | ok
      {redis: "redis://:$@[2001:db8::1]:6379"} | ok
      {redis: "redis-sentinel://:$@a:26379,b/0#main"} | ok
      {redis: "redis://:$@h", cluster: false} | ok
      {redis: "redis://:$@h:6379,h2:6380", cluster: true} | ok
      {redis: "rediss://h", cluster: true, deadline: 1s} | ok
      {redis: redis://h, deadline: 1ms} | ok
      {redis: redis://h, deadline: 0ms} | line 5: deadline: hidden (expected: 1ms..1s)
      {redis: redis://h, deadline: 1001ms} | line 5: deadline: hidden (expected: 1ms..1s)
      {redis: redis://h, deadline: 20} | line 5: deadline: 20 (expected: a whole number of up to 12 digits and ms, s, m, h or d)
      {redis: redis://h, cluster: yes} | line 5: cluster: yes (expected: true or false)
      {redis: redis://h, $: 1} | line 5: hidden: an unknown key (expected: one of [redis, cluster, deadline])
      {deadline: 20ms} | line 5: redis: absent (expected: ONE)
      {cluster: true} | line 5: redis: absent (expected: NODES)
      {redis: "redis://:$@h:6379,h2:6380"} | line 5: redis: hidden (expected: ONE)
      {redis: "redis-sentinel://:$@a#main", cluster: true} | line 5: redis: hidden (expected: NODES)
      {redis: "redis-sentinel://:$@a"} | line 5: redis: hidden (expected: ONE)
      {redis: "redis-socket:///tmp/$"} | line 5: redis: hidden (expected: ONE)
      {redis: "redis://:$@"} | line 5: redis: hidden (expected: ONE)
      {redis: "redis://:$@010.0.0.1"} | line 5: redis: hidden (expected: ONE)
      {redis: "redis://:$@0x7f.1"} | line 5: redis: hidden (expected: ONE)
      {redis: "redis-sentinel://:$@010.0.0.1/0#main"} | line 5: redis: hidden (expected: ONE)
      {redis: "redis-sentinel://:$@a:26379,127.1/0#main"} | line 5: redis: hidden (expected: ONE)
      {redis: "redis://:$@h:99999"} | line 5: redis: hidden (expected: ONE)
      {redis: "redis://:$@h ost"} | line 5: redis: hidden (expected: ONE)
      {redis: "http://:$@h"} | line 5: redis: hidden (expected: ONE)
      {redis: ["redis://:$@h"]} | line 5: redis: hidden (expected: ONE)
      {redis: 6379} | line 5: redis: 6379 (expected: ONE, in quotes)
      "redis://:$@h" | line 5: sharedTable: hidden (expected: a mapping of [redis, cluster, deadline])
      """)
  void settings(String table, String expected) {
    String yaml = pool(
        "profile: enhanced", "{type: app-cookie, cookieName: x}", table.replace("$", PASSWORD));

    assertFault(yaml, expected.replace("ONE", ONE).replace("NODES", NODES));
    assertThat(faults(yaml).toString()).doesNotContain(PASSWORD);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      open | {type: source-ip} | ok
      open | {type: app-cookie, cookieName: x} | ok
      open | {type: source-ip, maxDuration: 8h} | ok
      open | {type: query, parameter: x} | ok
      open | {type: path, parameter: x} | ok
      open | {type: header, header: x} | ok
      open | {type: mcp, form: learned} | ok
      open | {type: mcp} | line 4: type: mcp (expected: source-ip, app-cookie, query, path, header with form learned or sent, or mcp with form learned, as the table is shared)
      open | {type: header, header: x, form: issued} | line 4: type: header (expected: source-ip, app-cookie, query, path, header with form learned or sent, or mcp with form learned, as the table is shared)
      open | {type: route-suffix} | line 4: type: route-suffix (expected: source-ip, app-cookie, query, path, header with form learned or sent, or mcp with form learned, as the table is shared)
      open | {type: prefix-cookie, cookieName: x} | line 4: type: prefix-cookie (expected: source-ip, app-cookie, query, path, header with form learned or sent, or mcp with form learned, as the table is shared)
      open | {type: lb-cookie} | line 4: type: lb-cookie (expected: source-ip, app-cookie, query, path, header with form learned or sent, or mcp with form learned, as the table is shared)
      open | {type: source-ip, quota: {percent: 5}} | line 4: quota: a mapping (expected: absent, as the table is shared)
      classic | # | line 5: sharedTable: on the pool (expected: absent with profile classic, where sessions are a listener's)
      open | # | line 5: stickySession: absent (expected: type source-ip, app-cookie, query, path, header with form learned or sent, or mcp with form learned, as the table is shared)
      """)
  void whatItGoesWith(String profile, String sticky, String expected) {
    assertFault(pool("profile: " + profile, sticky, "{redis: redis://h}"), expected);
  }

  @Test
  void allGatewaysNeedTheSameKeySecret() {
    assertFault(
        pool("profile: open", "{type: source-ip}", "{redis: redis://h}").replace("keySecret", "#"),
        "line 5: keySecret: absent (expected: a secret, as a table is shared)");
  }

  @Test
  void aConfigurationSaysWhereTheTableIs_andShowsNoPassword() {
    GatewayConfig config = config(pool(
        "profile: open",
        "{type: source-ip}",
        "{redis: \"redis://:" + PASSWORD + "@h:7000,h2\", cluster: true}"));
    SharedTableConfig table = config.pools().get(0).sharedTable();

    assertThat(table.deadline()).isEqualTo(Duration.ofMillis(20));
    assertThat(table.redis().nodes())
        .extracting(RedisURI::getHost, RedisURI::getPort)
        .containsExactly(tuple("h", 7000), tuple("h2", 6379));
    assertThat(config.toString()).contains("redis=RedisAddress").doesNotContain(PASSWORD);
  }

  /** The sticky session is in line 4, the table in line 5. */
  private static String pool(String profile, String sticky, String table) {
    String session = sticky.equals("#") ? "# not sticky" : "stickySession: " + sticky;
    return """
        %s
        listeners: [{name: front, protocol: http, port: 8080, pool: web}]
        pools: [{name: web, backends: [{id: web1, address: "127.0.0.1:9101"}],
          %s
          sharedTable: %s}]
        keySecret: %s
        """.formatted(profile, sticky.equals("#") ? session : session + ',', table, SECRET);
  }
}
