package dev.limpet.examples.gateway.config;

import static dev.limpet.examples.gateway.config.Reading.assertFault;
import static dev.limpet.examples.gateway.config.Reading.faults;
import static dev.limpet.examples.gateway.config.Reading.listener;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenerFaultsTest {
  private static final String PLAIN = "name: a, protocol: http, port: 80, pool: web";

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      protocol: http, port: 80, pool: web | line 2: name: absent (expected: 1..64 of [A-Za-z0-9._-])
      name: a, port: 80, pool: web | line 2: protocol: absent (expected: one of [http, tcp])
      name: a, protocol: http, pool: web | line 2: port: absent (expected: 0..65535)
      name: a, protocol: udp, port: 80, pool: web | line 2: protocol: udp (expected: one of [http, tcp])
      name: a, protocol: HTTP, port: 80, pool: web | line 2: protocol: HTTP (expected: one of [http, tcp])
      name: a, protocol: 4, port: 80, pool: web | line 2: protocol: 4 (expected: one of [http, tcp])
      name: 8080, protocol: http, port: 80, pool: web | line 2: name: 8080 (expected: 1..64 of [A-Za-z0-9._-], in quotes)
      name: no, protocol: http, port: 80, pool: web | line 2: name: no (expected: 1..64 of [A-Za-z0-9._-], in quotes)
      name: "8080", protocol: http, port: 80, pool: web | ok
      name: 2024-01-01, protocol: http, port: 80, pool: web | ok
      name: "", protocol: http, port: 80, pool: web | line 2: name: "" (expected: 1..64 of [A-Za-z0-9._-])
      name: a b, protocol: http, port: 80, pool: web | line 2: name: a b (expected: 1..64 of [A-Za-z0-9._-])
      name: "a\\nb", protocol: http, port: 80, pool: web | line 2: name: "a\\u000Ab" (expected: 1..64 of [A-Za-z0-9._-])
      name: ä, protocol: http, port: 80, pool: web | line 2: name: ä (expected: 1..64 of [A-Za-z0-9._-])
      name: , protocol: http, port: 80, pool: web | line 2: name: null (expected: 1..64 of [A-Za-z0-9._-])
      name: [a], protocol: http, port: 80, pool: web | line 2: name: a list (expected: 1..64 of [A-Za-z0-9._-])
      name: {a: b}, protocol: http, port: 80, pool: web | line 2: name: a mapping (expected: 1..64 of [A-Za-z0-9._-])
      name: !secret a, protocol: http, port: 80, pool: web | line 2: name: !secret a (expected: 1..64 of [A-Za-z0-9._-])
      name: a, protocol: http, port: -1, pool: web | line 2: port: -1 (expected: 0..65535)
      name: a, protocol: http, port: 0, pool: web | ok
      name: a, protocol: http, port: 65535, pool: web | ok
      name: a, protocol: http, port: 65536, pool: web | line 2: port: 65536 (expected: 0..65535)
      name: a, protocol: http, port: 99999999999999999999, pool: web | line 2: port: 99999999999999999999 (expected: 0..65535)
      name: a, protocol: http, port: "80", pool: web | line 2: port: "80" (expected: 0..65535, without quotes)
      name: a, protocol: http, port: 80.0, pool: web | line 2: port: 80.0 (expected: 0..65535, a whole number)
      name: a, protocol: http, port: 0x50, pool: web | line 2: port: 0x50 (expected: 0..65535, a whole number)
      name: a, protocol: http, port: 010, pool: web | line 2: port: 010 (expected: 0..65535, a whole number)
      name: a, protocol: http, port: 1:30, pool: web | line 2: port: 1:30 (expected: 0..65535, a whole number)
      name: a, protocol: http, port: 8_080, pool: web | line 2: port: 8_080 (expected: 0..65535, a whole number)
      name: a, protocol: http, port: true, pool: web | line 2: port: true (expected: 0..65535, a whole number)
      name: a, protocol: http, port: , pool: web | line 2: port: null (expected: 0..65535, a whole number)
      name: a, protocol: http, port: [80], pool: web | line 2: port: a list (expected: 0..65535, a whole number)
      name: a, protocol: http, port: 80, pool: other | line 2: pool: other (expected: one of [web])
      """)
  void requiredSettings(String settings, String expected) {
    if (expected.contains("pool: other")) {
      assertThat(faults(listener(settings)))
          .containsExactly(expected, "line 4: name: web (expected: the pool of a listener)");
    } else {
      assertFault(listener(settings), expected);
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      host: 0.0.0.0 | ok
      host: localhost | ok
      host: "::" | ok
      host: "[::1]" | ok
      host: gateway_1.example.com | ok
      host: "" | line 2: host: "" (expected: a host's name or address)
      ~host: !!str ~ | line 2: host: "" (expected: a host's name or address)
      host: "fe80::1%eth0" | line 2: host: "fe80::1%eth0" (expected: a host's name or address)
      host: ".::1" | line 2: host: ".::1" (expected: a host's name or address)
      host: "::12345" | line 2: host: "::12345" (expected: a host's name or address)
      host: "::ffff:010.0.0.1" | line 2: host: "::ffff:010.0.0.1" (expected: a host's name or address)
      host: "0x7f000001" | line 2: host: "0x7f000001" (expected: a host's name or address)
      host: 127.0.0.256 | line 2: host: 127.0.0.256 (expected: a host's name or address)
      host: 127.1 | line 2: host: 127.1 (expected: a host's name or address, in quotes)
      host: a..b | line 2: host: a..b (expected: a host's name or address)
      host: http://a | line 2: host: http://a (expected: a host's name or address)
      host: [127.0.0.1] | line 2: host: a list (expected: a host's name or address)
      proxyProtocol: [127.0.0.0/8] | ok
      proxyProtocol: [127.0.0.1, "::1", "2001:db8::/32", 0.0.0.0/0, "::/0", 1.2.3.4/32] | ok
      proxyProtocol: [] | line 2: proxyProtocol: [] (expected: a list of 1..1000 blocks of addresses)
      proxyProtocol: 127.0.0.0/8 | line 2: proxyProtocol: 127.0.0.0/8 (expected: a list of 1..1000 blocks of addresses)
      proxyProtocol: | line 2: proxyProtocol: null (expected: a list of 1..1000 blocks of addresses)
      proxyProtocol: [10.0.0.0/33] | line 2: proxyProtocol[0]: 10.0.0.0/33 (expected: an IPv4 or IPv6 address and a prefix, such as 10.0.0.0/8)
      proxyProtocol: ["::/129"] | line 2: proxyProtocol[0]: "::/129" (expected: an IPv4 or IPv6 address and a prefix, such as 10.0.0.0/8)
      proxyProtocol: [".::1"] | line 2: proxyProtocol[0]: ".::1" (expected: an IPv4 or IPv6 address and a prefix, such as 10.0.0.0/8)
      proxyProtocol: [".::1/128"] | line 2: proxyProtocol[0]: ".::1/128" (expected: an IPv4 or IPv6 address and a prefix, such as 10.0.0.0/8)
      proxyProtocol: ["::12345/128"] | line 2: proxyProtocol[0]: "::12345/128" (expected: an IPv4 or IPv6 address and a prefix, such as 10.0.0.0/8)
      proxyProtocol: ["::ffff:010.0.0.1"] | line 2: proxyProtocol[0]: "::ffff:010.0.0.1" (expected: an IPv4 or IPv6 address and a prefix, such as 10.0.0.0/8)
      proxyProtocol: ["2001:DB8:0::1/64"] | line 2: proxyProtocol[0]: "2001:DB8:0::1/64" (expected: 2001:db8::/64, or 2001:db8::1)
      proxyProtocol: [10.0.0.0/] | line 2: proxyProtocol[0]: 10.0.0.0/ (expected: an IPv4 or IPv6 address and a prefix, such as 10.0.0.0/8)
      proxyProtocol: [10.0.0.0/-1] | line 2: proxyProtocol[0]: 10.0.0.0/-1 (expected: an IPv4 or IPv6 address and a prefix, such as 10.0.0.0/8)
      proxyProtocol: [127.0.0.1, localhost] | line 2: proxyProtocol[1]: localhost (expected: an IPv4 or IPv6 address and a prefix, such as 10.0.0.0/8)
      proxyProtocol: [10.1.2.3/8] | line 2: proxyProtocol[0]: 10.1.2.3/8 (expected: 10.0.0.0/8, or 10.1.2.3)
      trustedProxies: [10.0.0.0/8, "::1"] | ok
      trustedProxies: [] | line 2: trustedProxies: [] (expected: a list of 1..1000 blocks of addresses)
      trustedProxies: [10.1.2.3/8] | line 2: trustedProxies[0]: 10.1.2.3/8 (expected: 10.0.0.0/8, or 10.1.2.3)
      proxyProtocol: [null] | line 2: proxyProtocol[0]: null (expected: an IPv4 or IPv6 address and a prefix, such as 10.0.0.0/8)
      tls: {} | line 2: cert: absent (expected: the path of a PEM file) & line 2: key: absent (expected: the path of a PEM file)
      tls: true | line 2: tls: true (expected: a mapping of [cert, key])
      tls: | line 2: tls: null (expected: a mapping of [cert, key])
      tls: {cert: /dev/null/no, key: ""} | line 2: cert: /dev/null/no (expected: a readable file) & line 2: key: "" (expected: a readable file)
      tls: {cert: "\\0", key: .} | line 2: cert: "\\u0000" (expected: a readable file) & line 2: key: . (expected: a readable file)
      clientTimeout: 1ms | ok
      clientTimeout: 1d | ok
      clientTimeout: 0s | line 2: clientTimeout: 0s (expected: 1ms..1d)
      clientTimeout: 25h | line 2: clientTimeout: 25h (expected: 1ms..1d)
      clientTimeout: 5 | line 2: clientTimeout: 5 (expected: a whole number of up to 12 digits and ms, s, m, h or d)
      tsl: {} | line 2: tsl: an unknown key (expected: one of [name, protocol, host, port, pool, tls, proxyProtocol, trustedProxies, clientTimeout, stickySession])
      [a]: b | line 2: a list: an unknown key (expected: one of [name, protocol, host, port, pool, tls, proxyProtocol, trustedProxies, clientTimeout, stickySession])
      port: 81 | line 2: port: a second time (expected: once; line 2 has it)
      stickySession: {type: lb-cookie} | line 2: stickySession: on the listener (expected: on the pool with profile enhanced)
      """)
  void optionalSettings(String setting, String expected) {
    String yaml = listener(PLAIN + ", " + setting);
    if (expected.contains(" & ")) {
      assertThat(String.join(" & ", faults(yaml))).isEqualTo(expected);
    } else {
      assertFault(yaml, expected);
    }
  }

  @Test
  void namesHave64CharactersAtMost() {
    String name = "a".repeat(64);
    assertFault(listener("name: " + name + ", protocol: tcp, port: 80, pool: web"), "ok");
    assertFault(
        listener("name: " + name + "b, protocol: tcp, port: 80, pool: web"),
        "line 2: name: " + name + "b (expected: 1..64 of [A-Za-z0-9._-])");
  }

  @Test
  void tcp_trustsNoProxies() {
    assertFault(
        listener("name: a, protocol: tcp, port: 80, pool: web, trustedProxies: [10.0.0.0/8]"),
        "line 2: trustedProxies: a list (expected: absent with protocol tcp)");
  }

  @Test
  void tcp_hasNoTls() {
    assertFault(
        listener("name: a, protocol: tcp, port: 80, pool: web, tls: {cert: a, key: b}"),
        "line 2: tls: a mapping (expected: absent with protocol tcp)");
  }

  @Test
  void filesAreRelativeToTheFolderOfTheFile(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("cert.pem"), "-");
    Files.writeString(folder.resolve("key.pem"), "-");
    Path file = folder.resolve("config.yaml");
    Files.writeString(file, listener(PLAIN + ", tls: {cert: cert.pem, key: key.pem}"));

    assertThat(ConfigReader.source(file).source().config().listeners().get(0).tls())
        .isEqualTo(new TlsConfig(folder.resolve("cert.pem"), folder.resolve("key.pem")));
  }

  @Test
  void namesAndAddressesDiffer() {
    String yaml = """
        listeners:
          - {name: a, protocol: http, port: 80, pool: web}
          - {name: b, protocol: tcp, port: 80, pool: web}
          - {name: a, protocol: tcp, port: 80, pool: web, host: 127.0.0.2}
          - {name: d, protocol: tcp, port: 81, pool: web, host: "::1"}
          - {name: e, protocol: tcp, port: 81, pool: web, host: "0:0:0:0:0:0:0:1"}
          - {name: f, protocol: tcp, port: 82, pool: web, host: localhost}
          - {name: g, protocol: tcp, port: 82, pool: web, host: LOCALHOST}
          - {name: h, protocol: tcp, port: 0, pool: web}
          - {name: i, protocol: tcp, port: 0, pool: web}
        pools: [{name: web, backends: [{id: web1, address: "h:1"}]}]
        """;
    assertThat(faults(yaml))
        .containsExactly(
            "line 3: port: 80 (expected: another port; line 2 has 127.0.0.1:80)",
            "line 4: name: a (expected: another name; line 2 has it)",
            "line 6: port: 81 (expected: another port; line 5 has [::1]:81)",
            "line 8: port: 82 (expected: another port; line 7 has localhost:82)");
  }
}
