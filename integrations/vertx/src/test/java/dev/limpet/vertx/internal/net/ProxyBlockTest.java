package dev.limpet.vertx.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.vertx.internal.net.ProxyReading.Header;
import dev.limpet.vertx.internal.net.ProxyReading.Partial;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyBlockTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String IPV4 = "0102030405060708" + "0fa00050";
  private static final String IPV6 =
      "20010db8000000000000000000000001" + "00000000000000000000000000000002" + "00000050";
  private static final String UNIX = "(UNIX)";

  @ParameterizedTest
  @CsvSource({
    "2111, " + IPV4 + ", 1.2.3.4, 4000, 5.6.7.8, 80",
    "2121, " + IPV6 + ", 2001:db8:0:0:0:0:0:1, 0, 0:0:0:0:0:0:0:2, 80",
    "2111, " + IPV4 + "040000, 1.2.3.4, 4000, 5.6.7.8, 80",
    "2111, " + IPV4 + "0400017804000261620000002a0001ff, 1.2.3.4, 4000, 5.6.7.8, 80",
    "2111, " + IPV4 + "2000050100000000, 1.2.3.4, 4000, 5.6.7.8, 80",
    "2111, " + IPV4 + "20000b0100000000210003312e33, 1.2.3.4, 4000, 5.6.7.8, 80",
    "2111, " + IPV4 + "200008010000000021000004000178, 1.2.3.4, 4000, 5.6.7.8, 80",
  })
  void blockOfATcpConnection_namesItsEnds(
      String head, String block, String client, int clientPort, String server, int serverPort) {
    Header header = header(head, block);

    assertThat(header.proxied().client().getAddress().getHostAddress()).isEqualTo(client);
    assertThat(header.proxied().client().getPort()).isEqualTo(clientPort);
    assertThat(header.proxied().server().getAddress().getHostAddress()).isEqualTo(server);
    assertThat(header.proxied().server().getPort()).isEqualTo(serverPort);
  }

  @ParameterizedTest
  @CsvSource({
    "2000, ''",
    "2000, 00",
    "2000, 20",
    "2011, ''",
    "2011, " + IPV4,
    "2021, " + IPV4,
    "2031, ''",
    "20ff, ff",
    "2100, ''",
    "2100, 0000000000",
    "2100, 200000",
    "2131, " + UNIX,
    "2131, " + UNIX + "040000",
  })
  void otherBlock_namesNobody(String head, String block) {
    assertThat(header(head, block).proxied()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "2111, " + IPV4 + "04",
    "2111, " + IPV4 + "0400",
    "2111, " + IPV4 + "040001",
    "2111, " + IPV4 + "04ffff78",
    "2111, " + IPV4 + "04000004",
    "2111, " + IPV4 + "0400000400",
    "2111, " + IPV4 + "200000",
    "2111, " + IPV4 + "20000400000000",
    "2111, " + IPV4 + "20000700000000002100",
    "2111, " + IPV4 + "200008000000000021ffff",
    "2111, " + IPV4 + "20000800000000002000002000050000000000",
    "2111, " + IPV4 + "200009000000000021000961",
    "2121, " + IPV6 + "200000",
    "2131, " + UNIX + "2000",
  })
  void valueThatIsNotWhole_isRefused(String head, String block) {
    assertThat(read(hex(head, block))).isEqualTo(Partial.REFUSED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SIGNATURE + "00",
        SIGNATURE + "11",
        SIGNATURE + "22",
        SIGNATURE + "2f",
        SIGNATURE + "31",
        SIGNATURE + "2101",
        SIGNATURE + "2110",
        SIGNATURE + "2112",
        SIGNATURE + "2113",
        SIGNATURE + "2122",
        SIGNATURE + "2132",
        SIGNATURE + "2141",
        SIGNATURE + "21ff",
        SIGNATURE + "2111000b",
        SIGNATURE + "21210023",
        SIGNATURE + "213100d7",
        SIGNATURE + "21110ff1",
        SIGNATURE + "2111ffff",
        SIGNATURE + "2000ffff",
        "0d0d",
        "0d0a0d0a000d0a515549540d",
        "0d0a0d0a000d0a51554954" + "20"
      })
  void headThatNoByteCanMend_isRefusedAtOnce(String hex) {
    assertThat(read(hex)).isEqualTo(Partial.REFUSED);
    assertThat(read(hex.substring(0, hex.length() - 2))).isEqualTo(Partial.INCOMPLETE);
  }

  @Test
  void block_has4KiBAtMost() {
    String longest = SIGNATURE + "21110ff0" + IPV4 + "040fe1" + "00".repeat(0xfe1);

    assertThat(((Header) read(longest)).length()).isEqualTo(4096);
    assertThat(read(longest.replace("21110ff0", "21110ff1") + "00")).isEqualTo(Partial.REFUSED);
  }

  private static Header header(String head, String block) {
    String hex = hex(head, block);
    ProxyReading reading = read(hex);
    assertThat(reading).isInstanceOf(Header.class);
    assertThat(((Header) reading).length()).isEqualTo(hex.length() / 2);
    return (Header) reading;
  }

  private static String hex(String head, String block) {
    String whole = block.replace(UNIX, "61".repeat(216));
    return SIGNATURE + head + String.format("%04x", whole.length() / 2) + whole;
  }

  private static ProxyReading read(String hex) {
    return ProxyReading.of(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
  }
}
