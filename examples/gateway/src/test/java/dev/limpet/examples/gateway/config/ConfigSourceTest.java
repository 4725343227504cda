package dev.limpet.examples.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigSourceTest {
  private static final String YAML = """
      # our gateway 🐚
      listeners:
        - {name: web, protocol: http, port: 80, pool: web}   # the front
      pools:
        - name: web
          stickySession:
            type: lb-cookie     # see the guide
            duration: "20m"
          backends:
            - id: web1   # ü
              address: 'h:1'
              weight: 5 # heavy
              drain: false
            - {id: web2, address: "h:2", weight: 1}
      """;
  private static final ConfigPath WEB1 = ConfigDocument.backend("web", "web1");

  private static String rewritten(String yaml, String settings) {
    ConfigSource source = ConfigReader.source(yaml).source();
    ConfigEdit edit = settings.contains("type")
        ? source.document().set(ConfigDocument.stickinessOfPool("web"), settings)
        : source.document().change(WEB1, settings);
    ConfigSource written = source.rewritten(edit.document(), edit.read().config());
    return (written == null) ? null : written.text();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      {"weight":3} | weight: 5 # | weight: 3 #
      {"weight":256} | weight: 5 # | weight: 256 #
      {"drain":true} | drain: false | drain: true
      {"address":"a.org:8080"} | 'h:1' | 'a.org:8080'
      {"address":"[::1]:1"} | 'h:1' | '[::1]:1'
      {"type":"lb-cookie","duration":"5m"} | "20m" | "5m"
      {"duration":"20m","type":"lb-cookie","mode":"sliding"} | # | #
      """)
  void scalarsAreReplacedAndEveryOtherByteStays(String edit, String old, String now) {
    for (String yaml : new String[] {YAML, YAML.replace("\n", "\r\n"), '\uFEFF' + YAML}) {
      assertThat(rewritten(yaml, edit)).isEqualTo(yaml.replace(old, now));
    }
  }

  @Test
  void severalScalarsAreReplacedAtOnce() {
    assertThat(rewritten(YAML, "{\"weight\":30,\"drain\":true,\"address\":\"x:9\"}"))
        .isEqualTo(YAML.replace("weight: 5", "weight: 30")
            .replace("drain: false", "drain: true")
            .replace("'h:1'", "'x:9'"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{maxConnections: 7}",
        "{drain: null, weight: null}",
        "{type: lb-cookie, duration: 5m, maxDuration: 8h}",
        "{type: app-cookie, cookieName: x}"
      })
  void whatTakesMoreThanOtherScalarsIsNotWritten(String edit) {
    assertThat(rewritten(YAML, edit)).isNull();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      weight: 5 | weight: &five 5
      weight: 1} | weight: 1}\\n  - {name: b, backends: *all}
      weight: 5 | weight: !!int 5
      """)
  void anchorsAndTagsAreNotWritten(String old, String now) {
    String yaml = YAML.replace(old, now.replace("\\n", "\n"));
    if (now.contains("*all")) {
      yaml = yaml.replace("backends:\n", "backends: &all\n")
          .replace("# the front", "\n  - {name: b, protocol: http, port: 81, pool: b}");
    }
    assertThat(ConfigReader.source(yaml).faults()).isEmpty();
    assertThat(rewritten(yaml, "{weight: 3}")).isNull();
  }

  @Test
  void aScalarOfSeveralLinesIsNotWritten() {
    String yaml = YAML.replace("'h:1'", "\"h:\\\n          1\"");

    assertThat(ConfigReader.source(yaml).faults()).isEmpty();
    assertThat(rewritten(yaml, "{address: \"h:3\"}")).isNull();
    assertThat(rewritten(yaml, "{weight: 3}")).isEqualTo(yaml.replace("weight: 5", "weight: 3"));
  }

  @Test
  void aPlainTextGetsQuotesIfItNeedsThem() {
    String yaml = YAML.replace("'h:1'", "a.org:1");

    assertThat(rewritten(yaml, "{address: \"b.org:1\"}"))
        .isEqualTo(yaml.replace("a.org:1", "b.org:1"));
    assertThat(rewritten(yaml, "{address: \"[::1]:1\"}"))
        .isEqualTo(yaml.replace("a.org:1", "\"[::1]:1\""));
  }

  @Test
  void toStringShowsNoSecret() {
    ConfigSource source =
        ConfigReader.source(YAML + "keySecret: " + Reading.SECRET).source();

    assertThat(source.toString()).doesNotContain(Reading.SECRET);
  }
}
