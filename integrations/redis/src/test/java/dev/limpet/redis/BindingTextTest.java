package dev.limpet.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Backend;
import dev.limpet.core.internal.HttpToken;
import dev.limpet.shared.SharedBinding;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BindingTextTest {
  private static final long KEY = -5;

  private final BindingText text = new BindingText(StoreScene.HASHER, "web");

  @Test
  void texts_areTheSameInEveryVersion() {
    byte[] written = text.write(KEY, SharedBinding.of("web1@2", 3, 1_800_000_000));

    assertThat(new String(written, StandardCharsets.US_ASCII))
        .isEqualTo("1:3:1800000000:7df381430ae5ead9:web1@2");
  }

  @Test
  void everyBindingIsReadAsItWasWritten() {
    for (SharedBinding binding : List.of(
        StoreScene.first("a"),
        SharedBinding.of(":::", 10, 1),
        SharedBinding.of(" ~", Integer.MAX_VALUE, BindingText.MAX_END),
        StoreScene.first("n".repeat(BindingText.MAX_NAME)))) {
      assertThat(BindingText.holds(binding)).isTrue();
      assertThat(text.read(KEY, text.write(KEY, binding))).isEqualTo(binding);
    }
  }

  @Test
  void theLongestTextIsOfTheLongestNameABackendCanHave() {
    String name =
        Backend.of("i".repeat(128), "host", 1).withGeneration("g".repeat(128)).name();

    byte[] longest =
        text.write(KEY, SharedBinding.of(name, Integer.MAX_VALUE, BindingText.MAX_END));

    assertThat(longest).hasSize(BindingText.MAX_LENGTH).hasSize(298);
    assertThat(text.read(KEY, Arrays.copyOf(longest, longest.length + 1))).isNull();
  }

  @Test
  void whatHasNoTextIsNotHeld() {
    assertThat(BindingText.holds(SharedBinding.of("a", 0, 0))).isFalse();
    assertThat(BindingText.holds(SharedBinding.of("a", -1, 0))).isFalse();
    assertThat(BindingText.holds(SharedBinding.of("a", 1, -1))).isFalse();
    assertThat(BindingText.holds(SharedBinding.of("a", 1, BindingText.MAX_END + 1)))
        .isFalse();
    assertThat(BindingText.holds(StoreScene.first(""))).isFalse();
    assertThat(BindingText.holds(StoreScene.first("ä"))).isFalse();
    assertThat(BindingText.holds(StoreScene.first("a\n"))).isFalse();
    assertThat(BindingText.holds(StoreScene.first("n".repeat(BindingText.MAX_NAME + 1))))
        .isFalse();
  }

  @Test
  void everyChangeOfAByteAndEveryCutIsNoticed() {
    byte[] written = text.write(KEY, SharedBinding.of("web1", 12, 34));
    for (int i = 0; i < written.length; i++) {
      for (int change = 1; change < 256; change++) {
        byte[] changed = written.clone();
        changed[i] ^= (byte) change;
        assertThat(text.read(KEY, changed)).isNull();
      }
      assertThat(text.read(KEY, Arrays.copyOf(written, i))).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1:01:0:",
        "1:+1:0:",
        "1:2147483648:0:",
        "1:1:00:",
        "1:1::",
        "1::0:",
        "1: 1:0:",
        "01:1:0:",
        ":1:0:",
        "1:1:-1:"
      })
  void aNumberIsWrittenInOneWay(String head) {
    byte[] whole = text.write(KEY, StoreScene.first("web1"));
    String tail = new String(whole, StandardCharsets.US_ASCII).substring("1:1:0:".length());

    assertThat(text.read(KEY, StoreScene.bytes(head + tail))).isNull();
  }

  @Test
  void pools_haveNamesThatMakeNoHashTag() {
    assertThat(new PoolNames("a:b").redisKey(0xABCL))
        .isEqualTo(StoreScene.bytes("limpet:a:b:0000000000000abc"));
    for (String name : List.of("", "a{b", "a}b", "ä", "a\n", "p".repeat(129))) {
      assertThatThrownBy(() -> new PoolNames(name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("pool: " + HttpToken.quoted(name)
              + " (expected: 1..128 printable ASCII characters, no braces)");
    }
  }
}
