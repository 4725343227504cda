package dev.limpet.examples.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/** What tests say about texts. */
final class Reading {
  static final String SECRET = Base64.getEncoder()
      .encodeToString("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII));

  private static final String OK = "ok";

  private Reading() {}

  static List<String> faults(String yaml) {
    return ConfigReader.source(yaml).faults().stream()
        .map(ConfigFault::toString)
        .toList();
  }

  static GatewayConfig config(String yaml) {
    SourceReading reading = ConfigReader.source(yaml);
    assertThat(reading.faults()).isEmpty();
    return Objects.requireNonNull(reading.source()).config();
  }

  /** Asserts that the text has exactly this fault or, if it is {@code ok}, none. */
  static void assertFault(String yaml, String expected) {
    assertThat(faults(yaml))
        .as(yaml)
        .isEqualTo(expected.equals(OK) ? List.of() : List.of(expected));
  }

  /** A listener in line 2. */
  static String listener(String settings) {
    return """
        listeners:
          - {%s}
        pools:
          - name: web
            backends: [{id: web1, address: "127.0.0.1:9101"}]
        """.formatted(settings);
  }

  /** A pool with another setting in line 4, used by a listener of the protocol. */
  static String pool(String protocol, String setting) {
    return """
        listeners: [{name: front, protocol: %s, port: 8080, pool: web}]
        pools:
          - name: web
            %s
            backends: [{id: web1, address: "127.0.0.1:9101"}]
        """.formatted(protocol, setting);
  }

  /** A backend in line 5. */
  static String backend(String settings) {
    return """
        listeners: [{name: front, protocol: http, port: 8080, pool: web}]
        pools:
          - name: web
            backends:
              - {%s}
        """.formatted(settings);
  }

  /** A sound configuration, and a setting in line 6. */
  static String top(String setting) {
    return """
        listeners: [{name: front, protocol: http, port: 8080, pool: web}]
        pools:
          - name: web
            backends:
              - {id: web1, address: "127.0.0.1:9101"}
        %s
        """.formatted(setting);
  }
}
