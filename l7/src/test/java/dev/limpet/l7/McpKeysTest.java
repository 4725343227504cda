package dev.limpet.l7;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Environment;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.KeyHasher;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** M13: keys of the era without sessions. */
class McpKeysTest {
  private static final KeyHasher HASHER = Environment.of(LbFixture.secret(3)).hasher();
  private static final KeyExtractor<Call> TASK = McpKeys.task(Call.ACCESS);
  private static final KeyExtractor<Call> BASKET = McpKeys.param(Call.ACCESS, "Basket");

  private static Call modern() {
    return Call.post().with("mcp-protocol-version", "2026-07-28");
  }

  private static long task(String method, String... names) {
    return TASK.key(modern().with("Mcp-Method", method).with("Mcp-Name", names), HASHER);
  }

  private static long basket(String... values) {
    return BASKET.key(modern().with("mcp-param-basket", values), HASHER);
  }

  private static String encoded(byte[] bytes) {
    return "=?base64?" + Base64.getEncoder().encodeToString(bytes) + "?=";
  }

  @ParameterizedTest
  @ValueSource(strings = {"tasks/get", "tasks/cancel", "tasks/x", "tasks/"})
  void aTask_isTheNameOfARequestAboutTasks(String method) {
    assertThat(task(method, "t-1")).isEqualTo(HASHER.string("t-1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tools/call", "Tasks/get", "task/get", "tasks", "", "x tasks/get"})
  void requestsOfOtherMethods_haveNoTask(String method) {
    assertThat(task(method, "t-1")).isZero();
  }

  @Test
  void aRequestWithoutMethodOrName_orWithTwoMethods_hasNoTask() {
    assertThat(TASK.key(modern().with("Mcp-Name", "t"), HASHER)).isZero();
    assertThat(TASK.key(modern().with("Mcp-Method", "tasks/get"), HASHER)).isZero();
    assertThat(TASK.key(
            modern().with("Mcp-Method", "tasks/get", "tools/call").with("Mcp-Name", "t"), HASHER))
        .isZero();
  }

  @Test
  void aParam_isItsField() {
    assertThat(basket("b-7")).isEqualTo(HASHER.string("b-7"));
    assertThat(basket("b 7\t8")).isEqualTo(HASHER.string("b 7\t8"));
    assertThat(BASKET.key(modern().with("Mcp-Param-Other", "b-7"), HASHER)).isZero();
  }

  @Test
  void bothForms_haveOneKey() {
    for (String text : new String[] {"b-7", "é", "日本", "=?base64?YQ==?=", "a\nb", "  x "}) {
      assertThat(basket(encoded(text.getBytes(UTF_8)))).isEqualTo(HASHER.string(text));
    }
    assertThat(basket("=?base64?YWI?=")).isEqualTo(HASHER.string("ab"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"=?BASE64?YQ==?=", "=?base64?YQ==", "=?base64?=", "base64?YQ==?=", "=?base64"})
  void whatOnlyLooksEncoded_isPlain(String value) {
    assertThat(basket(value)).isEqualTo(HASHER.string(value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=?base64?Y?=",
        "=?base64?YQ=?=",
        "=?base64?Y Q==?=",
        "=?base64?-_-_?=",
        "=?base64?éééé?="
      })
  void badBase64_isNoKey(String value) {
    assertThat(basket(value)).isZero();
  }

  @Test
  void badUtf8_isNoKey() {
    assertThat(basket(encoded(new byte[] {(byte) 0xC3}))).isZero();
    assertThat(basket(encoded(new byte[] {(byte) 0xC0, (byte) 0x80}))).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "\t ", "=?base64??=", "=?base64?IA==?=", "é", "a\u0000", "a\r\nb"})
  void blankOrIllegalValues_areNoKey(String value) {
    assertThat(basket(value)).isZero();
  }

  // L9

  @Test
  void valuesThatAreTooLongOrDifferent_cannotBeUsed() {
    assertThat(basket("x".repeat(1_024))).isEqualTo(HASHER.string("x".repeat(1_024)));
    assertThat(basket("x".repeat(1_025))).isEqualTo(KeyExtractor.UNUSABLE);
    assertThat(basket("a", "b")).isEqualTo(KeyExtractor.UNUSABLE);
    assertThat(basket("a", "a")).isEqualTo(HASHER.string("a"));
    assertThat(task("tasks/get", "a", "b")).isEqualTo(KeyExtractor.UNUSABLE);
    KeyExtractor<Call> orElse = BASKET.orElse((call, hasher) -> 42);
    assertThat(orElse.key(modern().with("Mcp-Param-Basket", "x".repeat(1_025)), HASHER))
        .isEqualTo(KeyExtractor.UNUSABLE);
    assertThat(orElse.key(modern().with("Mcp-Param-Basket", " "), HASHER)).isEqualTo(42);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2025-11-25", "2026-07-27", "draft", ""})
  void inTheEraWithSessions_thereAreNoSuchKeys(String version) {
    Call call = Call.post()
        .with("MCP-Protocol-Version", version)
        .with("Mcp-Method", "tasks/get")
        .with("Mcp-Name", "t")
        .with("Mcp-Param-Basket", "b");

    assertThat(TASK.key(call, HASHER)).isZero();
    assertThat(BASKET.key(call, HASHER)).isZero();
  }

  @Test
  void aParamsName_isPartOfAFieldsName() {
    assertThatThrownBy(() -> McpKeys.param(Call.ACCESS, "a b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("param: \"a b\" (expected: an RFC 6265 token; ' ' at index 1)");
    assertThatThrownBy(() -> McpKeys.param(Call.ACCESS, ""))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
