package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.internal.SipHash;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class KeyHasherProperties {
  private static final int COLLIDING = 16_384;

  private final KeyHasher hasher = KeyHasher.of(new byte[KeyHasher.MIN_SECRET_BYTES]);

  @Property
  void ipv4NetworkIsItsFirstAddress(
      @ForAll @Size(4) byte[] address, @ForAll @IntRange(max = 32) int prefix) throws Exception {
    assertThat(hasher.address(InetAddress.getByAddress(address), prefix, 128))
        .isEqualTo(hasher.address(InetAddress.getByAddress(masked(address, prefix)), 32, 128));
  }

  @Property
  void ipv6NetworkIsItsFirstAddress(
      @ForAll @Size(16) byte[] address, @ForAll @IntRange(max = 128) int prefix) throws Exception {
    assertThat(hasher.address(ipv6(address), 32, prefix))
        .isEqualTo(hasher.address(ipv6(masked(address, prefix)), 32, 128));
  }

  @Property
  void addressesOfDifferentNetworks_haveDifferentKeys(
      @ForAll @Size(4) byte[] one,
      @ForAll("prefixes") int prefix,
      @ForAll @IntRange(max = 31) int flipped)
      throws Exception {
    byte[] other = one.clone();
    other[flipped / Byte.SIZE] ^= (byte) (0x80 >> (flipped % Byte.SIZE));
    boolean sameNetwork = flipped >= prefix;
    assertThat(hasher.address(InetAddress.getByAddress(one), prefix, 0)
            == hasher.address(InetAddress.getByAddress(other), prefix, 0))
        .isEqualTo(sameNetwork);
  }

  @Property
  void addressesOfDifferentIpv6Networks_haveDifferentKeys(
      @ForAll @Size(16) byte[] one,
      @ForAll("ipv6Prefixes") int prefix,
      @ForAll @IntRange(max = 127) int flipped)
      throws Exception {
    byte[] other = one.clone();
    other[flipped / Byte.SIZE] ^= (byte) (0x80 >> (flipped % Byte.SIZE));
    boolean sameNetwork = flipped >= prefix;
    assertThat(hasher.address(ipv6(one), 0, prefix) == hasher.address(ipv6(other), 0, prefix))
        .isEqualTo(sameNetwork);
  }

  @Property
  void differentTexts_haveDifferentKeys(
      @ForAll("texts") String one, @ForAll("texts") String other) {
    assertThat(hasher.string(one) == hasher.string(other)).isEqualTo(one.equals(other));
    assertThat(hasher.string(CharBuffer.wrap(one))).isEqualTo(hasher.string(one));
  }

  /** Each character is encoded as UTF-8 encodes it, a half of a surrogate pair as any other. */
  @Property
  void textIsHashedCharacterByCharacter(@ForAll("texts") String text) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        bytes.writeBytes(
            new byte[] {(byte) 0xED, (byte) (0x80 | (c >> 6 & 0x3F)), (byte) (0x80 | (c & 0x3F))});
      } else {
        bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
      }
    }
    assertThat(hasher.string(text)).isEqualTo(specified(1, bytes.toByteArray()));
  }

  @Property
  void eachKindIsHashedUnderItsByte(@ForAll @Size(max = 40) byte[] bytes, @ForAll long number)
      throws Exception {
    assertThat(hasher.bytes(bytes)).isEqualTo(specified(3, bytes));
    assertThat(hasher.number(number)).isEqualTo(specified(4, littleEndian(number)));
  }

  @Property
  void addressesAreHashedInNetworkOrder(@ForAll @Size(4) byte[] ipv4, @ForAll @Size(16) byte[] ipv6)
      throws Exception {
    assertThat(hasher.address(InetAddress.getByAddress(ipv4))).isEqualTo(specified(2, ipv4));
    assertThat(hasher.address(ipv6(ipv6))).isEqualTo(specified(2, ipv6));
  }

  @Property
  void bytesOfAnAddress_haveItsKey(
      @ForAll("addresses") byte[] address,
      @ForAll @IntRange(max = 32) int ipv4Prefix,
      @ForAll @IntRange(max = 128) int ipv6Prefix)
      throws Exception {
    InetAddress inet = InetAddress.getByAddress(address);

    assertThat(hasher.address(address)).isEqualTo(hasher.address(inet));
    assertThat(hasher.address(address, ipv4Prefix, ipv6Prefix))
        .isEqualTo(hasher.address(inet, ipv4Prefix, ipv6Prefix));
  }

  /** SipHash-2-4 under a key that is derived from the secret by HMAC-SHA256. */
  private static long specified(int kind, byte[] input) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(new byte[KeyHasher.MIN_SECRET_BYTES], "HmacSHA256"));
    byte[] derived = mac.doFinal("limpet session key".getBytes(StandardCharsets.US_ASCII));
    ByteBuffer words = ByteBuffer.wrap(derived).order(ByteOrder.LITTLE_ENDIAN);
    return new SipHash(words.getLong(), words.getLong()).bytes((byte) kind, input);
  }

  private static byte[] littleEndian(long number) {
    return ByteBuffer.allocate(Long.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(number)
        .array();
  }

  @Property
  void differentNumbers_haveDifferentKeys(@ForAll long one, @ForAll long other) {
    assertThat(hasher.number(one) == hasher.number(other)).isEqualTo(one == other);
  }

  @Property
  void differentBytes_haveDifferentKeys(@ForAll byte[] one, @ForAll byte[] other) {
    assertThat(hasher.bytes(one) == hasher.bytes(other)).isEqualTo(Arrays.equals(one, other));
  }

  @Property
  void noKeyIsTheKeyOfNothing(@ForAll long number, @ForAll String text) {
    assertThat(hasher.number(number)).isNotIn(KeyExtractor.NONE, KeyExtractor.UNUSABLE);
    assertThat(hasher.string(text)).isNotIn(KeyExtractor.NONE, KeyExtractor.UNUSABLE);
  }

  /** Texts with equal hash codes: each of 14 places holds "Aa" or "BB". */
  @Example
  void collidingTexts_areSpread() {
    Set<Integer> hashCodes = new HashSet<>();
    long[] keys = new long[COLLIDING];
    for (int i = 0; i < COLLIDING; i++) {
      StringBuilder text = new StringBuilder();
      for (int place = 0; place < 14; place++) {
        text.append((i >> place & 1) == 0 ? "Aa" : "BB");
      }
      hashCodes.add(text.toString().hashCode());
      keys[i] = hasher.string(text);
    }
    assertThat(hashCodes).hasSize(1);
    assertSpread(keys);
  }

  /** IPv6 addresses with equal hash codes, which are plain sums of four words. */
  @Example
  void collidingAddresses_areSpread() throws Exception {
    Set<Integer> hashCodes = new HashSet<>();
    long[] keys = new long[COLLIDING];
    for (int i = 0; i < COLLIDING; i++) {
      byte[] bytes = new byte[16];
      bytes[0] = 0x20;
      bytes[6] = (byte) (i >> 7);
      bytes[7] = (byte) (i & 0x7F);
      bytes[14] = (byte) (0x7F - bytes[6]);
      bytes[15] = (byte) (0x7F - bytes[7]);
      InetAddress address = ipv6(bytes);
      hashCodes.add(address.hashCode());
      keys[i] = hasher.address(address);
    }
    assertThat(hashCodes).hasSize(1);
    assertSpread(keys);
  }

  /** Numbers whose hash code is the same. */
  @Example
  void collidingNumbers_areSpread() {
    assertSpread(LongStream.range(0, COLLIDING)
        .map(n -> hasher.number(n << 32 | (n ^ 0x12345678L)))
        .toArray());
  }

  private static void assertSpread(long[] keys) {
    assertThat(Arrays.stream(keys).distinct().count()).isEqualTo(keys.length);
    for (int shift : new int[] {0, 17, 33, 54}) {
      int[] buckets = new int[1024];
      for (long key : keys) {
        buckets[(int) (key >>> shift) & 1023]++;
      }
      double expected = keys.length / 1024.0;
      double chiSquare = Arrays.stream(buckets)
          .mapToDouble(n -> (n - expected) * (n - expected) / expected)
          .sum();
      assertThat(chiSquare).as("of 1023 degrees of freedom, 5 sigma").isBetween(797.0, 1249.0);
      int[] hashCodes = new int[1024];
      for (long key : keys) {
        int hash = Long.hashCode(key);
        hashCodes[(hash ^ hash >>> 16) & 1023]++;
      }
      assertThat(Arrays.stream(hashCodes).max().orElseThrow()).isLessThan(48);
    }
  }

  @Provide
  Arbitrary<byte[]> addresses() {
    Arbitrary<Byte> any = Arbitraries.bytes();
    Arbitrary<byte[]> tails = any.array(byte[].class).ofSize(4);
    return Arbitraries.oneOf(
        tails,
        any.array(byte[].class).ofSize(16),
        tails.map(tail -> tailed(new byte[16], tail)),
        tails.map(tail -> tailed(mapped(), tail)));
  }

  private static byte[] mapped() {
    byte[] mapped = new byte[16];
    mapped[10] = -1;
    mapped[11] = -1;
    return mapped;
  }

  private static byte[] tailed(byte[] address, byte[] tail) {
    System.arraycopy(tail, 0, address, address.length - tail.length, tail.length);
    return address;
  }

  @Provide
  Arbitrary<Integer> prefixes() {
    return Arbitraries.of(0, 1, 7, 8, 9, 24, 31, 32);
  }

  @Provide
  Arbitrary<Integer> ipv6Prefixes() {
    return Arbitraries.of(0, 48, 56, 63, 64, 65, 128);
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<Character> chars = Arbitraries.of(
        'a', '\0', '\u007f', '\u0080', '\u07ff', '\u0800', '\ud83d', '\udc1a', '\ud800', '\uffff');
    return Arbitraries.oneOf(
        chars.list().ofMaxSize(3).map(KeyHasherProperties::text),
        Arbitraries.strings().ofMaxLength(9));
  }

  private static String text(List<Character> chars) {
    StringBuilder text = new StringBuilder();
    chars.forEach(text::append);
    return text.toString();
  }

  private static byte[] masked(byte[] address, int prefix) {
    int bits = address.length * Byte.SIZE;
    BigInteger mask = BigInteger.ONE
        .shiftLeft(bits)
        .subtract(BigInteger.ONE)
        .shiftRight(bits - prefix)
        .shiftLeft(bits - prefix);
    byte[] network = new BigInteger(1, address).and(mask).toByteArray();
    byte[] padded = new byte[address.length];
    int length = Math.min(network.length, padded.length);
    System.arraycopy(network, network.length - length, padded, padded.length - length, length);
    return padded;
  }

  private static InetAddress ipv6(byte[] address) throws UnknownHostException {
    return Inet6Address.getByAddress(null, address, -1);
  }
}
