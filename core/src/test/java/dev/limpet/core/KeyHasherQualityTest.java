package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Keys of inputs that differ little fill buckets as random numbers would, by their low and their
 * high bits.
 */
class KeyHasherQualityTest {
  private static final int BUCKET_BITS = 12;
  private static final int BUCKETS = 1 << BUCKET_BITS;
  private static final int KEYS = 32 * BUCKETS;
  private static final double FREEDOM = BUCKETS - 1;
  private static final double SIGMAS = 5;

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(bytes = {0, 1, 2, 3, 5, 7, 11, 127, -128, -1})
  void keysFillBucketsAsRandomNumbersDo(byte secret) {
    KeyHasher hasher = hasher(secret);
    Random random = new Random(secret);
    UUID first = new UUID(0x0000_0000_9414_11ecL, 0x8123_0242_AC13_0003L);

    assertEven("IPv4 addresses in a row", i -> hasher.address(ipv4(0x0A000000 + i)));
    assertEven("IPv6 /64s in a row", i -> hasher.address(ipv6(0x20010DB8_00000000L + i, 1), 0, 64));
    assertEven("IPv6 addresses in a row", i -> hasher.address(ipv6(0x20010DB8_00000000L, i)));
    assertEven("a counter", hasher::number);
    assertEven("a counter in the high bits", i -> hasher.number((long) i << 40));
    assertEven("a counter as text", i -> hasher.string(Integer.toString(i)));
    assertEven("a counter at the end of a text", i -> hasher.string("session-id-" + i));
    assertEven("random UUIDs", i -> hasher.string(random(random).toString()));
    assertEven("UUIDs by time", i -> hasher.string(later(first, i).toString()));
  }

  @Test
  void weakHashes_areFoundOut() {
    assertThat(isEven(i -> 0x0A000000 + i)).isFalse();
    assertThat(isEven(i -> i * 0x9E3779B97F4A7C15L)).isFalse();
    assertThat(isEven(i -> fnv(Integer.toString(i)))).isFalse();
    assertThat(isEven(i -> Integer.toString(i).hashCode() * 0x9E3779B97F4A7C15L))
        .isFalse();
    assertThat(isEven(i -> twice(Integer.toString(i).hashCode()))).isFalse();
  }

  @Test
  void aHashThatLosesASingleBit_isFoundOut() {
    KeyHasher hasher = hasher((byte) 1);

    assertThat(isEven(i -> hasher.number(i) & ~1L)).isFalse();
    assertThat(isEven(i -> hasher.number(i) & ~(1L << (Long.SIZE - BUCKET_BITS))))
        .isFalse();
  }

  private static void assertEven(String inputs, IntToLongFunction keys) {
    assertThat(sigmasOff(keys)).as(inputs).isLessThan(SIGMAS);
  }

  private static boolean isEven(IntToLongFunction keys) {
    return sigmasOff(keys) < SIGMAS;
  }

  /**
   * By how much chi-square is too great, or too small, for random numbers: by low bits or by high
   * bits.
   */
  private static double sigmasOff(IntToLongFunction keys) {
    int[] low = new int[BUCKETS];
    int[] high = new int[BUCKETS];
    for (int i = 0; i < KEYS; i++) {
      long key = keys.applyAsLong(i);
      low[(int) key & (BUCKETS - 1)]++;
      high[(int) (key >>> (Long.SIZE - BUCKET_BITS))]++;
    }
    return Math.max(sigmasOff(low), sigmasOff(high));
  }

  private static double sigmasOff(int[] buckets) {
    double expected = (double) KEYS / BUCKETS;
    double chiSquare = Arrays.stream(buckets)
        .mapToDouble(n -> (n - expected) * (n - expected) / expected)
        .sum();
    return Math.abs(chiSquare - FREEDOM) / Math.sqrt(2 * FREEDOM);
  }

  private static KeyHasher hasher(byte secret) {
    byte[] bytes = new byte[KeyHasher.MIN_SECRET_BYTES];
    Arrays.fill(bytes, secret);
    return KeyHasher.of(bytes);
  }

  private static byte[] ipv4(int address) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(address).array();
  }

  private static byte[] ipv6(long high, long low) {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
  }

  private static UUID random(Random random) {
    long high = (random.nextLong() & ~0xF000L) | 0x4000L;
    long low = (random.nextLong() & ~(3L << 62)) | 1L << 63;
    return new UUID(high, low);
  }

  /** A UUID of version 1 that a machine makes some hundreds of nanoseconds later. */
  private static UUID later(UUID first, int ticks) {
    return new UUID(
        first.getMostSignificantBits() + ((long) ticks << 32), first.getLeastSignificantBits());
  }

  private static long twice(int hash) {
    return (long) hash << Integer.SIZE | Integer.toUnsignedLong(hash);
  }

  private static long fnv(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }
}
