package dev.limpet.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressLiteralTest {
  private static byte[] bytes(String text) {
    return IpLiteral.bytes(text, 0, text.length());
  }

  /** The expected text is that of {@link InetAddress#getHostAddress}. */
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 0.0.0.0",
    "255.0.10.1, 255.0.10.1",
    "::, 0:0:0:0:0:0:0:0",
    "1::, 1:0:0:0:0:0:0:0",
    "::1, 0:0:0:0:0:0:0:1",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    "0001:0002:0003:0004:0005:0006:0007:0008, 1:2:3:4:5:6:7:8",
    "2001:DB8::ABCD, 2001:db8:0:0:0:0:0:abcd",
    "1:2:3:4:5:6::8, 1:2:3:4:5:6:0:8",
    "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
    "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
    "64:ff9b::1.2.3.4, 64:ff9b:0:0:0:0:102:304",
    "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
    "::1.2.3.4, 0:0:0:0:0:0:102:304",
    "::ffff:1.2.3.4, 1.2.3.4",
    "::FFFF:102:304, 1.2.3.4",
    "0:0:0:0:0:ffff:1.2.3.4, 1.2.3.4",
    "::ffff:0:1.2.3.4, 0:0:0:0:ffff:0:102:304",
    "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
  })
  void anAddress_isRead(String text, String shown) {
    assertThat(IpLiteral.address(bytes(text)).getHostAddress()).isEqualTo(shown);
    assertThat(IpLiteral.bytes("x" + text + "1", 1, 1 + text.length())).isEqualTo(bytes(text));
  }

  @ParameterizedTest
  @CsvSource({"1.2.3.4, 4", "::1.2.3.4, 16", "::ffff:1.2.3.4, 16", "2001:db8::1, 16"})
  void exactBytes_areAsManyAsTheSpellingSays(String text, int count) {
    byte[] exact = IpLiteral.exactBytes(text);
    assertThat(exact).hasSize(count);
    assertThat(IpLiteral.unmapped(exact)).isEqualTo(bytes(text));
    assertThat(IpLiteral.exactBytes(text + ":")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "...",
        "1",
        "1.2.3",
        "1.2.3.",
        ".1.2.3.4",
        "1.2.3.4.",
        "1..3.4",
        "1.2.3.4.5",
        "01.2.3.4",
        "1.2.3.00",
        "256.1.1.1",
        "1.2.3.1000",
        "0x1.2.3.4",
        "0177.0.0.1",
        "+1.2.3.4",
        "1.2.3.-4",
        " 1.2.3.4",
        "1.2.3.4 ",
        "1.2.3.a",
        "\u0661.2.3.4",
        ":",
        ":::",
        "::::",
        "1:::2",
        "1::2::3",
        ":1::2",
        "1::2:",
        "::.1",
        "::1.2.3",
        "::1.2.3.4.5",
        "1.2.3.4::",
        "::1.2.3.4:5",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4::5:6:7:8",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1:2:3:4:5:6:7:8:",
        ":1:2:3:4:5:6:7:8",
        "::g",
        "::12345",
        "::0ffff:1.2.3.4",
        "::ffff:010.0.0.1",
        "::ffff:1.2.3.256",
        "::\uff11",
        "::+1",
        "fe80::1%eth0",
        "::1%",
        "[::1]",
        "::1/128",
        "localhost",
        "::1\n",
        "0000:0000:0000:0000:0000:0000:255.255.255.2551"
      })
  void anythingElse_isNone(String text) {
    assertThat(bytes(text)).isNull();
  }

  @Test
  void onlyMappedAddresses_areUnmapped() {
    byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 1, 2, 3, 4};
    byte[] other = mapped.clone();
    other[9] = 1;
    byte[] half = mapped.clone();
    half[11] = 0;
    byte[] ipv4 = {1, 2, 3, 4};

    assertThat(IpLiteral.unmapped(mapped)).isEqualTo(ipv4);
    assertThat(IpLiteral.unmapped(other)).isSameAs(other);
    assertThat(IpLiteral.unmapped(half)).isSameAs(half);
    assertThat(IpLiteral.unmapped(ipv4)).isSameAs(ipv4);
  }

  @Test
  void anotherNumberOfBytes_isRefused() {
    assertThatIllegalStateException().isThrownBy(() -> IpLiteral.address(new byte[5]));
  }
}
