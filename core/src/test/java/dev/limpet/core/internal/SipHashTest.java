package dev.limpet.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SipHashTest {
  /*
   * The vectors of the paper's authors, SipHash-2-4 with a 64-bit result, also made with openssl
   * mac -macopt hexkey:000102030405060708090a0b0c0d0e0f -macopt size:8 -in FILE SIPHASH The input
   * of vector n is the bytes 0, 1, ... n - 1; that of the first is empty, which no input of a
   * SipHash is.
   */
  private static final String[] VECTORS = """
      310e0edd47db6f72 fd67dc93c539f874 5a4fa9d909806c0d 2d7efbd796666785
      b7877127e09427cf 8da699cd64557618 cee3fe586e46c9cb 37d1018bf50002ab
      6224939a79f5f593 b0e4a90bdf82009e f3b9dd94c5bb5d7a a7ad6b22462fb3f4
      fbe50e86bc8f1e75 903d84c02756ea14 eef27a8e90ca23f7 e545be4961ca29a1
      db9bc2577fcc2a3f 9447be2cf5e99a69 9cd38d96f0b3c14b bd6179a71dc96dbb
      98eea21af25cd6be c7673b2eb0cbf2d0 883ea3e395675393 c8ce5ccd8c030ca8
      94af49f6c650adb8 eab8858ade92e1bc f315bb5bb835d817 adcf6b0763612e2f
      a5c91da7acaa4dde 716595876650a2a6 28ef495c53a387ad 42c341d8fa92d832
      ce7cf2722f512771 e37859f94623f3a7 381205bb1ab0e012 ae97a10fd434e015
      b4a31508beff4d31 81396229f0907902 4d0cf49ee5d4dcca 5c73336a76d8bf9a
      d0a704536ba93e0e 925958fcd6420cad a915c29bc8067318 952b79f3bc0aa6d4
      f21df2e41d4535f9 87577519048f53a9 10a56cf5dfcd9adb eb75095ccd986cd0
      51a9cb9ecba312e6 96afadfc2ce666c7 72fe52975a4364ee 5a1645b276d592a1
      b274cb8ebf87870a 6f9bb4203de7b381 eaecb2a30b22a87f 9924a43cc1315724
      bd838d3aafbf8db7 0b1a2a3265d51aea 135079a3231ce660 932b2846e4d70666
      e1915f5cb1eca46c f325965ca16d629f 575ff28e60381be5 724506eb4c328a95
      """.trim().split("\\s+");

  private static final byte FIRST = 0;

  private final SipHash hash = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

  @Test
  void officialVectors_ofWords() {
    for (int length = 1; length <= 1 + 2 * Long.BYTES; length++) {
      int more = length - 1;
      long low = word(1, Math.min(more, Long.BYTES));
      long high = word(1 + Long.BYTES, Math.max(0, more - Long.BYTES));

      assertThat(littleEndian(hash.words(FIRST, low, high, more))).isEqualTo(VECTORS[length]);
    }
  }

  @Test
  void officialVectors_ofBytes() {
    for (int length = 1; length < VECTORS.length; length++) {
      assertThat(littleEndian(hash.bytes(FIRST, input(length)))).isEqualTo(VECTORS[length]);
    }
  }

  @Test
  void officialVectors_ofTexts() {
    assertThat(VECTORS).hasSize(64);
    for (int length = 1; length < VECTORS.length; length++) {
      String text = new String(input(length), StandardCharsets.US_ASCII);

      assertThat(littleEndian(hash.text(FIRST, "ä" + text + "ä", 1, length)))
          .isEqualTo(VECTORS[length]);
      assertThat(littleEndian(hash.text(FIRST, CharBuffer.wrap(text), 0, text.length())))
          .isEqualTo(VECTORS[length]);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\0", "\u007f", "\u0080", "ä", "\u07ff", "\u0800", "€", "\ud7ff", "\uffff"})
  void text_isHashedAsItsUtf8_whereverItsCharactersStand(String odd) {
    for (int before = 0; before < Long.BYTES; before++) {
      for (int odds = 0; odds <= 2 * Long.BYTES; odds++) {
        for (int after = 0; after <= 2 * Long.BYTES; after++) {
          assertHashedAsUtf8("a".repeat(before) + odd.repeat(odds) + "b".repeat(after));
        }
      }
    }
  }

  @Test
  void bytesOfAllOnes_areHashedAsOthers() {
    for (int length = 0; length <= 2 * Long.BYTES; length++) {
      byte[] ones = new byte[length];
      Arrays.fill(ones, (byte) -1);
      long low = (length == 0) ? 0 : -1L >>> (Long.SIZE - Byte.SIZE * Math.min(length, Long.BYTES));
      long high =
          (length <= Long.BYTES) ? 0 : -1L >>> (Long.SIZE - Byte.SIZE * (length - Long.BYTES));

      assertThat(hash.bytes(FIRST, ones)).isEqualTo(hash.words(FIRST, low, high, length));
    }
  }

  @Test
  void firstByte_isAByte() {
    assertThat(hash.bytes((byte) 0x80, new byte[] {1})).isEqualTo(hash.words((byte) 0x80, 1, 0, 1));
    assertThat(Set.of(
            hash.bytes((byte) 0x80, new byte[] {1}),
            hash.bytes((byte) 0x80, new byte[] {-1}),
            hash.bytes((byte) 0, new byte[] {1})))
        .hasSize(3);
  }

  @Test
  void length_countsModulo256() {
    assertThat(zeros(0)).isNotEqualTo(zeros(8));
    assertThat(zeros(255)).isNotEqualTo(zeros(256));
    assertThat(zeros(256)).isNotEqualTo(zeros(0));
    assertThat(littleEndian(zeros(199))).isEqualTo("9ce58e1feb2e5516");
    assertThat(littleEndian(zeros(299))).isEqualTo("ce6f9c9968287765");
  }

  private void assertHashedAsUtf8(String text) {
    assertThat(hash.text(FIRST, text, 0, text.length()))
        .as(text)
        .isEqualTo(hash.bytes(FIRST, text.getBytes(StandardCharsets.UTF_8)));
  }

  private long zeros(int length) {
    return hash.bytes(FIRST, new byte[length]);
  }

  /** The bytes of a vector after the first: 1, 2, ... length - 1. */
  private static byte[] input(int length) {
    byte[] input = new byte[length - 1];
    for (int i = 0; i < input.length; i++) {
      input[i] = (byte) (i + 1);
    }
    return input;
  }

  private static long word(int first, int count) {
    long word = 0;
    for (int i = count - 1; i >= 0; i--) {
      word = word << Byte.SIZE | (first + i);
    }
    return word;
  }

  private static String littleEndian(long hash) {
    byte[] bytes = ByteBuffer.allocate(Long.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(hash)
        .array();
    return HexFormat.of().formatHex(bytes);
  }
}
