package dev.limpet.examples.gateway.config;

import static dev.limpet.examples.gateway.config.Reading.assertFault;
import static dev.limpet.examples.gateway.config.Reading.config;
import static dev.limpet.examples.gateway.config.Reading.faults;
import static dev.limpet.examples.gateway.config.Reading.top;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminConfigTest {
  private static final String TOKEN = "a-token-nobody-reads";

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      admin: {port: 9000} | ok
      admin: {port: 0} | ok
      admin: {host: localhost, port: 9000} | ok
      admin: {host: LocalHost, port: 9000} | ok
      admin: {host: 127.3.4.5, port: 9000} | ok
      admin: {host: "::1", port: 9000} | ok
      admin: {host: "::ffff:127.0.0.1", port: 9000} | ok
      admin: {host: 0.0.0.0, port: 9000, token: $} | ok
      admin: {host: "::", port: 9000, token: $} | ok
      admin: {host: gateway.example, port: 9000, token: $} | ok
      admin: {port: 8080} | line 6: port: 8080 (expected: another port; line 1 has 127.0.0.1:8080)
      admin: {host: 0.0.0.0, port: 9000} | line 6: host: 0.0.0.0 (expected: LOOPBACK)
      admin: {host: "::", port: 9000} | line 6: host: "::" (expected: LOOPBACK)
      admin: {host: 192.0.2.7, port: 9000} | line 6: host: 192.0.2.7 (expected: LOOPBACK)
      admin: {host: localhost.example, port: 9000} | line 6: host: localhost.example (expected: LOOPBACK)
      admin: {host: "", port: 9000} | line 6: host: "" (expected: a host's name or address)
      admin: {} | line 6: port: absent (expected: 0..65535)
      admin: {host: 127.0.0.1} | line 6: port: absent (expected: 0..65535)
      admin: {port: 65536} | line 6: port: 65536 (expected: 0..65535)
      admin: {port: "9000"} | line 6: port: "9000" (expected: 0..65535, without quotes)
      admin: {port: 9000, path: /x} | line 6: path: an unknown key (expected: one of [host, port, token])
      admin: {port: 9000, token: short} | line 6: token: hidden (expected: TOKEN)
      admin: {port: 9000, token: "$ $"} | line 6: token: hidden (expected: TOKEN)
      admin: {port: 9000, token: "$é"} | line 6: token: hidden (expected: TOKEN)
      admin: {port: 9000, token: 1234567890123456} | line 6: token: hidden (expected: TOKEN, in quotes)
      admin: {port: 9000, token: [$]} | line 6: token: hidden (expected: TOKEN)
      admin: {port: 9000, token: } | line 6: token: hidden (expected: TOKEN)
      admin: 9000 | line 6: admin: 9000 (expected: a mapping of [host, port, token])
      admin: true | line 6: admin: true (expected: a mapping of [host, port, token])
      admin: | line 6: admin: null (expected: a mapping of [host, port, token])
      """)
  void settings(String setting, String expected) {
    String yaml = top(setting.replace("$", TOKEN));
    assertFault(
        yaml,
        expected
            .replace(
                "LOOPBACK",
                "localhost or a loopback address such as 127.0.0.1, as there is no token")
            .replace("TOKEN", "16..256 of [A-Za-z0-9._~+/=-]"));
    assertThat(faults(yaml).toString()).doesNotContain(TOKEN);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 256, 257})
  void tokens_haveABoundedLength(int length) {
    assertThat(faults(top("admin: {port: 1, token: " + "x".repeat(length) + "}")))
        .hasSize((length == 15 || length == 257) ? 1 : 0);
  }

  @Test
  void aConfiguration_hasThePortAndShowsNoToken() {
    GatewayConfig config = config(top("admin: {port: 9000, token: " + TOKEN + "}"));

    assertThat(config.admin())
        .isEqualTo(new AdminConfig("127.0.0.1", 9000, Secret.of(TOKEN.getBytes(US_ASCII))));
    assertThat(config.toString()).contains("token=hidden").doesNotContain(TOKEN);
    assertThat(config.withoutTables().admin()).isEqualTo(config.admin());
  }

  @Test
  void withoutTheKey_thereIsNone() {
    assertThat(config(top("")).admin()).isNull();
  }
}
