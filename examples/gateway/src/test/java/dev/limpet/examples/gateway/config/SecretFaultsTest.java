package dev.limpet.examples.gateway.config;

import static dev.limpet.examples.gateway.config.Reading.SECRET;
import static dev.limpet.examples.gateway.config.Reading.assertFault;
import static dev.limpet.examples.gateway.config.Reading.config;
import static dev.limpet.examples.gateway.config.Reading.faults;
import static dev.limpet.examples.gateway.config.Reading.top;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFaultsTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      keySecret: "$" | ok
      keySecret: $ | ok
      keySecret: "" | line 6: keySecret: 0 bytes (expected: base64 of 32 bytes or more)
      keySecret: "a-b_" | line 6: keySecret: not base64 (expected: base64 of 32 bytes or more)
      keySecret: 1234 | line 6: keySecret: hidden (expected: base64 of 32 bytes or more, in quotes)
      keySecret: [$] | line 6: keySecret: hidden (expected: base64 of 32 bytes or more)
      keySecret: | line 6: keySecret: hidden (expected: base64 of 32 bytes or more)
      cookieSecrets: [{id: 0, secret: $, signing: true}] | ok
      cookieSecrets: [{id: 31, secret: $, signing: true}, {id: 0, secret: $}, {id: 1, secret: $, signing: false}] | ok
      cookieSecrets: [] | line 6: cookieSecrets: [] (expected: a list of 1..32 cookieSecrets)
      cookieSecrets: $ | line 6: cookieSecrets: hidden (expected: a list of 1..32 cookieSecrets)
      cookieSecrets: [$] | line 6: cookieSecrets[0]: hidden (expected: a mapping of [id, secret, signing])
      cookieSecrets: [{id: 32, secret: $, signing: true}] | line 6: id: 32 (expected: 0..31)
      cookieSecrets: [{id: -1, secret: $, signing: true}] | line 6: id: -1 (expected: 0..31)
      cookieSecrets: [{id: "1", secret: $, signing: true}] | line 6: id: hidden (expected: 0..31, without quotes)
      cookieSecrets: [{id: 1, secret: c2hvcnQ=, signing: true}] | line 6: secret: 5 bytes (expected: base64 of 32 bytes or more)
      cookieSecrets: [{id: 1, signing: true}] | line 6: secret: absent (expected: base64 of 32 bytes or more)
      cookieSecrets: [{secret: $, signing: true}] | line 6: id: absent (expected: 0..31)
      cookieSecrets: [{id: 1, secret: $, signing: yes}] | line 6: signing: yes (expected: true or false)
      cookieSecrets: [{id: 1, secret: $}] | line 6: signing: absent (expected: true for exactly one of cookieSecrets)
      cookieSecrets: [{id: 1, secret: $, signing: true}, {id: 2, secret: $, signing: true}] | line 6: signing: true (expected: true for exactly one of cookieSecrets; line 6 has it)
      cookieSecrets: [{id: 1, secret: $, signing: true}, {id: 1, secret: $}] | line 6: id: 1 (expected: another number; line 6 has it)
      cookieSecrets: [{id: 1, secret: $, signing: true, "$"}] | line 6: hidden: an unknown key (expected: one of [id, secret, signing])
      "$": 1 | line 6: MDEyMzQ1…: an unknown key (expected: one of [profile, listeners, pools, keySecret, tables, cookieSecrets, stopTimeout, admin])
      """)
  void secrets(String setting, String expected) {
    String yaml = top(setting.replace("$", SECRET));
    assertFault(yaml, expected);
    assertThat(faults(yaml).toString()).doesNotContain(SECRET);
  }

  @ParameterizedTest
  @ValueSource(ints = {31, 32, 33})
  void secretsHave32BytesAtLeast(int size) {
    String secret = Base64.getEncoder().encodeToString(new byte[size]);
    assertFault(
        top("keySecret: \"" + secret + '"'),
        (size < 32)
            ? "line 6: keySecret: " + size + " bytes (expected: base64 of 32 bytes or more)"
            : "ok");
  }

  @Test
  void aRingHas32KeysAtMost() {
    assertFault(top(ring(32)), "ok");
    assertFault(
        top(ring(33)),
        "line 6: cookieSecrets: 33 of them (expected: a list of 1..32 cookieSecrets)");
  }

  private static String ring(int size) {
    return IntStream.range(0, size)
        .mapToObj(i -> "{id: %d, secret: \"%s\", signing: %b}".formatted(i, SECRET, i == 0))
        .collect(Collectors.joining(", ", "cookieSecrets: [", "]"));
  }

  @Test
  void aConfigurationShowsNoSecret() {
    GatewayConfig config = config(top(
        "keySecret: $\ncookieSecrets: [{id: 7, secret: $, signing: true}]".replace("$", SECRET)));

    assertThat(config.toString())
        .contains("keySecret=hidden", "CookieSecret[id=7, secret=hidden, signing=true]");
    assertThat(config.keySecret().bytes()).isEqualTo(Base64.getDecoder().decode(SECRET));
  }
}
