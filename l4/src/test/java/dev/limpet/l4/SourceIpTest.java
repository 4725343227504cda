package dev.limpet.l4;

import static dev.limpet.l4.Addresses.ip;
import static dev.limpet.l4.Addresses.ipv6;
import static dev.limpet.l4.Addresses.mapped;
import static dev.limpet.l4.Addresses.named;
import static dev.limpet.l4.Addresses.wasLookedUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Environment;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.KeyHasher;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceIpTest {
  private final KeyHasher hasher = Environment.local().hasher();
  private final SourceIp<InetAddress> exact = SourceIp.of(Function.identity());

  @ParameterizedTest
  @CsvSource({
    "32, 192.0.2.1,       192.0.2.1,       true",
    "32, 192.0.2.1,       192.0.2.2,       false",
    "32, 192.0.2.1,       193.0.2.1,       false",
    "31, 192.0.2.2,       192.0.2.3,       true",
    "31, 192.0.2.1,       192.0.2.2,       false",
    "25, 192.0.2.127,     192.0.2.0,       true",
    "25, 192.0.2.127,     192.0.2.128,     false",
    "24, 192.0.2.0,       192.0.2.255,     true",
    "24, 192.0.2.255,     192.0.3.0,       false",
    "9,  10.0.0.0,        10.127.255.255,  true",
    "9,  10.127.255.255,  10.128.0.0,      false",
    "8,  10.0.0.0,        10.255.255.255,  true",
    "8,  10.255.255.255,  11.0.0.0,        false",
    "1,  0.0.0.0,         127.255.255.255, true",
    "1,  127.255.255.255, 128.0.0.0,       false",
    "0,  0.0.0.0,         255.255.255.255, true",
    "0,  0.0.0.0,         ::,              false",
  })
  void ipv4Prefix_saysWhoSharesAKey(int bits, String one, String other, boolean shared) {
    SourceIp<InetAddress> source = exact.withIpv4Prefix(bits);

    assertThat(key(source, ip(one)) == key(source, ip(other))).isEqualTo(shared);
  }

  @ParameterizedTest
  @CsvSource({
    "128, 2001:db8::1,                     2001:db8:0:0:0:0:0:1,                  true",
    "128, 2001:db8::1,                     2001:db8::2,                           false",
    "128, 2001:db8::1,                     2001:db9::1,                           false",
    "127, 2001:db8::2,                     2001:db8::3,                           true",
    "127, 2001:db8::1,                     2001:db8::2,                           false",
    "64,  2001:db8:0:1::,                  2001:db8:0:1:ffff:ffff:ffff:ffff,      true",
    "64,  2001:db8:0:1:ffff:ffff:ffff:ffff, 2001:db8:0:2::,                       false",
    "57,  2001:db8::,                      2001:db8:0:7f:ffff:ffff:ffff:ffff,     true",
    "57,  2001:db8:0:7f::,                 2001:db8:0:80::,                       false",
    "56,  2001:db8:0:100::,                2001:db8:0:1ff:ffff:ffff:ffff:ffff,    true",
    "56,  2001:db8:0:1ff::,                2001:db8:0:200::,                      false",
    "1,   ::,                              7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, true",
    "1,   7fff::,                          8000::,                                false",
    "0,   ::,                              ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, true",
    "0,   ::,                              0.0.0.0,                               false",
  })
  void ipv6Prefix_saysWhoSharesAKey(int bits, String one, String other, boolean shared) {
    SourceIp<InetAddress> source = exact.withIpv6Prefix(bits);

    assertThat(key(source, ip(one)) == key(source, ip(other))).isEqualTo(shared);
  }

  @Test
  void prefix_ofOneFamilyDoesNotCountForTheOther() {
    SourceIp<InetAddress> ipv4Networks = exact.withIpv4Prefix(8);
    SourceIp<InetAddress> ipv6Networks = exact.withIpv6Prefix(8);

    assertThat(key(ipv4Networks, ip("2001:db8::1"))).isEqualTo(key(exact, ip("2001:db8::1")));
    assertThat(key(ipv6Networks, ip("192.0.2.1"))).isEqualTo(key(exact, ip("192.0.2.1")));
  }

  @Test
  void mappedAddress_isTheIpv4Address() {
    InetAddress mapped = mapped(ip("192.0.2.1"));

    assertThat(mapped).isInstanceOf(Inet6Address.class);
    assertThat(key(exact, mapped)).isEqualTo(key(exact, ip("192.0.2.1")));
    assertThat(key(exact, mapped)).isEqualTo(key(exact, ip("::ffff:192.0.2.1")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"::192.0.2.1", "64:ff9b::192.0.2.1", "2002:c000:0201::"})
  void addressThatMerelyContainsAnIpv4Address_isAnother(String literal) {
    assertThat(key(exact, ip(literal))).isNotEqualTo(key(exact, ip("192.0.2.1")));
  }

  @Test
  void zone_doesNotCount() {
    byte[] bytes = ip("fe80::1").getAddress();

    assertThat(key(exact, ipv6(bytes, 1))).isEqualTo(key(exact, ip("fe80::1")));
    assertThat(key(exact, ipv6(bytes, 2))).isEqualTo(key(exact, ip("fe80::1")));
  }

  @Test
  void name_doesNotCount() {
    assertThat(key(exact, named("no-such-host.invalid", ip("192.0.2.1"))))
        .isEqualTo(key(exact, ip("192.0.2.1")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "2001:db8::1"})
  void name_isNeverLookedUp(String literal) {
    InetAddress address = ip(literal);

    key(exact.withIpv4Prefix(24).withIpv6Prefix(64), address);

    assertThat(wasLookedUp(address)).isFalse();
  }

  @Test
  void nullAddress_isNoKey() {
    assertThat(key(SourceIp.of(any -> null), ip("192.0.2.1"))).isEqualTo(KeyExtractor.NONE);
  }

  @Test
  void exactAddresses_haveTheKeysOfCore() {
    assertThat(key(exact, ip("192.0.2.1"))).isEqualTo(hasher.address(ip("192.0.2.1")));
    assertThat(key(exact, ip("2001:db8::1"))).isEqualTo(hasher.address(ip("2001:db8::1")));
  }

  @Test
  void orElse_asksForTheAddressWhereThereIsNoOtherKey() {
    KeyExtractor<String> tenant = KeyExtractor.string(text -> text);
    KeyExtractor<String> tenantOrAddress = tenant.orElse(SourceIp.of(text -> ip("192.0.2.1")));

    assertThat(tenantOrAddress.key("blue", hasher)).isEqualTo(hasher.string("blue"));
    assertThat(tenantOrAddress.key("", hasher)).isEqualTo(hasher.address(ip("192.0.2.1")));
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 33, Integer.MAX_VALUE})
  void ipv4Prefix_outOfRangeIsRefused(int bits) {
    assertThatThrownBy(() -> exact.withIpv4Prefix(bits))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ipv4Prefix: " + bits + " (expected: 0..32)");
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 129, Integer.MAX_VALUE})
  void ipv6Prefix_outOfRangeIsRefused(int bits) {
    assertThatThrownBy(() -> exact.withIpv6Prefix(bits))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ipv6Prefix: " + bits + " (expected: 0..128)");
  }

  @Test
  void toString_saysThePrefixes() {
    assertThat(exact.withIpv4Prefix(24)).hasToString("SourceIp /24, /128");
  }

  private long key(SourceIp<InetAddress> source, InetAddress address) {
    return source.key(address, hasher);
  }
}
