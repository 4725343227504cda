package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.limpet.core.FaultException;
import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.0.0.0, 10.255.255.255, 9.255.255.255, 11.0.0.0",
    "172.16.0.0/12, 172.16.0.0, 172.31.255.255, 172.15.255.255, 172.32.0.0",
    "192.0.2.128/25, 192.0.2.128, 192.0.2.255, 192.0.2.127, 192.0.3.0",
    "192.0.2.7, 192.0.2.7, 192.0.2.7, 192.0.2.6, 192.0.2.8",
    "192.0.2.7/32, 192.0.2.7, ::ffff:192.0.2.7, 192.0.2.6, 192.0.2.8",
    "::ffff:10.0.0.0/104, 10.0.0.0, 10.255.255.255, 9.255.255.255, 11.0.0.0",
    "0.0.0.0/0, 0.0.0.0, 255.255.255.255, ::, ::1",
    "::/0, ::, ffff::, 0.0.0.0, 10.0.0.1",
    "2001:db8::/32, 2001:db8::, 2001:db8:ffff::1, 2001:db7:ffff::, 2001:db9::",
    "fe80::/10, fe80::, febf::1, fe7f::, fec0::",
    "::1, ::1, ::1, ::, ::2",
  })
  void aRange_hasTheAddressesThatBeginWithItsBits(
      String range, String first, String last, String before, String after) {
    AddressRange parsed = AddressRange.parse(range);

    assertThat(parsed.contains(Addresses.of(first))).isTrue();
    assertThat(parsed.contains(Addresses.of(last))).isTrue();
    assertThat(parsed.contains(Addresses.of(before))).isFalse();
    assertThat(parsed.contains(Addresses.of(after))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/08",
        "10.0.0.0/8/8",
        "10.0.0.0/8 ",
        "10.0.0.0/2147483648",
        "10.0.0.0/4294967304",
        "10.0.0.0/\u0668",
        "10/8",
        "010.0.0.0/8",
        "proxy.example",
        "::/129",
        "::1%eth0",
        "[::1]",
        "::ffff:0:0/95",
        "::ffff:10.0.0.0/8",
      })
  void anythingElse_isRefused(String text) {
    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> AddressRange.parse(text))
        .withMessageStartingWith("range: \"")
        .withMessageContaining("10.0.0.0/8");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1/8, 10.0.0.0/8 or 10.0.0.1/32",
    "192.0.2.129/25, 192.0.2.128/25 or 192.0.2.129/32",
    "10.0.0.1/0, 0.0.0.0/0 or 10.0.0.1/32",
    "2001:db8::1/32, 2001:db8:0:0:0:0:0:0/32 or 2001:db8:0:0:0:0:0:1/128",
  })
  void bitsAfterThePrefix_areRefusedWithTheWaysOut(String text, String ways) {
    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> AddressRange.parse(text))
        .withMessage("range: \"" + text + "\" (expected: " + ways + ")");
  }

  @Test
  void zonesAndMapping_doNotCount() throws Exception {
    byte[] local = Addresses.of("fe80::1").getAddress();
    byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 2, 3, 4};
    InetAddress asIpv6 = Inet6Address.getByAddress(null, mapped, -1);

    assertThat(AddressRange.parse("fe80::/10").contains(Inet6Address.getByAddress("x", local, 3)))
        .isTrue();
    assertThat(AddressRange.parse("10.0.0.0/8").contains(asIpv6)).isTrue();
  }

  @Test
  void ranges_areEqualIfTheirAddressesAre() {
    AddressRange range = AddressRange.parse("10.0.0.0/8");

    assertThat(range)
        .isEqualTo(AddressRange.parse("::ffff:10.0.0.0/104"))
        .hasSameHashCodeAs(AddressRange.parse("::ffff:a00:0/104"))
        .isNotEqualTo(AddressRange.parse("10.0.0.0/9"))
        .isNotEqualTo(AddressRange.parse("11.0.0.0/8"))
        .isNotEqualTo("10.0.0.0/8")
        .hasToString("10.0.0.0/8");
  }
}
