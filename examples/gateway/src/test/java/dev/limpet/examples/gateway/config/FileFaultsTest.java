package dev.limpet.examples.gateway.config;

import static dev.limpet.examples.gateway.config.Reading.SECRET;
import static dev.limpet.examples.gateway.config.Reading.assertFault;
import static dev.limpet.examples.gateway.config.Reading.faults;
import static dev.limpet.examples.gateway.config.Reading.top;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileFaultsTest {
  private static final String MAPPING =
      "(expected: a mapping of [profile, listeners, pools, keySecret, tables, cookieSecrets, stopTimeout, admin])";

  @TempDir
  Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"", "  \n", "# nothing\n", "\uFEFF"})
  void anEmptyFile(String yaml) {
    assertFault(yaml, "line 1: config: empty " + MAPPING);
  }

  @Test
  void anotherTopLevel() {
    assertFault("---\n", "line 1: config: null " + MAPPING);
    assertFault("- a\n", "line 1: config: a list " + MAPPING);
    assertFault("a text", "line 1: config: a text " + MAPPING);
    assertFault("!!set {a, b}", "line 1: config: a mapping " + MAPPING);
  }

  @Test
  void nothingInIt() {
    assertThat(faults("{}"))
        .containsExactly(
            "line 1: listeners: absent (expected: a list of 1..1000 listeners)",
            "line 1: pools: absent (expected: a list of 1..1000 pools)");
  }

  @Test
  void keys() {
    assertFault(
        top("listener: []"),
        "line 6: listener: an unknown key (expected: one of [profile, listeners, pools, keySecret, tables, cookieSecrets, stopTimeout, admin])");
    assertFault(top("stopTimeout: 61m"), "line 6: stopTimeout: 61m (expected: 0s..1h)");
    assertFault(
        top("stopTimeout: soon"),
        "line 6: stopTimeout: soon (expected: " + Values.DURATION_RULE + ")");
    assertFault(top("tables: /no/such"), "line 6: tables: /no/such (expected: a writable folder)");
    assertFault(
        top("tables: ."), "line 6: keySecret: absent (expected: a secret, as tables are kept)");
    assertFault(top("pools: []"), "line 6: pools: a second time (expected: once; line 2 has it)");
    assertFault(
        top("profile:"), "line 6: profile: null (expected: one of [classic, enhanced, open])");
  }

  @Test
  void documents() {
    assertFault(
        top("---\n{}"), "line 6: document: a second one (expected: one document in a file)");
    assertFault(top("..."), "ok");
    assertFault("--- \n" + top(""), "ok");
  }

  @Test
  void syntax() {
    assertFault(
        "listeners:\n  - {name: a\npools: []\n",
        "line 3: yaml: expected ',' or '}', but got :, while parsing a flow mapping from line 2 (expected: well-formed YAML)");
    assertFault("a: *b", "line 1: yaml: found undefined alias (expected: well-formed YAML)");
    assertFault("a: 1\nb: \u0007", "line 2: yaml: character U+0007 (expected: well-formed YAML)");
    assertThat(faults("a: 1\n\tb: 2").get(0)).startsWith("line 2: yaml: ");
    assertThat(faults(top("keySecret: \"" + SECRET)).toString())
        .contains("line 7: yaml: ", "while scanning a quoted scalar from line 6")
        .doesNotContain(SECRET);
  }

  @Test
  void nesting() {
    assertThat(faults("a: " + "[".repeat(15) + "]".repeat(15)).toString())
        .contains("a: an unknown key");
    assertFault("a:\n " + "[".repeat(16) + "]".repeat(16), "line 2: nesting: 17 (expected: 0..16)");
    assertFault("[".repeat(100_000), "line 1: nesting: 17 (expected: 0..16)");
  }

  @Test
  void aliases() {
    String anchored = top("profile: &a enhanced\nx: [%s]");
    assertThat(faults(anchored.formatted("*a,".repeat(100))).toString())
        .contains("x: an unknown key");
    assertFault(anchored.formatted("*a,".repeat(101)), "line 7: aliases: 101 (expected: 0..100)");
  }

  @Test
  void anAliasStandsForWhatItNames() {
    assertFault("""
        listeners:
          - {name: a, protocol: tcp, port: 80, pool: p}
          - {name: b, protocol: tcp, port: 81, pool: q}
        pools:
          - name: p
            backends: &all [{id: a, address: h:1, weight: 300}]
          - name: q
            backends: *all
        """, "line 6: weight: 300 (expected: 0..256)");
    assertThat(faults("&a [*a]")).hasSize(1);
    assertThat(faults("&a {pools: [*a], listeners: *a}")).isNotEmpty();
  }

  @Test
  void size() {
    String yaml = top("");
    String padding = "#".repeat(ConfigReader.MAX_BYTES - yaml.length());
    assertFault(yaml + padding, "ok");
    assertFault(
        yaml + padding + '#',
        "config: more than 1048576 bytes (expected: a readable file of 1..1048576 bytes)");
  }

  @Test
  void files() throws Exception {
    Path file = folder.resolve("config.yaml");
    String rule = " (expected: a readable file of 1..1048576 bytes)";
    assertThat(faultsOf(file)).containsExactly(file + ": absent" + rule);
    assertThat(faultsOf(folder)).containsExactly(folder + ": a folder" + rule);

    Files.writeString(file, top("profile: gold"));
    assertThat(faultsOf(file))
        .containsExactly(file + ":6: profile: gold (expected: one of [classic, enhanced, open])");

    Files.write(file, new byte[ConfigReader.MAX_BYTES + 1]);
    assertThat(faultsOf(file)).containsExactly(file + ": more than 1048576 bytes" + rule);

    Files.write(file, top("# é").getBytes(StandardCharsets.ISO_8859_1));
    assertThat(faultsOf(file)).containsExactly(file + ":6: encoding: not UTF-8 (expected: UTF-8)");

    Files.writeString(file, '\uFEFF' + top(""));
    assertThat(faultsOf(file)).isEmpty();
  }

  @Test
  void faultsAreSortedByLine() {
    assertThat(faults("""
        colour: blue
        pools:
          - name: p
            backends:
              - {id: a, address: h:1, weight: 300}
              - {id: a, address: h}
        listeners:
          - name: a
            protocol: tcp
            port: 70000
            pool: q
        keySecret: short
        """))
        .containsExactly(
            "line 1: colour: an unknown key (expected: one of [profile, listeners, pools, keySecret, tables, cookieSecrets, stopTimeout, admin])",
            "line 3: name: p (expected: the pool of a listener)",
            "line 5: weight: 300 (expected: 0..256)",
            "line 6: address: h (expected: host:port or [IPv6]:port, port 1..65535)",
            "line 6: id: a (expected: another id; line 5 has it)",
            "line 10: port: 70000 (expected: 0..65535)",
            "line 11: pool: q (expected: one of [p])",
            "line 12: keySecret: not base64 (expected: base64 of 32 bytes or more)");
  }

  private static List<String> faultsOf(Path file) {
    return ConfigReader.source(file).faults().stream()
        .map(ConfigFault::toString)
        .toList();
  }
}
