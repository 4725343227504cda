package dev.limpet.examples.gateway.config;

import static dev.limpet.examples.gateway.config.Reading.assertFault;
import static dev.limpet.examples.gateway.config.Reading.faults;
import static dev.limpet.examples.gateway.config.Reading.pool;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StickyFaultsTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      tcp | {type: source-ip} | ok
      http | {type: lb-cookie} | ok
      http | {type: app-cookie, cookieName: SID} | ok
      http | {type: source-ip} | line 4: type: source-ip (expected: lb-cookie or app-cookie at layer 7) [profile enhanced, allowed by profile open, listener front]
      tcp | {type: lb-cookie} | line 4: type: lb-cookie (expected: source-ip at layer 4) [profile enhanced, listener front]
      tcp | {type: app-cookie, cookieName: SID} | line 4: type: app-cookie (expected: source-ip at layer 4) [profile enhanced, listener front]
      http | {type: custom} | line 4: type: custom (expected: one of [source-ip, lb-cookie, app-cookie, route-suffix, prefix-cookie, header, mcp, query, path])
      http | {duration: 20m} | line 4: type: absent (expected: one of [source-ip, lb-cookie, app-cookie, route-suffix, prefix-cookie, header, mcp, query, path])
      http | {type: } | line 4: type: null (expected: one of [source-ip, lb-cookie, app-cookie, route-suffix, prefix-cookie, header, mcp, query, path])
      http | lb-cookie | line 4: stickySession: lb-cookie (expected: a mapping of [type, duration, mode, maxDuration, cookieName, quota, ipv6Prefix, encrypted, secure, path, domain, sameSite, hostPrefix, partitioned, header, parameter, form, pathParameter, cookieFirst, separator, ranked, appendRoute])
      http | {type: app-cookie} | line 4: cookieName: absent (expected: the application's cookie with type app-cookie at layer 7) [profile enhanced, listener front]
      http | {type: app-cookie, cookieName: "a b"} | line 4: cookieName: "a b" (expected: an RFC 6265 token; ' ' at index 1 at layer 7) [profile enhanced, listener front]
      http | {type: app-cookie, cookieName: ""} | line 4: cookieName: "" (expected: an RFC 6265 token at layer 7) [profile enhanced, listener front]
      http | {type: app-cookie, cookieName: 1} | line 4: cookieName: 1 (expected: a cookie's name, in quotes)
      http | {type: app-cookie, cookieName: __Host-SID} | ok
      http | {type: lb-cookie, cookieName: sid} | ok
      tcp | {type: source-ip, cookieName: sid} | line 4: cookieName: sid (expected: absent with type source-ip at layer 4) [profile enhanced, listener front]
      tcp | {type: source-ip, secure: false} | line 4: secure: false (expected: absent with type source-ip)
      http | {type: app-cookie, cookieName: SID, secure: true} | line 4: secure: true (expected: absent with type app-cookie)
      http | {type: lb-cookie, secure: true} | ok
      http | {type: lb-cookie, secure: on} | line 4: secure: on (expected: true or false)
      http | {type: lb-cookie, cookieName: __Host-sid} | line 4: secure: absent (expected: true with a cookie name that starts with __Host-) [listener front]
      http | {type: lb-cookie, cookieName: __secure-sid, secure: false} | line 4: secure: false (expected: true with a cookie name that starts with __secure-) [listener front]
      http | {type: lb-cookie, cookieName: __Http-sid} | line 4: secure: absent (expected: true with a cookie name that starts with __Http-) [listener front]
      http | {type: lb-cookie, cookieName: __http-sid, secure: true} | ok
      http | {type: lb-cookie, cookieName: __Host-sid, secure: true} | ok
      tcp | {type: source-ip, duration: 59s} | line 4: duration: 59s (expected: 60s..3600s at layer 4, in whole seconds) [profile enhanced, allowed by profile open, listener front]
      tcp | {type: source-ip, duration: 60s} | ok
      tcp | {type: source-ip, duration: 60m} | ok
      tcp | {type: source-ip, duration: 1h} | ok
      tcp | {type: source-ip, duration: 3601s} | line 4: duration: 3601s (expected: 60s..3600s at layer 4, in whole seconds) [profile enhanced, allowed by profile open, listener front]
      tcp | {type: source-ip, duration: 61m} | line 4: duration: 61m (expected: 1m..60m at layer 4, in whole seconds) [profile enhanced, allowed by profile open, listener front]
      http | {type: lb-cookie, duration: 61m} | ok
      http | {type: lb-cookie, duration: 1d} | ok
      http | {type: lb-cookie, duration: 1441m} | line 4: duration: 1441m (expected: 1m..1440m at layer 7, in whole seconds) [profile enhanced, allowed by profile open, listener front]
      http | {type: lb-cookie, duration: 60001ms} | line 4: duration: 60001ms (expected: 1m..1d at layer 7, in whole seconds) [profile enhanced, listener front]
      http | {type: lb-cookie, duration: 0020m} | ok
      http | {type: lb-cookie, duration: 20} | line 4: duration: 20 (expected: a whole number of up to 12 digits and ms, s, m, h or d)
      http | {type: lb-cookie, duration: "20"} | line 4: duration: "20" (expected: a whole number of up to 12 digits and ms, s, m, h or d)
      http | {type: lb-cookie, duration: -1m} | line 4: duration: -1m (expected: a whole number of up to 12 digits and ms, s, m, h or d)
      http | {type: lb-cookie, duration: 1.5h} | line 4: duration: 1.5h (expected: a whole number of up to 12 digits and ms, s, m, h or d)
      http | {type: lb-cookie, duration: 1h30m} | line 4: duration: 1h30m (expected: a whole number of up to 12 digits and ms, s, m, h or d)
      http | {type: lb-cookie, duration: 20 m} | line 4: duration: 20 m (expected: a whole number of up to 12 digits and ms, s, m, h or d)
      http | {type: lb-cookie, duration: 20M} | line 4: duration: 20M (expected: a whole number of up to 12 digits and ms, s, m, h or d)
      http | {type: lb-cookie, duration: PT20M} | line 4: duration: PT20M (expected: a whole number of up to 12 digits and ms, s, m, h or d)
      http | {type: lb-cookie, duration: 999999999999d} | line 4: duration: 999999999999d (expected: 1m..1d at layer 7, in whole seconds) [profile enhanced, listener front]
      http | {type: lb-cookie, duration: 1000000000000d} | line 4: duration: 1000000000000d (expected: a whole number of up to 12 digits and ms, s, m, h or d)
      http | {type: lb-cookie, mode: absolute} | ok
      http | {type: lb-cookie, mode: fixed} | line 4: mode: fixed (expected: one of [sliding, absolute])
      http | {type: lb-cookie, maxDuration: 8h} | ok
      http | {type: lb-cookie, maxDuration: 20m} | ok
      http | {type: lb-cookie, maxDuration: 19m} | line 4: maxDuration: 19m (expected: 20m..365d at layer 7, in whole seconds) [profile enhanced, listener front]
      http | {type: lb-cookie, maxDuration: 365d} | ok
      http | {type: lb-cookie, maxDuration: 366d} | line 4: maxDuration: 366d (expected: 20m..365d at layer 7, in whole seconds) [profile enhanced, listener front]
      http | {type: lb-cookie, mode: absolute, maxDuration: 8h} | line 4: maxDuration: 8h (expected: absent unless mode is sliding at layer 7) [profile enhanced, listener front]
      http | {type: lb-cookie, maxDuration: 8} | line 4: maxDuration: 8 (expected: a whole number of up to 12 digits and ms, s, m, h or d)
      http | {type: lb-cookie, encrypted: true} | ok
      http | {type: lb-cookie, encrypted: yes} | line 4: encrypted: yes (expected: true or false)
      http | {type: app-cookie, cookieName: a, encrypted: true} | line 4: encrypted: true (expected: absent with type app-cookie)
      tcp | {type: source-ip, quota: {}} | ok
      tcp | {type: source-ip, quota: {percent: 100, newPerSecond: 1000000}} | ok
      tcp | {type: source-ip, quota: {percent: 0}} | line 4: percent: 0 (expected: 1..100)
      tcp | {type: source-ip, quota: {newPerSecond: 0}} | line 4: newPerSecond: 0 (expected: 1..1000000)
      tcp | {type: source-ip, quota: 10} | line 4: quota: 10 (expected: a mapping of [percent, newPerSecond])
      http | {type: lb-cookie, quota: {}} | line 4: quota: {} (expected: absent with type lb-cookie)
      tcp | {type: source-ip, ipv6Prefix: 1} | ok
      tcp | {type: source-ip, ipv6Prefix: 128} | ok
      tcp | {type: source-ip, ipv6Prefix: 0} | line 4: ipv6Prefix: 0 (expected: 1..128)
      tcp | {type: source-ip, ipv6Prefix: 129} | line 4: ipv6Prefix: 129 (expected: 1..128)
      http | {type: lb-cookie, ipv6Prefix: 64} | line 4: ipv6Prefix: 64 (expected: absent with type lb-cookie)
      http | {type: lb-cookie, path: /app, domain: example.com, sameSite: strict} | ok
      http | {type: lb-cookie, path: /app, domain: example.com, secure: true, partitioned: true} | ok
      http | {type: lb-cookie, sameSite: none, secure: true, hostPrefix: true} | ok
      http | {type: lb-cookie, sameSite: Lax} | line 4: sameSite: Lax (expected: one of [strict, lax, none])
      http | {type: lb-cookie, sameSite: none} | line 4: secure: absent (expected: true with sameSite none) [listener front]
      http | {type: lb-cookie, partitioned: true, secure: false} | line 4: secure: false (expected: true with partitioned) [listener front]
      http | {type: lb-cookie, hostPrefix: true} | line 4: secure: absent (expected: true with hostPrefix) [listener front]
      http | {type: lb-cookie, hostPrefix: true, secure: true, path: /a} | line 4: path: /a (expected: / with a cookie name that starts with __Host-)
      http | {type: lb-cookie, hostPrefix: true, secure: true, domain: a.org} | line 4: domain: a.org (expected: absent with a cookie name that starts with __Host-)
      http | {type: lb-cookie, cookieName: __Host-a, secure: true, domain: a.org} | line 4: domain: a.org (expected: absent with a cookie name that starts with __Host-)
      http | {type: lb-cookie, path: app} | line 4: path: app (expected: a path that starts with '/')
      http | {type: lb-cookie, path: "/a;b"} | line 4: path: "/a;b" (expected: printable ASCII without ';'; ';' at index 2)
      http | {type: lb-cookie, path: 1} | line 4: path: 1 (expected: a path, in quotes)
      http | {type: lb-cookie, hostPrefix: 1} | line 4: hostPrefix: 1 (expected: true or false)
      http | {type: app-cookie, cookieName: a, path: /} | line 4: path: / (expected: absent with type app-cookie)
      http | {type: lb-cookie, name: sid} | line 4: name: an unknown key (expected: one of [type, duration, mode, maxDuration, cookieName, quota, ipv6Prefix, encrypted, secure, path, domain, sameSite, hostPrefix, partitioned, header, parameter, form, pathParameter, cookieFirst, separator, …])
      """)
  void enhanced(String protocol, String session, String expected) {
    assertFault(pool(protocol, "stickySession: " + session), expected);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      http | {type: source-ip, duration: 7d} | ok
      tcp | {type: source-ip, duration: 1ms} | ok
      tcp | {type: source-ip, duration: 365d} | ok
      tcp | {type: source-ip, duration: 0s} | line 5: duration: 0s (expected: 1ms..365d at layer 4) [profile open, listener front]
      tcp | {type: source-ip, duration: 366d} | line 5: duration: 366d (expected: 1ms..365d at layer 4) [profile open, listener front]
      http | {type: lb-cookie, duration: 1500ms} | line 5: duration: 1500ms (expected: 1000ms..365d at layer 7, in whole seconds) [profile open, listener front]
      tcp | {type: lb-cookie} | line 5: type: lb-cookie (expected: source-ip at layer 4) [profile open, listener front]
      """)
  void open(String protocol, String session, String expected) {
    assertFault("profile: open\n" + pool(protocol, "stickySession: " + session), expected);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      {type: route-suffix} | ok
      {type: route-suffix, cookieName: SID, pathParameter: none, cookieFirst: true, separator: "!", ranked: true, appendRoute: true} | ok
      {type: route-suffix, separator: "/"} | line 5: separator: "/" (expected: one of [., !, ~, -, _, :])
      {type: route-suffix, cookieName: "a b"} | line 5: cookieName: "a b" (expected: an HTTP token of 1..256 characters)
      {type: route-suffix, duration: 1h} | line 5: duration: 1h (expected: absent with type route-suffix)
      {type: prefix-cookie, cookieName: SID, duration: 7d, encrypted: true} | ok
      {type: prefix-cookie} | line 5: cookieName: absent (expected: an HTTP token of 1..256 characters)
      {type: prefix-cookie, cookieName: SID, mode: sliding} | line 5: mode: sliding (expected: absent with type prefix-cookie)
      {type: header, header: X-Session, duration: 1s} | ok
      {type: header, header: X-Session, form: sealed, duration: 7d} | ok
      {type: header, header: X-Session, form: issued, mode: absolute} | ok
      {type: header} | line 5: header: absent (expected: an HTTP token of 1..256 characters)
      {type: header, header: "X:"} | line 5: header: "X:" (expected: an HTTP token of 1..256 characters)
      {type: header, header: X-User, form: sent, duration: 5m, maxDuration: 1h} | ok
      {type: header, header: X, form: kept} | line 5: form: kept (expected: one of [learned, sealed, issued, sent])
      {type: header, header: X, parameter: y} | line 5: parameter: y (expected: absent with type header)
      {type: header, header: X, form: sealed, mode: sliding} | line 5: mode: sliding (expected: absolute, as clients keep what they got; or form learned)
      {type: header, header: X, form: issued, duration: 1500ms} | line 5: duration: 1500ms (expected: whole seconds)
      {type: header, header: X, form: sealed, duration: 366d} | line 5: duration: 366d (expected: 1ms..365d)
      {type: prefix-cookie, cookieName: SID, duration: 10ms} | line 5: duration: 10ms (expected: 1000ms..365d, in whole seconds)
      {type: route-suffix, pathParameter: "a b"} | line 5: pathParameter: "a b" (expected: an HTTP token of 1..256 characters)
      {type: path, parameter: "a;b"} | line 5: parameter: "a;b" (expected: a parameter's name; ';' at index 1)
      {type: mcp} | ok
      {type: mcp, form: learned, duration: 2h, mode: sliding, maxDuration: 8h} | ok
      {type: mcp, form: issued} | line 5: form: issued (expected: one of [sealed, learned])
      {type: mcp, header: X} | line 5: header: X (expected: absent with type mcp)
      {type: query, parameter: id, duration: 1ms} | ok
      {type: query, parameter: id, duration: 366d} | line 5: duration: 366d (expected: 1ms..365d)
      {type: query, parameter: id, mode: absolute, maxDuration: 1h} | line 5: maxDuration: 1h (expected: absent unless mode is sliding)
      {type: query} | line 5: parameter: absent (expected: 1..256 printable ASCII characters without spaces)
      {type: query, parameter: "a b"} | line 5: parameter: "a b" (expected: 1..256 printable ASCII characters without spaces)
      {type: path, parameter: id} | ok
      {type: path, parameter: id, cookieName: id} | line 5: cookieName: id (expected: absent with type path)
      """)
  void customTypes_haveNoLimitsOfAProfile(String session, String expected) {
    for (String profile : List.of("enhanced", "open")) {
      assertFault(
          "profile: " + profile + "\n"
              + pool("http", "stickySession: " + session)
                  .replace("backends:", "algorithm: source-ip-hash\n    backends:"),
          expected);
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      {type: route-suffix} | route-suffix
      {type: header, header: X} | header
      {type: mcp} | mcp
      {type: query, parameter: id} | query
      """)
  void customTypes_needRequests(String session, String type) {
    assertFault(
        pool("tcp", "stickySession: " + session),
        "line 4: type: " + type
            + " (expected: source-ip at layer 4) [profile enhanced, listener front]");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      http | {type: lb-cookie} | ok
      http | {type: mcp, duration: 2d} | ok
      tcp | {type: source-ip} | ok
      http | {type: app-cookie, cookieName: SID} | line 3: type: app-cookie (expected: lb-cookie at layer 7) [profile classic, allowed by profile open, listener front]
      tcp | {type: source-ip, duration: 61m} | line 3: duration: 61m (expected: 1m..60m at layer 4, in whole seconds) [profile classic, allowed by profile open, listener front]
      """)
  void classic(String protocol, String session, String expected) {
    assertFault("""
        profile: classic
        listeners:
          - {name: front, protocol: %s, port: 80, pool: web, stickySession: %s}
        pools: [{name: web, backends: [{id: a, address: h:1}]}]
        """.formatted(protocol, session), expected);
  }

  @Test
  void classic_refusesStickinessOnThePool() {
    assertFault(
        "profile: classic\n" + pool("http", "stickySession: {type: lb-cookie}"),
        "line 5: stickySession: on the pool (expected: on the listener with profile classic)");
  }

  @Test
  void classic_refusesAnotherAlgorithmWhereThePoolSaysIt() {
    assertFault(
        """
        profile: classic
        listeners: [{name: a, protocol: tcp, port: 80, pool: p, stickySession: {type: source-ip}}]
        pools:
          - name: p
            algorithm: source-ip-hash
            backends: [{id: a, address: h:1}]
        """,
        "line 5: algorithm: source-ip-hash (expected: weighted-round-robin with a stickiness duration"
            + " at layer 4) [profile classic, allowed by profile open, listener a]");
  }

  @Test
  void severalFaultsAreReportedAtTheirLines() {
    assertThat(faults("""
        listeners: [{name: a, protocol: http, port: 80, pool: p}]
        pools:
          - name: p
            stickySession:
              type: source-ip
              duration: 2d
              cookieName: sid
            algorithm: source-ip-hash
            backends: [{id: a, address: h:1}]
        """))
        .containsExactly(
            "line 5: type: source-ip (expected: lb-cookie or app-cookie at layer 7) [profile enhanced, allowed by profile open, listener a]",
            "line 6: duration: 2d (expected: 1m..1d at layer 7, in whole seconds) [profile enhanced, allowed by profile open, listener a]",
            "line 7: cookieName: sid (expected: absent with type source-ip at layer 7) [profile enhanced, listener a]",
            "line 8: algorithm: source-ip-hash (expected: weighted-round-robin with a stickiness duration at layer 7)"
                + " [profile enhanced, allowed by profile open, listener a]");
  }

  @Test
  void aListenerOfTheWrongLayerIsNamed() {
    assertFault(
        """
        listeners:
          - {name: a, protocol: http, port: 80, pool: p}
          - {name: b, protocol: tcp, port: 81, pool: p}
          - {name: c, protocol: tcp, port: 82, pool: p}
        pools:
          - name: p
            stickySession: {type: lb-cookie, duration: 2h}
            backends: [{id: a, address: h:1}]
        """,
        "line 7: type: lb-cookie (expected: source-ip at layer 4) [profile enhanced, listener b, c]");
  }

  @Test
  void listenersOfBothLayersShareAPoolThatFitsThem() {
    String yaml = """
        profile: %s
        listeners:
          - {name: a, protocol: http, port: 80, pool: p}
          - {name: b, protocol: tcp, port: 81, pool: p}
        pools: [{name: p, %s backends: [{id: a, address: h:1}]}]
        """;
    assertFault(yaml.formatted("enhanced", ""), "ok");
    assertFault(yaml.formatted("open", "stickySession: {type: source-ip},"), "ok");
  }

  @Test
  void anUnreadableProfileJudgesNothing() {
    assertFault(
        "profile: gold\n" + pool("tcp", "stickySession: {type: lb-cookie}"),
        "line 1: profile: gold (expected: one of [classic, enhanced, open])");
  }
}
