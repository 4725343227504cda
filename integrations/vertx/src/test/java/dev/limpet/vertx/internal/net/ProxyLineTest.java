package dev.limpet.vertx.internal.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.vertx.internal.net.ProxyReading.Header;
import dev.limpet.vertx.internal.net.ProxyReading.Partial;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyLineTest {
  @ParameterizedTest
  @CsvSource({
    "TCP4 1.2.3.4 5.6.7.8 1000 80, 1.2.3.4, 1000, 5.6.7.8, 80",
    "TCP4 0.0.0.0 255.255.255.255 0 65535, 0.0.0.0, 0, 255.255.255.255, 65535",
    "TCP4 1.2.3.4 5.6.7.8 65535 0, 1.2.3.4, 65535, 5.6.7.8, 0",
    "TCP6 2001:db8::1 ::2 1 2, 2001:db8:0:0:0:0:0:1, 1, 0:0:0:0:0:0:0:2, 2",
    "TCP6 2001:DB8::Ab ::2 1 2, 2001:db8:0:0:0:0:0:ab, 1, 0:0:0:0:0:0:0:2, 2",
    "TCP6 0001:0002:0003:0004:0005:0006:0007:0008 :: 1 2, 1:2:3:4:5:6:7:8, 1, 0:0:0:0:0:0:0:0, 2",
    "TCP6 ::1.2.3.4 ::ffff:1.2.3.4 0 0, 0:0:0:0:0:0:102:304, 0, 0:0:0:0:0:ffff:102:304, 0",
    "TCP6 64:ff9b::1.2.3.4 1:2:3:4:5:6:7:: 1 2, 64:ff9b:0:0:0:0:102:304, 1, 1:2:3:4:5:6:7:0, 2",
    "TCP6 1:2:3:4:5:6:1.2.3.4 1::8 1 2, 1:2:3:4:5:6:102:304, 1, 1:0:0:0:0:0:0:8, 2"
  })
  void lineOfATcpConnection_namesItsEnds(
      String line, String client, int clientPort, String server, int serverPort) {
    Header header = header("PROXY " + line + "\r\n");

    assertEnd(header.proxied().client(), client, clientPort);
    assertEnd(header.proxied().server(), server, serverPort);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UNKNOWN",
        "UNKNOWN ",
        "UNKNOWN TCP4 1.2.3.4 5.6.7.8 1000 80",
        "UNKNOWN fe80::1%eth0 x +80",
        "UNKNOWN \r \n \u0000 \u00ff PROXY",
        "UNKNOWN \r",
      })
  void unknownLine_namesNobody_whateverItSays(String line) {
    assertThat(header("PROXY " + line + "\r\n").proxied()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TCP4 1.2.3.4 5.6.7.8 +1000 80",
        "TCP4 1.2.3.4 5.6.7.8 -1 80",
        "TCP4 1.2.3.4 5.6.7.8 01000 80",
        "TCP4 1.2.3.4 5.6.7.8 1000 080",
        "TCP4 1.2.3.4 5.6.7.8 00 80",
        "TCP4 1.2.3.4 5.6.7.8 65536 80",
        "TCP4 1.2.3.4 5.6.7.8 1000 65536",
        "TCP4 1.2.3.4 5.6.7.8 1000 99999",
        "TCP4 1.2.3.4 5.6.7.8 1000 4294967376",
        "TCP4 1.2.3.4 5.6.7.8 1000 0x50",
        "TCP4 1.2.3.4 5.6.7.8 1000 \u0668\u0660",
        "TCP4 1.2.3.4 5.6.7.8 1000 ",
        "TCP4 1.2.3.4 5.6.7.8 1000",
        "TCP4 1.2.3.4 5.6.7.8",
        "TCP4 1.2.3.4",
        "TCP4 ",
        "TCP4",
        "",
        "TCP4 1.2.3.4 5.6.7.8 1000 80 ",
        "TCP4 1.2.3.4 5.6.7.8 1000 80\t",
        "TCP4 1.2.3.4 5.6.7.8 1000 80 90",
        "TCP4 1.2.3.4 5.6.7.8  1000 80",
        "TCP4  1.2.3.4 5.6.7.8 1000 80",
        " TCP4 1.2.3.4 5.6.7.8 1000 80",
        "TCP4\t1.2.3.4 5.6.7.8 1000 80",
        "TCP4 1.2.3.4 5.6.7.8 1000 80\r",
        "TCP4 1.2.3.4 5.6.7.8 1000 80\n",
        "TCP4 010.2.3.4 5.6.7.8 1000 80",
        "TCP4 1.2.3.04 5.6.7.8 1000 80",
        "TCP4 1.2.3.4 5.6.7.08 1000 80",
        "TCP4 1.2.3.256 5.6.7.8 1000 80",
        "TCP4 1.2.3 5.6.7.8 1000 80",
        "TCP4 1.2.3.4.5 5.6.7.8 1000 80",
        "TCP4 1.2.3.4. 5.6.7.8 1000 80",
        "TCP4 .1.2.3.4 5.6.7.8 1000 80",
        "TCP4 16909060 5.6.7.8 1000 80",
        "TCP4 0x1.2.3.4 5.6.7.8 1000 80",
        "TCP4 ::1 5.6.7.8 1000 80",
        "TCP4 ::ffff:1.2.3.4 5.6.7.8 1000 80",
        "TCP4 1.2.3.4 ::1 1000 80",
        "TCP6 1.2.3.4 ::1 1 2",
        "TCP6 ::1 1.2.3.4 1 2",
        "TCP6 fe80::1%eth0 ::2 1 2",
        "TCP6 fe80::1%1 ::2 1 2",
        "TCP6 ::2 fe80::1%eth0 1 2",
        "TCP6 [::1] [::2] 1 2",
        "TCP6 [::1] ::2 1 2",
        "TCP6 ::12345 ::2 1 2",
        "TCP6 00001::2 ::2 1 2",
        "TCP6 1::2::3 ::2 1 2",
        "TCP6 ::: ::2 1 2",
        "TCP6 : ::2 1 2",
        "TCP6 .::1 ::2 1 2",
        "TCP6 1:2:3:4:5:6:7 ::2 1 2",
        "TCP6 1:2:3:4:5:6:7:8:9 ::2 1 2",
        "TCP6 1:2:3:4:5:6:7::8 ::2 1 2",
        "TCP6 1:2:3:4:5:6:7:8: ::2 1 2",
        "TCP6 :1:2:3:4:5:6:7:8 ::2 1 2",
        "TCP6 ::ffff:010.0.0.1 ::2 1 2",
        "TCP6 ::1.2.3.4:5 ::2 1 2",
        "TCP6 ::g ::2 1 2",
        "TCP5 ::1 ::2 1 2",
        "UDP4 1.2.3.4 5.6.7.8 1000 80",
        "tcp4 1.2.3.4 5.6.7.8 1000 80",
        "UNKNOWNS",
        "UNKNOWN\t",
        "UNKNOW",
        "unknown",
      })
  void anythingElse_isRefused(String line) {
    assertThat(read("PROXY " + line + "\r\n")).isEqualTo(Partial.REFUSED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "G",
        "p",
        " PROXY UNKNOWN",
        "\n",
        "PROXX",
        "PROXY\t",
        "PROXY TCP4 x",
        "PROXY TCP6 fe80::1%",
        "PROXY TCP4 1.2.3.4 5.6.7.8 +",
        "PROXY TCP4 1.2.3.4 5.6.7.8 00",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 ",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\rG",
        "PROXY UNKNOWNS"
      })
  void whatNoByteCanMend_isRefusedBeforeTheLineEnds(String beginning) {
    assertThat(read(beginning)).isEqualTo(Partial.REFUSED);
  }

  @Test
  void line_has107BytesAtMost() {
    String longest = "PROXY UNKNOWN " + "x".repeat(91) + "\r\n";
    assertThat(longest).hasSize(107);

    assertThat(read(longest)).isEqualTo(new Header(107, null));
    assertThat(read(longest + "x")).isEqualTo(new Header(107, null));
    assertThat(read("PROXY UNKNOWN x" + "x".repeat(91))).isEqualTo(Partial.INCOMPLETE);
    assertThat(read("PROXY UNKNOWN x" + "x".repeat(91) + "\r\n")).isEqualTo(Partial.REFUSED);
    assertThat(read("PROXY UNKNOWN x" + "x".repeat(91) + "\r")).isEqualTo(Partial.REFUSED);
  }

  private static void assertEnd(InetSocketAddress end, String address, int port) {
    assertThat(end.getAddress().getHostAddress()).isEqualTo(address);
    assertThat(end.getPort()).isEqualTo(port);
  }

  private static Header header(String text) {
    ProxyReading reading = read(text);
    assertThat(reading).isInstanceOf(Header.class);
    assertThat(((Header) reading).length()).isEqualTo(text.length());
    return (Header) reading;
  }

  private static ProxyReading read(String text) {
    return ProxyReading.of(Unpooled.copiedBuffer(text, ISO_8859_1));
  }
}
