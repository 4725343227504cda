package dev.limpet.examples.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpLiteralTest {
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 0.0.0.0",
    "255.0.10.1, 255.0.10.1",
    "::, ::",
    "1::, 1::",
    "::1, ::1",
    "0:0:0:0:0:0:0:1, ::1",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    "0001:0002:0003:0004:0005:0006:0007:0008, 1:2:3:4:5:6:7:8",
    "2001:DB8::ABCD, 2001:db8::abcd",
    "1:2:3:4:5:6::8, 1:2:3:4:5:6:0:8",
    "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
    "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "0:0:1:0:0:0:0:0, 0:0:1::",
    "64:ff9b::1.2.3.4, 64:ff9b::102:304",
    "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
    "::1.2.3.4, ::102:304",
    "::0.0.0.0, ::",
    "::ffff:1.2.3.4, 1.2.3.4",
    "::FFFF:102:304, 1.2.3.4",
    "0:0:0:0:0:ffff:1.2.3.4, 1.2.3.4",
    "::ffff:0:1.2.3.4, ::ffff:0:102:304",
  })
  void literal_isRead_andWrittenInOneWay(String text, String canonical) {
    assertThat(IpLiteral.text(IpLiteral.parse(text))).isEqualTo(canonical);
    assertThat(IpLiteral.parse(canonical)).isEqualTo(IpLiteral.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "1",
        "1.2",
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
        ".::1",
        "::1.",
        "::.1",
        "::1.2.3",
        "::1.2.3.4.5",
        "1.2.3.4::",
        "1.2.3.4::1",
        "::1.2.3.4:5",
        "::1.2.3.4:1.2.3.4",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7::8",
        "1:2:3:4::5:6:7:8",
        "::1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7:8::",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1:2:3:4:5:1.2.3.4",
        "1:2:3:4:5:6:7:8:",
        ":1:2:3:4:5:6:7:8",
        "::g",
        "::12345",
        "12345::",
        "00000::1",
        "::0ffff:1.2.3.4",
        "::ffff:010.0.0.1",
        "::ffff:1.2.3.04",
        "::ffff:1.2.3.256",
        "::ffff:0x1.2.3.4",
        "::\uff11",
        "::+1",
        "::-1",
        "::1 ",
        "::1%1",
        "fe80::1%eth0",
        "::1%",
        "[::1]",
        "[1.2.3.4]",
        "::1/128",
        "localhost",
        "::1\n",
        "0000:0000:0000:0000:0000:0000:255.255.255.2551"
      })
  void anythingElse_isNone(String text) {
    assertThat(IpLiteral.parse(text)).isNull();
    assertThat(IpLiteral.bytes(text)).isNull();
  }

  @Test
  void text_hasNeitherZoneNorMapping() throws Exception {
    byte[] local = {(byte) 0xfe, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 1, 2, 3, 4};

    assertThat(IpLiteral.text(Inet6Address.getByAddress(null, local, 3))).isEqualTo("fe80::1");
    assertThat(IpLiteral.text(Inet6Address.getByAddress(null, mapped, -1))).isEqualTo("1.2.3.4");
    assertThat(IpLiteral.text(InetAddress.getByAddress("name.invalid", new byte[4])))
        .isEqualTo("0.0.0.0");
  }

  @Test
  @Timeout(60)
  void configuration_isReadWithoutANameServer(@TempDir Path folder) throws Exception {
    Path hosts = folder.resolve("hosts");
    Files.writeString(hosts, "192.0.2.9 known.example\n192.0.2.9 .::1\n192.0.2.9 .:\n");
    Process reader = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Djdk.net.hosts.file=" + hosts,
            "-cp",
            System.getProperty("java.class.path"),
            ReaderWithHosts.class.getName())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    try {
      String said = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(said.lines()).containsExactly("known.example is known", "null", "null", "null");
    } finally {
      reader.destroyForcibly();
    }
  }

  /** Knows names that no configuration may name. */
  static final class ReaderWithHosts {
    public static void main(String[] args) throws IOException {
      System.out.println(InetAddress.getAllByName("known.example")[0].getHostName() + " is known");
      for (String text : List.of(".::1", ".:")) {
        System.out.println(HostPort.parse("[" + text + "]:80"));
      }
      System.out.println(Cidr.parse(".::1/128"));
    }
  }
}
