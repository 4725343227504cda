package dev.limpet.examples.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.0/8, 127.255.255.255, true",
    "127.0.0.0/8, 128.0.0.0, false",
    "127.0.0.0/8, 126.255.255.255, false",
    "10.0.0.0/9, 10.127.1.1, true",
    "10.0.0.0/9, 10.128.0.0, false",
    "0.0.0.0/0, 255.255.255.255, true",
    "0.0.0.0/0, ::1, false",
    "::/0, ::1, true",
    "::/0, 1.2.3.4, false",
    "1.2.3.4, 1.2.3.4, true",
    "1.2.3.4, 1.2.3.5, false",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "::ffff:10.0.0.0/104, 10.9.9.9, true",
    "::ffff:10.0.0.0/104, 11.0.0.0, false"
  })
  void contains(String block, String address, boolean expected) {
    assertThat(Cidr.parse(block).contains(IpLiteral.parse(address))).isEqualTo(expected);
  }

  @Test
  void contains_ignoresMappingAndZones() throws Exception {
    byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 127, 0, 0, 1};
    byte[] local = new byte[16];
    local[0] = (byte) 0xfe;
    local[1] = (byte) 0x80;

    assertThat(Cidr.parse("127.0.0.0/8").contains(Inet6Address.getByAddress(null, mapped, -1)))
        .isTrue();
    assertThat(Cidr.parse("fe80::/10").contains(Inet6Address.getByAddress(null, local, 3)))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/8",
        "1.2.3/8",
        "1.2.3.4.5",
        "01.2.3.4",
        "256.1.1.1",
        "1.2.3.4/",
        "1.2.3.4/33",
        "1.2.3.4/+8",
        "1.2.3.4/08",
        "1.2.3.4/8/8",
        ":",
        ":::",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7::8",
        "::1.2.3",
        "1.2.3.4::",
        "::g",
        "::12345",
        "::1%1",
        "[::1]",
        "::1/129",
        "::ffff:1.2.3.4/95",
        "localhost",
        "1:2:3:4:5:6:7:1.2.3.4"
      })
  void whatIsNoBlock(String text) {
    assertThat(Cidr.parse(text)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "::, 0:0:0:0:0:0:0:0",
    "1::, 1:0:0:0:0:0:0:0",
    "::1, 0:0:0:0:0:0:0:1",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    "1:2:3:4:5:6::8, 1:2:3:4:5:6:0:8",
    "64:ff9b::1.2.3.4, 64:ff9b:0:0:0:0:102:304",
    "ABCD::ef, abcd:0:0:0:0:0:0:ef",
    "::ffff:1.2.3.4, 1.2.3.4",
    "255.0.10.1, 255.0.10.1"
  })
  void literals(String text, String expected) {
    assertThat(IpLiteral.parse(text).getHostAddress()).isEqualTo(expected);
  }
}
