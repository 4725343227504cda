package dev.limpet.examples.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ConfigReaderProperties {
  private static final String SOUND = """
      profile: enhanced
      listeners:
        - {name: web, protocol: http, host: 127.0.0.1, port: 8080, pool: web}
        - {name: app, protocol: http, port: 8081, pool: app}
        - {name: db, protocol: tcp, port: 9000, pool: db, proxyProtocol: [127.0.0.0/8, "::1"]}
      pools:
        - name: web
          algorithm: weighted-round-robin
          failover: move
          stickySession: {type: lb-cookie, duration: 20m, mode: sliding, maxDuration: 8h, secure: false}
          healthCheck: {interval: 2s}
          backends:
            - {id: web1, address: "127.0.0.1:9101", weight: 5, drain: false}
            - {id: web2, address: "[::1]:9102"}
        - name: app
          stickySession: {type: app-cookie, cookieName: SID}
          backends: [{id: app1, address: "app1:9101"}]
        - name: db
          stickySession: {type: source-ip}
          backends:
            - id: db1
              address: "127.0.0.1:9201"
      keySecret: $
      cookieSecrets: [{id: 1, secret: "$", signing: true}]
      admin: {host: 0.0.0.0, port: 8090, token: "$"}
      """.replace("$", Reading.SECRET);
  private static final List<String> SCRAPS = List.of(
      "{",
      "}",
      "[",
      "]",
      ":",
      ",",
      "- ",
      "\n",
      "\n  ",
      "\t",
      "&a ",
      "*a",
      "!!str ",
      "!x ",
      "? ",
      "| ",
      "> ",
      "<<: ",
      "\"",
      "'",
      "#",
      "---\n",
      "...\n",
      "%YAML 1.1\n",
      "\0",
      "\uFEFF",
      "\uD800",
      "null",
      "~",
      "-1",
      "1e9",
      "99999999999",
      "name",
      "pool: ",
      "port: ",
      "pools: ",
      "admin: ",
      "token: ",
      "backends: ",
      "stickySession: ",
      "type: ",
      "\u2028",
      "0x1",
      "1:2",
      "::1",
      "/33");

  @Property(tries = 1000)
  void anythingIsAnsweredByAConfigurationOrByFaultsOfOneLine(@ForAll("mutants") String yaml) {
    SourceReading reading = ConfigReader.source(yaml);

    assertThat(reading.source() == null).isNotEqualTo(reading.faults().isEmpty());
    long lines = yaml.lines().count() + 1;
    assertThat(reading.faults()).allSatisfy(fault -> {
      assertThat(fault.line()).isBetween(1, (int) lines + 1);
      assertThat(fault.message())
          .matches("[^\\p{Cntrl}]+: [^\\p{Cntrl}]+ \\(expected: [^\\p{Cntrl}]+\\)( \\[.*])?");
    });
    assertThat(reading.faults()).isSortedAccordingTo(Comparator.comparingInt(ConfigFault::line));
  }

  @Property(tries = 500)
  void anyTextIsAnswered(@ForAll String text) {
    SourceReading reading = ConfigReader.source(text);

    assertThat(reading.source()).isNull();
    assertThat(reading.faults()).isNotEmpty();
  }

  @Provide
  Arbitrary<String> mutants() {
    Arbitrary<Integer> cuts = Arbitraries.integers().between(1, 6);
    return Arbitraries.longs().flatMap(seed -> cuts.map(n -> mutant(new Random(seed), n)));
  }

  /** Replaces, inserts, removes or repeats parts of a sound text. */
  private static String mutant(Random random, int cuts) {
    StringBuilder yaml = new StringBuilder(SOUND);
    for (int i = 0; i < cuts; i++) {
      int from = random.nextInt(yaml.length());
      int to = Math.min(yaml.length(), from + random.nextInt(12));
      switch (random.nextInt(4)) {
        case 0 -> yaml.replace(from, to, SCRAPS.get(random.nextInt(SCRAPS.size())));
        case 1 -> yaml.insert(from, SCRAPS.get(random.nextInt(SCRAPS.size())));
        case 2 -> yaml.insert(random.nextInt(yaml.length()), yaml.substring(from, to));
        default -> yaml.delete(from, to);
      }
    }
    return yaml.toString();
  }
}
