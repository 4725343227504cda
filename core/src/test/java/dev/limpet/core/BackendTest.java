package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.limpet.core.internal.HttpToken;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackendTest {
  private final Backend web1 = Backend.of("web1", "web1.example", 8080);

  @Test
  void of_hasWeightOneAndNoGeneration() {
    assertThat(web1.id()).isEqualTo("web1");
    assertThat(web1.name()).isEqualTo("web1");
    assertThat(web1.weight()).isEqualTo(1);
    assertThat(web1.generation()).isNull();
    assertThat(web1).hasToString("web1 (web1.example:8080, weight 1)");
  }

  @Test
  void of_looksNoNameUp() {
    assertThat(web1.address().isUnresolved()).isTrue();
    assertThat(Backend.of("web1", "127.0.0.1", 1).address().isUnresolved()).isTrue();
  }

  @Test
  void aGenerationIsPartOfTheName() {
    Backend second = web1.withGeneration("2").withWeight(7);

    assertThat(second.name()).isEqualTo("web1@2");
    assertThat(second.id()).isEqualTo("web1");
    assertThat(second.generation()).isEqualTo("2");
    assertThat(second.withAddress("other", 9).name()).isEqualTo("web1@2");
    assertThat(second.withGeneration(null).withWeight(1)).isEqualTo(web1);
    assertThat(second).hasToString("web1@2 (web1.example:8080, weight 7)");
  }

  @Test
  void withers_changeOneThing() {
    assertThat(web1.withWeight(0).weight()).isZero();
    assertThat(web1.withWeight(0).address()).isEqualTo(web1.address());
    assertThat(web1.withWeight(5).withAddress("other", 9).weight()).isEqualTo(5);
    assertThat(web1.withAddress("other", 9).address().getHostString()).isEqualTo("other");
    assertThat(web1.weight()).isEqualTo(1);
  }

  @Test
  void equal_ifAllPartsAre() {
    List<Backend> different = List.of(
        web1,
        web1.withWeight(2),
        web1.withAddress("web1.example", 8081),
        web1.withAddress("web2.example", 8080),
        web1.withGeneration("1"),
        web1.withMaxConnections(2),
        web1.withTier(2),
        Backend.of("web2", "web1.example", 8080));

    assertThat(new HashSet<>(different)).hasSize(different.size());
    assertThat(Backend.of("web1", "web1.example", 8080)).isEqualTo(web1).hasSameHashCodeAs(web1);
    assertThat(web1).isNotEqualTo(null).isNotEqualTo("web1");
    assertThat(different.stream().map(Backend::hashCode).distinct()).hasSizeGreaterThan(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", " ", "~", "web 1", "[::1]:80", "a/b?c=d;e,f"})
  void printableAsciiIsAnIdAndAGeneration(String text) {
    assertThat(Backend.of(text, "h", 1).id()).isEqualTo(text);
    assertThat(web1.withGeneration(text).generation()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "@", "a@b", "a\n", "\t", "\u007f", "\u00e9", "\u0000", "\ud83d\ude00"})
  void otherTextIsNeither(String text) {
    String shown = HttpToken.quoted(text);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Backend.of(text, "h", 1))
        .withMessage("id: " + shown + " (expected: 1..128 printable ASCII characters, no '@')");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> web1.withGeneration(text))
        .withMessage(
            "generation: " + shown + " (expected: 1..128 printable ASCII characters, no '@')");
  }

  @Test
  void idsAndGenerationsHaveUpTo128Characters() {
    assertThat(Backend.of("x".repeat(127), "h", 1).id()).hasSize(127);
    assertThat(Backend.of("x".repeat(128), "h", 1).id()).hasSize(128);
    assertThat(web1.withGeneration("x".repeat(128)).generation()).hasSize(128);
    assertThatIllegalArgumentException().isThrownBy(() -> Backend.of("x".repeat(129), "h", 1));
    assertThatIllegalArgumentException().isThrownBy(() -> web1.withGeneration("x".repeat(129)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255, 256})
  void aWeightIsUpTo256(int weight) {
    assertThat(web1.withWeight(weight).weight()).isEqualTo(weight);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 257, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void noOtherWeightIs(int weight) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> web1.withWeight(weight))
        .withMessage("weight: " + weight + " (expected: 0..256)");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, Integer.MAX_VALUE})
  void aLimitOfConnectionsIsAnyNumber_or0ForNone(int limit) {
    assertThat(web1.withMaxConnections(limit).maxConnections()).isEqualTo(limit);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> web1.withMaxConnections(-1 - limit))
        .withMessage("maxConnections: " + (-1 - limit) + " (expected: 0 or more)");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 254, 255})
  void aTierIsUpTo255(int tier) {
    assertThat(web1.withTier(tier).tier()).isEqualTo(tier);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 256, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void noOtherTierIs(int tier) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> web1.withTier(tier))
        .withMessage("tier: " + tier + " (expected: 0..255)");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65_536})
  void aPortIs1To65535(int port) {
    assertThat(Backend.of("a", "h", 1).address().getPort()).isEqualTo(1);
    assertThat(Backend.of("a", "h", 65_535).address().getPort()).isEqualTo(65_535);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Backend.of("a", "h", port))
        .withMessage("port: " + port + " (expected: 1..65535)");
    assertThatIllegalArgumentException().isThrownBy(() -> web1.withAddress("h", port));
  }

  @Test
  void aHostAndAnIdAreNeeded() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Backend.of("a", "", 1))
        .withMessage("host: \"\" (expected: a host's name or address)");
    assertThatNullPointerException().isThrownBy(() -> Backend.of(null, "h", 1)).withMessage("id");
    assertThatNullPointerException().isThrownBy(() -> Backend.of("a", null, 1));
  }

  @Test
  void messagesShowControlCharactersEscaped() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Backend.of("a\n\u0000\u00e9", "h", 1))
        .withMessageStartingWith("id: \"a\\u000a\\u0000\\u00e9\" (expected: ");
  }
}
