package dev.limpet.core;

import static dev.limpet.core.KeyExtractor.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyExtractorTest {
  private static final KeyHasher HASHER = Routing.HASHER;

  private static long key(KeyExtractor<Map<String, Object>> extractor, Object found) {
    Map<String, Object> request = (found == null) ? Map.of() : Map.of("it", found);
    return extractor.key(request, HASHER);
  }

  @Test
  void text_isAKeyUnlessItIsNullOrEmpty() {
    KeyExtractor<Map<String, Object>> text = KeyExtractor.string(r -> (String) r.get("it"));
    assertThat(key(text, "x")).isEqualTo(HASHER.string("x"));
    assertThat(key(text, "")).isEqualTo(NONE);
    assertThat(key(text, null)).isEqualTo(NONE);
  }

  @Test
  void bytes_areAKeyUnlessTheyAreNullOrEmpty() {
    KeyExtractor<Map<String, Object>> bytes = KeyExtractor.bytes(r -> (byte[]) r.get("it"));
    assertThat(key(bytes, new byte[] {1})).isEqualTo(HASHER.bytes(new byte[] {1}));
    assertThat(key(bytes, new byte[0])).isEqualTo(NONE);
    assertThat(key(bytes, null)).isEqualTo(NONE);
  }

  @Test
  void address_isAKeyUnlessItIsNull() throws Exception {
    InetAddress found = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
    KeyExtractor<Map<String, Object>> address =
        KeyExtractor.address(r -> (InetAddress) r.get("it"));
    assertThat(key(address, found)).isEqualTo(HASHER.address(found));
    assertThat(key(address, null)).isEqualTo(NONE);
  }

  @Test
  void everyNumber_isAKey() {
    KeyExtractor<Map<String, Object>> number = KeyExtractor.number(r -> (long) r.get("it"));
    assertThat(key(number, 0L)).isEqualTo(HASHER.number(0)).isNotEqualTo(NONE);
  }

  @Test
  void another_isAskedWhereThereIsNoKey() {
    KeyExtractor<Map<String, Object>> first = KeyExtractor.string(r -> (String) r.get("it"));
    KeyExtractor<Map<String, Object>> either = first.orElse((request, hasher) -> 7);
    assertThat(key(either, "x")).isEqualTo(HASHER.string("x"));
    assertThat(key(either, null)).isEqualTo(7);
  }

  @Test
  void nulls_areRefused() {
    KeyExtractor<String> some = KeyExtractor.string(text -> text);
    assertThatNullPointerException().isThrownBy(() -> some.orElse(null)).withMessage("other");
    assertThatNullPointerException()
        .isThrownBy(() -> KeyExtractor.string(null))
        .withMessage("text");
    assertThatNullPointerException()
        .isThrownBy(() -> KeyExtractor.bytes(null))
        .withMessage("bytes");
    assertThatNullPointerException()
        .isThrownBy(() -> KeyExtractor.address(null))
        .withMessage("address");
    assertThatNullPointerException()
        .isThrownBy(() -> KeyExtractor.number(null))
        .withMessage("number");
  }
}
