package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.limpet.core.Environment;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.KeyHasher;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Of the values of a mirrored argument. */
class McpKeysFuzzTest {
  private static final KeyHasher HASHER = Environment.of(LbFixture.secret(3)).hasher();
  private static final KeyExtractor<Call> BASKET = McpKeys.param(Call.ACCESS, "Basket");

  @FuzzTest
  void aPlainText_isItsOwnKey_orNone(byte[] input) {
    String value = new String(input, StandardCharsets.ISO_8859_1);

    long key = key(value);

    if (value.length() > 1_024) {
      assertThat(key).isEqualTo(KeyExtractor.UNUSABLE);
    } else if (value.isBlank() || !value.matches("[\t -~]*")) {
      assertThat(key).isZero();
    } else if (!value.startsWith("=?base64?") || !value.endsWith("?=")) {
      assertThat(key).isEqualTo(HASHER.string(value));
    }
  }

  @FuzzTest
  void theEncodedFormOfAText_hasTheKeyOfTheText(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String value = "=?base64?" + Base64.getEncoder().encodeToString(bytes) + "?=";

    if (value.length() > 1_024) {
      assertThat(key(value)).isEqualTo(KeyExtractor.UNUSABLE);
    } else {
      assertThat(key(value)).isEqualTo(text.isBlank() ? 0 : HASHER.string(text));
    }
  }

  private static long key(String value) {
    Call call =
        Call.post().with("MCP-Protocol-Version", "2026-07-28").with("Mcp-Param-Basket", value);
    return BASKET.key(call, HASHER);
  }
}
