package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyHasherTest {
  private static final String SECRET = "0123456789abcdef0123456789ABCDEF";

  private final KeyHasher hasher = KeyHasher.of(SECRET.getBytes(StandardCharsets.US_ASCII));

  @Test
  void kindsOfInput_areApart() throws Exception {
    byte[] abcd = "abcd".getBytes(StandardCharsets.US_ASCII);
    assertThat(Set.of(
            hasher.string("abcd"),
            hasher.bytes(abcd),
            hasher.address(InetAddress.getByAddress(abcd)),
            hasher.number(0x64636261L)))
        .hasSize(4);
    assertThat(hasher.string("abcdefgh")).isNotEqualTo(hasher.number(0x6867666564636261L));
    assertThat(Set.of(hasher.string(""), hasher.bytes(new byte[0]))).hasSize(2);
  }

  @Test
  void partOfAText_hasTheKeyOfThePartByItself() {
    assertThat(hasher.string("a=äbc;", 2, 5)).isEqualTo(hasher.string("äbc"));
    assertThat(hasher.string("abc", 3, 3)).isEqualTo(hasher.string(""));
    assertThatThrownBy(() -> hasher.string("abc", 1, 4))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> hasher.string("abc", 2, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void keys_areTheSameInEveryVersion() throws Exception {
    assertThat(hasher.string("session-1")).isEqualTo(468852881125383339L);
    assertThat(hasher.string("äß€\uD83D\uDC1A")).isEqualTo(-1402580410301444063L);
    assertThat(hasher.bytes(new byte[] {0, 1, -1, 127, -128})).isEqualTo(-4507303645698869556L);
    assertThat(hasher.number(Long.MIN_VALUE)).isEqualTo(-4096756059601684332L);
    assertThat(hasher.address(address("192.0.2.1"))).isEqualTo(3420424801195226837L);
    assertThat(hasher.address(address("2001:db8::1"))).isEqualTo(-3849777349673909646L);
    assertThat(hasher.address(address("192.0.2.1"), 24, 56)).isEqualTo(2991715351835861910L);
    assertThat(hasher.address(address("2001:db8::1"), 24, 56)).isEqualTo(6894606397027592739L);
  }

  @Test
  void keys_dependOnEveryBitOfTheSecret() {
    Set<Long> keys = new HashSet<>();
    byte[] secret = SECRET.getBytes(StandardCharsets.US_ASCII);
    for (int bit = 0; bit < secret.length * Byte.SIZE; bit++) {
      secret[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
      keys.add(KeyHasher.of(secret).string("a"));
      secret[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
    }
    keys.add(hasher.string("a"));
    assertThat(keys).hasSize(32 * Byte.SIZE + 1);
  }

  @Test
  void derived_followsFromTheSecretAndThePurposeAndIsApartFromBoth() {
    KeyHasher other =
        KeyHasher.of(SECRET.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
    KeyHasher derived = hasher.derived("a");

    assertThat(derived.string("x"))
        .isEqualTo(KeyHasher.of(SECRET.getBytes(StandardCharsets.US_ASCII))
            .derived("a")
            .string("x"));
    assertThat(Set.of(
            hasher.string("x"),
            derived.string("x"),
            derived.derived("a").string("x"),
            hasher.derived("").string("x"),
            hasher.derived("b").string("x"),
            other.derived("a").string("x")))
        .hasSize(6);
  }

  @ParameterizedTest
  @CsvSource({
    "::ffff:1.2.3.4, 1.2.3.4",
    "fe80::1%1, fe80::1",
    "fe80::1%2, fe80::1",
    "0:0:0:0:0:FFFF:0102:0304, 1.2.3.4"
  })
  void address_isTheSameHoweverWritten(String one, String other) throws Exception {
    assertThat(hasher.address(address(one))).isEqualTo(hasher.address(address(other)));
  }

  @Test
  void mappedAddress_isTheIpv4Address() throws Exception {
    byte[] mapped = new byte[16];
    mapped[10] = mapped[11] = -1;
    System.arraycopy(new byte[] {1, 2, 3, 4}, 0, mapped, 12, 4);
    InetAddress ipv6 = Inet6Address.getByAddress("mapped", mapped, 7);
    assertThat(ipv6).isInstanceOf(Inet6Address.class);
    for (int prefix : new int[] {0, 8, 24, 32}) {
      long key = hasher.address(address("1.2.3.4"), prefix, 0);

      assertThat(hasher.address(ipv6, prefix, 128)).isEqualTo(key);
      assertThat(hasher.address(mapped, prefix, 128)).isEqualTo(key);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::1.2.3.4",
        "::fffe:1.2.3.4",
        "0:0:0:0:1:ffff:0102:0304",
        "::ffff:0:1.2.3.4",
        "1::ffff:1.2.3.4",
        "0:0:0:1::ffff:1.2.3.4"
      })
  void otherAddressesWithAnIpv4Tail_areNotTheIpv4Address(String other) throws Exception {
    assertThat(hasher.address(address(other))).isNotEqualTo(hasher.address(address("1.2.3.4")));
  }

  @Test
  void hostName_isNeverLookedUp() throws Exception {
    InetAddress named = InetAddress.getByAddress("name.invalid", new byte[] {1, 2, 3, 4});
    assertThat(hasher.address(named)).isEqualTo(hasher.address(address("1.2.3.4")));
    assertThat(named.toString()).isEqualTo("name.invalid/1.2.3.4");
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 128, ipv4Prefix: -1 (expected: 0..32)",
    "33, 128, ipv4Prefix: 33 (expected: 0..32)",
    "32, -1, ipv6Prefix: -1 (expected: 0..128)",
    "32, 129, ipv6Prefix: 129 (expected: 0..128)"
  })
  void prefixOutOfRange_isRefused(int ipv4, int ipv6, String message) throws Exception {
    for (String any : new String[] {"1.2.3.4", "2001:db8::1"}) {
      InetAddress address = address(any);
      assertThatThrownBy(() -> hasher.address(address, ipv4, ipv6))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(message);
      assertThatThrownBy(() -> hasher.address(address.getAddress(), ipv4, ipv6))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(message);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 5, 8, 15, 17, 32})
  void bytesThatAreNoAddress_areRefused(int length) {
    assertThatThrownBy(() -> hasher.address(new byte[length]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("address: " + length + " bytes (expected: 4 or 16)");
    assertThatThrownBy(() -> hasher.address(new byte[length], 24, 56))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("address: " + length + " bytes (expected: 4 or 16)");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16, 31})
  void shortSecret_isRefused(int length) {
    assertThatThrownBy(() -> KeyHasher.of(new byte[length]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("secret: " + length + " bytes (expected: 32 or more)");
  }

  @Test
  void secret_isNotKept() {
    byte[] secret = SECRET.getBytes(StandardCharsets.US_ASCII);
    KeyHasher own = KeyHasher.of(secret);
    Arrays.fill(secret, (byte) 0);
    assertThat(own.string("a")).isEqualTo(hasher.string("a"));
  }

  @Test
  void toString_saysNothingOfTheSecret() {
    assertThat(hasher).hasToString("KeyHasher");
  }

  private static InetAddress address(String text) throws UnknownHostException {
    return InetAddress.getByName(text);
  }
}
