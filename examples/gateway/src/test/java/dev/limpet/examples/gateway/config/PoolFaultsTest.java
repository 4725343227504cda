package dev.limpet.examples.gateway.config;

import static dev.limpet.examples.gateway.config.Reading.assertFault;
import static dev.limpet.examples.gateway.config.Reading.backend;
import static dev.limpet.examples.gateway.config.Reading.faults;
import static dev.limpet.examples.gateway.config.Reading.pool;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolFaultsTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      algorithm: weighted-round-robin | ok
      algorithm: source-ip-hash | ok
      algorithm: weighted-least-connections | ok
      slowStart: 0s | ok
      slowStart: 1h | ok
      slowStart: 3601s | line 4: slowStart: 3601s (expected: 0s..1h)
      slowStart: 5 | line 4: slowStart: 5 (expected: a whole number of up to 12 digits and ms, s, m, h or d)
      algorithm: random | line 4: algorithm: random (expected: one of [weighted-round-robin, weighted-least-connections, source-ip-hash])
      failover: move | ok
      failover: lend | ok
      failover: strict | ok
      failover: MOVE | line 4: failover: MOVE (expected: one of [move, lend, strict])
      failover: no | line 4: failover: no (expected: one of [move, lend, strict])
      healthCheck: {interval: 1ms} | ok
      healthCheck: {interval: 1d} | ok
      healthCheck: {interval: 0s} | line 4: interval: 0s (expected: 1ms..1d)
      healthCheck: {interval: 86401s} | line 4: interval: 86401s (expected: 1ms..1d)
      healthCheck: {interval: 2} | line 4: interval: 2 (expected: a whole number of up to 12 digits and ms, s, m, h or d)
      healthCheck: {} | line 4: interval: absent (expected: a whole number of up to 12 digits and ms, s, m, h or d)
      healthCheck: 2s | line 4: healthCheck: 2s (expected: a mapping of [path, expect, interval, timeout, rise, fall])
      healthCheck: {interval: 2s, port: 1} | line 4: port: an unknown key (expected: one of [path, expect, interval, timeout, rise, fall])
      healthCheck: {interval: 2s, timeout: 2s, rise: 100, fall: 100} | ok
      healthCheck: {interval: 2s, timeout: 1ms, rise: 1, fall: 1} | ok
      healthCheck: {interval: 2s, timeout: 3s} | line 4: timeout: 3s (expected: 1ms..2s, at most the interval)
      healthCheck: {interval: 2s, timeout: 2001ms} | line 4: timeout: 2001ms (expected: 1ms..2000ms, at most the interval)
      healthCheck: {interval: 2s, timeout: 0s} | line 4: timeout: 0s (expected: 1ms..1d)
      healthCheck: {timeout: 1s} | line 4: interval: absent (expected: a whole number of up to 12 digits and ms, s, m, h or d)
      healthCheck: {interval: 2s, rise: 0} | line 4: rise: 0 (expected: 1..100)
      healthCheck: {interval: 2s, fall: 101} | line 4: fall: 101 (expected: 1..100)
      healthCheck: {interval: 2s, path: /} | ok
      healthCheck: {interval: 2s, path: "/h?a=b;c%20d"} | ok
      healthCheck: {interval: 2s, path: h} | line 4: path: h (expected: a path that starts with '/': 1..1024 printable ASCII characters without spaces and '#')
      healthCheck: {interval: 2s, path: "/a b"} | line 4: path: "/a b" (expected: a path that starts with '/': 1..1024 printable ASCII characters without spaces and '#')
      healthCheck: {interval: 2s, path: "/a\\r\\nX: y"} | line 4: path: "/a\\u000D\\u000AX: y" (expected: a path that starts with '/': 1..1024 printable ASCII characters without spaces and '#')
      healthCheck: {interval: 2s, path: /, expect: 200} | ok
      healthCheck: {interval: 2s, path: /, expect: 200-599} | ok
      healthCheck: {interval: 2s, path: /, expect: [200, 301-302]} | ok
      healthCheck: {interval: 2s, path: /, expect: 199} | line 4: expect: 199 (expected: a status of 200..599, a range such as 200-399, or a list)
      healthCheck: {interval: 2s, path: /, expect: 600} | line 4: expect: 600 (expected: a status of 200..599, a range such as 200-399, or a list)
      healthCheck: {interval: 2s, path: /, expect: 399-200} | line 4: expect: 399-200 (expected: a status of 200..599, a range such as 200-399, or a list)
      healthCheck: {interval: 2s, path: /, expect: []} | line 4: expect: [] (expected: a list of 1..20 statuses)
      healthCheck: {interval: 2s, path: /, expect: [200, x]} | line 4: expect[1]: x (expected: a status of 200..599, a range such as 200-399, or a list)
      healthCheck: {interval: 2s, expect: 200} | line 4: expect: 200 (expected: absent without a path, as a TCP connect has no status)
      stickySession: | line 4: stickySession: null (expected: a mapping of [type, duration, mode, maxDuration, cookieName, quota, ipv6Prefix, encrypted, secure, path, domain, sameSite, hostPrefix, partitioned, header, parameter, form, pathParameter, cookieFirst, separator, ranked, appendRoute])
      responseTimeout: 1ms | ok
      responseTimeout: 1d | ok
      responseTimeout: 0s | line 4: responseTimeout: 0s (expected: 1ms..1d)
      responseTimeout: 86401s | line 4: responseTimeout: 86401s (expected: 1ms..1d)
      responseTimeout: 5 | line 4: responseTimeout: 5 (expected: a whole number of up to 12 digits and ms, s, m, h or d)
      passiveHealth: false | ok
      passiveHealth: {} | ok
      passiveHealth: {failures: 1, grace: 0s} | ok
      passiveHealth: {failures: 1000, grace: 1h} | ok
      passiveHealth: {failures: 0} | line 4: failures: 0 (expected: 1..1000)
      passiveHealth: {failures: 1001} | line 4: failures: 1001 (expected: 1..1000)
      passiveHealth: {grace: 61m} | line 4: grace: 61m (expected: 0s..1h)
      passiveHealth: true | line 4: passiveHealth: true (expected: a mapping of [failures, grace], or false)
      passiveHealth: "false" | line 4: passiveHealth: "false" (expected: a mapping of [failures, grace], or false)
      passiveHealth: {time: 1s} | line 4: time: an unknown key (expected: one of [failures, grace])
      returnToEarlierTier: true | ok
      returnToEarlierTier: 1 | line 4: returnToEarlierTier: 1 (expected: true or false)
      retries: 1 | line 4: retries: an unknown key (expected: one of [name, algorithm, slowStart, failover, stickySession, sharedTable, healthCheck, passiveHealth, responseTimeout, returnToEarlierTier, backends])
      <<: {failover: lend} | line 4: <<: an unknown key (expected: one of [name, algorithm, slowStart, failover, stickySession, sharedTable, healthCheck, passiveHealth, responseTimeout, returnToEarlierTier, backends])
      name: web | line 4: name: a second time (expected: once; line 3 has it)
      """)
  void settings(String setting, String expected) {
    assertFault(pool("http", setting), expected);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      id: a, address: "h:1" | ok
      id: a, address: h:1 | ok
      id: a, address: "[::1]:9000" | ok
      id: a, address: "[::ffff:1.2.3.4]:9000" | ok
      id: a, address: h.example.com.:65535 | ok
      id: "a b/c:d#e", address: h:1 | ok
      address: h:1 | line 5: id: absent (expected: 1..128 printable ASCII characters, none of @ < > & " ')
      id: a | line 5: address: absent (expected: host:port or [IPv6]:port, port 1..65535)
      id: a@b, address: h:1 | line 5: id: a@b (expected: 1..128 printable ASCII characters, none of @ < > & " ')
      id: '<img src=x onerror="a()">', address: h:1 | line 5: id: "<img src=x onerror="a()">" (expected: 1..128 printable ASCII characters, none of @ < > & " ')
      id: "", address: h:1 | line 5: id: "" (expected: 1..128 printable ASCII characters, none of @ < > & " ')
      id: "é", address: h:1 | line 5: id: "é" (expected: 1..128 printable ASCII characters, none of @ < > & " ')
      id: 1, address: h:1 | line 5: id: 1 (expected: 1..128 printable ASCII characters, none of @ < > & " ', in quotes)
      id: a, address: h | line 5: address: h (expected: host:port or [IPv6]:port, port 1..65535)
      id: a, address: "h:" | line 5: address: "h:" (expected: host:port or [IPv6]:port, port 1..65535)
      id: a, address: ":1" | line 5: address: ":1" (expected: host:port or [IPv6]:port, port 1..65535)
      id: a, address: h:0 | line 5: address: h:0 (expected: host:port or [IPv6]:port, port 1..65535)
      id: a, address: h:65536 | line 5: address: h:65536 (expected: host:port or [IPv6]:port, port 1..65535)
      id: a, address: h:+1 | line 5: address: h:+1 (expected: host:port or [IPv6]:port, port 1..65535)
      id: a, address: "::1:9000" | line 5: address: "::1:9000" (expected: host:port or [IPv6]:port, port 1..65535)
      id: a, address: "[1.2.3.4]:9000" | line 5: address: "[1.2.3.4]:9000" (expected: host:port or [IPv6]:port, port 1..65535)
      id: a, address: "[::1" | line 5: address: "[::1" (expected: host:port or [IPv6]:port, port 1..65535)
      id: a, address: "[.::1]:9000" | line 5: address: "[.::1]:9000" (expected: host:port or [IPv6]:port, port 1..65535)
      id: a, address: ".::1:9000" | line 5: address: ".::1:9000" (expected: host:port or [IPv6]:port, port 1..65535)
      id: a, address: "[::ffff:010.0.0.1]:9000" | line 5: address: "[::ffff:010.0.0.1]:9000" (expected: host:port or [IPv6]:port, port 1..65535)
      id: a, address: "[::12345]:9000" | line 5: address: "[::12345]:9000" (expected: host:port or [IPv6]:port, port 1..65535)
      id: a, address: "[::1%1]:9000" | line 5: address: "[::1%1]:9000" (expected: host:port or [IPv6]:port, port 1..65535)
      id: a, address: "010.0.0.1:9000" | line 5: address: "010.0.0.1:9000" (expected: host:port or [IPv6]:port, port 1..65535)
      id: a, address: "0x7f.1:9000" | line 5: address: "0x7f.1:9000" (expected: host:port or [IPv6]:port, port 1..65535)
      id: a, address: "127.0x1:9000" | line 5: address: "127.0x1:9000" (expected: host:port or [IPv6]:port, port 1..65535)
      id: a, address: ".:9000" | line 5: address: ".:9000" (expected: host:port or [IPv6]:port, port 1..65535)
      id: a, address: ".h:9000" | line 5: address: ".h:9000" (expected: host:port or [IPv6]:port, port 1..65535)
      id: a, address: 9000 | line 5: address: 9000 (expected: host:port or [IPv6]:port, port 1..65535, in quotes)
      id: a, address: {host: h} | line 5: address: a mapping (expected: host:port or [IPv6]:port, port 1..65535)
      id: a, address: h:1, weight: -1 | line 5: weight: -1 (expected: 0..256)
      id: a, address: h:1, weight: 0 | ok
      id: a, address: h:1, weight: 256 | ok
      id: a, address: h:1, weight: 257 | line 5: weight: 257 (expected: 0..256)
      id: a, address: h:1, weight: 1.5 | line 5: weight: 1.5 (expected: 0..256, a whole number)
      id: a, address: h:1, weight: "5" | line 5: weight: "5" (expected: 0..256, without quotes)
      id: a, address: h:1, maxConnections: 1, tier: 0 | ok
      id: a, address: h:1, maxConnections: 1000000, tier: 255 | ok
      id: a, address: h:1, maxConnections: 0 | line 5: maxConnections: 0 (expected: 1..1000000)
      id: a, address: h:1, maxConnections: 1000001 | line 5: maxConnections: 1000001 (expected: 1..1000000)
      id: a, address: h:1, tier: -1 | line 5: tier: -1 (expected: 0..255)
      id: a, address: h:1, tier: 256 | line 5: tier: 256 (expected: 0..255)
      id: a, address: h:1, drain: true | ok
      id: a, address: h:1, drain: yes | line 5: drain: yes (expected: true or false)
      id: a, address: h:1, drain: "true" | line 5: drain: "true" (expected: true or false)
      id: a, address: h:1, drain: 1 | line 5: drain: 1 (expected: true or false)
      id: a, address: h:1, drain: null | line 5: drain: null (expected: true or false)
      id: a, address: h:1, scheme: https | ok
      id: a, address: h:1, scheme: http | ok
      id: a, address: h:1, scheme: HTTPS | line 5: scheme: HTTPS (expected: one of [http, https])
      id: a, address: h:1, scheme: https, tls: {name: example.com} | ok
      id: a, address: h:1, scheme: https, tls: {name: "::1"} | ok
      id: a, address: h:1, scheme: https, tls: {name: a_b} | line 5: name: a_b (expected: a host's name or address that a certificate can have)
      id: a, address: h:1, scheme: https, tls: {name: "a b"} | line 5: name: "a b" (expected: a host's name or address that a certificate can have)
      id: a, address: a_b:1, scheme: https | line 5: tls.name: absent (expected: a host's name or address that a certificate can have, unlike a_b)
      id: a, address: a_b:1, scheme: https, tls: {name: ab.} | ok
      id: a, address: h:1, scheme: https, tls: {ca: absent.pem} | line 5: ca: absent.pem (expected: a readable file)
      id: a, address: h:1, scheme: https, tls: {ca: pom.xml} | line 5: ca: pom.xml (expected: a readable PEM file with 1..1000 certificates)
      id: a, address: h:1, scheme: https, tls: {cert: x} | line 5: cert: an unknown key (expected: one of [ca, name])
      id: a, address: h:1, tls: {name: h} | line 5: tls: a mapping (expected: absent unless scheme is https)
      id: a, address: h:1, port: 1 | line 5: port: an unknown key (expected: one of [id, address, weight, maxConnections, tier, drain, scheme, tls])
      """)
  void backends(String settings, String expected) {
    assertFault(backend(settings), expected);
  }

  @Test
  void idsHave128CharactersAtMost() {
    String id = "a".repeat(128);
    assertFault(backend("address: h:1, id: " + id), "ok");
    assertFault(
        backend("address: h:1, id: " + id + "a"),
        "line 5: id: " + "a".repeat(40)
            + "… (expected: 1..128 printable ASCII characters, none of @ < > & \" ')");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      [] | line 3: backends: [] (expected: a list of 1..10000 backends)
      {id: a} | line 3: backends: a mapping (expected: a list of 1..10000 backends)
      web1 | line 3: backends: web1 (expected: a list of 1..10000 backends)
      [web1] | line 3: backends[0]: web1 (expected: a mapping of [id, address, weight, maxConnections, tier, drain, scheme, tls])
      [{id: a, address: h:1}, null] | line 3: backends[1]: null (expected: a mapping of [id, address, weight, maxConnections, tier, drain, scheme, tls])
      [{id: a, address: h:1}, {id: b, address: h:1}, {id: a, address: h:2}] | line 3: id: a (expected: another id; line 3 has it)
      """)
  void listsOfBackends(String backends, String expected) {
    assertFault("""
        listeners: [{name: front, protocol: http, port: 8080, pool: web}]
        pools:
          - {name: web, backends: %s}
        """.formatted(backends), expected);
  }

  @Test
  void poolsHave10000BackendsAtMost() {
    assertThat(faults(poolOf(10_000))).isEmpty();
    assertThat(faults(poolOf(10_001)))
        .containsExactly("line 3: backends: 10001 of them (expected: a list of 1..10000 backends)");
  }

  private static String poolOf(int size) {
    return """
        listeners: [{name: front, protocol: http, port: 8080, pool: web}]
        pools:
          - {name: web, backends: [%s]}
        """.formatted(IntStream.range(0, size)
        .mapToObj(i -> "{id: b" + i + ", address: h:1}")
        .collect(Collectors.joining(", ")));
  }

  @Test
  void namesDiffer() {
    assertFault("""
        listeners: [{name: front, protocol: http, port: 8080, pool: web}]
        pools:
          - {name: web, backends: [{id: a, address: h:1}]}
          - {name: web, backends: [{id: a, address: h:1}]}
        """, "line 4: name: web (expected: another name; line 3 has it)");
  }

  @Test
  void responseTimeoutIsForHttp() {
    String yaml = """
        listeners:
          - {name: front, protocol: http, port: 8080, pool: web}
          - {name: raw, protocol: tcp, port: 8081, pool: both}
          - {name: page, protocol: http, port: 8082, pool: both}
          - {name: db, protocol: tcp, port: 8083, pool: db}
        pools:
          - {name: web, responseTimeout: 5s, backends: [{id: a, address: h:1}]}
          - {name: both, responseTimeout: 5s, backends: [{id: a, address: h:1}]}
          - {name: db, responseTimeout: 5s, backends: [{id: a, address: h:1}]}
        """;
    assertThat(faults(yaml))
        .containsExactly(
            "line 9: responseTimeout: 5s (expected: absent, as no http listener has this pool)");
  }

  @Test
  void httpsIsForHttp() {
    String yaml = """
        listeners:
          - {name: front, protocol: http, port: 8080, pool: web}
          - {name: raw, protocol: tcp, port: 8081, pool: web}
          - {name: page, protocol: http, port: 8082, pool: page}
        pools:
          - {name: web, backends: [{id: a, address: h:1, scheme: https}]}
          - {name: page, backends: [{id: a, address: h:1, scheme: https}]}
        """;
    assertThat(faults(yaml))
        .containsExactly(
            "line 6: scheme: https (expected: http, as tcp listener raw has this pool)");
  }

  @Test
  void everyPoolIsUsed() {
    assertFault("""
        listeners: [{name: front, protocol: http, port: 8080, pool: web}]
        pools:
          - {name: web, backends: [{id: a, address: h:1}]}
          - {name: spare, backends: [{id: a, address: h:1}]}
        """, "line 4: name: spare (expected: the pool of a listener)");
  }

  @Test
  void useIsNotJudgedWhereAListenerCannotBeRead() {
    assertThat(faults("""
        listeners:
          - {name: front, protocol: http, port: 8080}
        pools:
          - {name: web, backends: [{id: a, address: h:1}]}
        """)).containsExactly("line 2: pool: absent (expected: the name of a pool)");
  }
}
