package dev.limpet.examples.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients behind a proxy that names them in a PROXY header. */
@Timeout(30)
class ProxyProtocolTest {
  private static final String TRUSTING = "proxyProtocol: [127.0.0.0/8]";
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

  private TestBackend b1;
  private TestBackend b2;

  @BeforeEach
  void start() throws IOException {
    b1 = TestBackend.http("b1");
    b2 = TestBackend.http("b2");
  }

  @AfterEach
  void stop() throws IOException {
    b1.close();
    b2.close();
  }

  @Test
  void header_namesTheClient_inOnePieceAndByteByByte() throws Exception {
    byte[] unix = new byte[216];
    unix[0] = 'a';
    unix[108] = 'b';
    try (TestGateway gateway = http(TRUSTING)) {
      assertNames(gateway, ProxyHeader.v1("TCP4 1.2.3.4 5.6.7.8 1000 80"), "1.2.3.4");
      assertNames(gateway, ProxyHeader.v1("TCP4 1.2.3.4 5.6.7.8 0 0"), "1.2.3.4");
      assertNames(gateway, ProxyHeader.v1("TCP6 2001:db8::1 ::2 1 2"), "2001:db8::1");
      assertNames(
          gateway, ProxyHeader.v1("TCP6 2001:DB8:0:0:1:0:0:1 ::2 1 2"), "2001:db8::1:0:0:1");
      assertNames(gateway, ProxyHeader.v1("TCP6 64:ff9b::1.2.3.4 ::2 1 2"), "64:ff9b::102:304");
      assertNames(gateway, ProxyHeader.v1("TCP6 ::1.2.3.4 ::2 1 2"), "::102:304");
      assertNames(gateway, ProxyHeader.v1("TCP6 ::ffff:1.2.3.4 ::2 1 2"), "1.2.3.4");
      assertNames(gateway, ProxyHeader.v1("UNKNOWN"), "127.0.0.1");
      assertNames(gateway, ProxyHeader.v2(0x21, 0x11, ProxyHeader.V4), "1.2.3.4");
      assertNames(gateway, ProxyHeader.v2(0x21, 0x21, ProxyHeader.v6(2)), "::2");
      assertNames(gateway, ProxyHeader.v2(0x20, 0x00), "127.0.0.1");
      assertNames(gateway, ProxyHeader.v2(0x20, 0x11, ProxyHeader.V4), "127.0.0.1");
      assertNames(gateway, ProxyHeader.v2(0x21, 0x00, new byte[5]), "127.0.0.1");
      assertNames(gateway, ProxyHeader.v2(0x21, 0x31, unix), "127.0.0.1");
    }
  }

  @Test
  void oddTlvs_changeNothing() throws Exception {
    byte[] notUtf8 = {(byte) 0xC3, 0x28, (byte) 0xFF, 0};
    try (TestGateway gateway = http(TRUSTING)) {
      for (int type : new int[] {0x00, 0x01, 0x02, 0x04, 0x05, 0x30, 0xE0, 0xFF}) {
        assertNames(
            gateway,
            ProxyHeader.v2(
                0x21, 0x11, ProxyHeader.concat(ProxyHeader.V4, ProxyHeader.tlv(type, notUtf8))),
            "1.2.3.4");
      }
    }
  }

  @Test
  void hostWithoutIPv6_knowsClientsThatHaveIt() throws Exception {
    Process host = java(HostWithoutIPv6.class, List.of("-Djava.net.preferIPv4Stack=true"))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    try {
      String said = new String(host.getInputStream().readAllBytes(), ISO_8859_1);
      assertThat(said.lines()).containsExactly("no IPv6", "::2", "2001:db8::1", "1.2.3.4");
    } finally {
      host.destroyForcibly();
    }
  }

  /** Says whom a gateway takes clients for that headers name. */
  static final class HostWithoutIPv6 {
    public static void main(String[] args) throws IOException {
      try (TestBackend backend = TestBackend.http("b1");
          TestGateway gateway = http(TRUSTING, backend)) {
        System.out.println(hasIPv6() ? "IPv6" : "no IPv6");
        for (byte[] header : List.of(
            ProxyHeader.v2(0x21, 0x21, ProxyHeader.v6(2)),
            ProxyHeader.v1("TCP6 2001:db8::1 ::2 1 2"),
            ProxyHeader.v1("TCP6 ::ffff:1.2.3.4 ::2 1 2"))) {
          exchange(gateway, header, false);
          System.out.println(backend.last().field("x-forwarded-for"));
        }
      }
    }

    private static boolean hasIPv6() {
      try (ServerSocket server = new ServerSocket()) {
        server.bind(new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString("::1"), 0));
        return true;
      } catch (IOException e) {
        return false;
      }
    }
  }

  @Test
  void headerOfVersion1_mayHave107Bytes_andNotAByteMore() throws Exception {
    String address = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
    String line = "UNKNOWN " + address + ' ' + address + " 65535 65535";
    byte[] longest = ProxyHeader.v1(line);
    assertThat(longest).hasSize(107);
    try (TestGateway gateway = http(TRUSTING)) {
      assertNames(gateway, longest, "127.0.0.1");
      assertCloses(gateway, ProxyHeader.v1(line + "0"));
    }
  }

  @Test
  void headerOfVersion2_mayHave4KiB_andNotAByteMore() throws Exception {
    byte[] longest = ProxyHeader.v2(
        0x21, 0x11, ProxyHeader.concat(ProxyHeader.V4, ProxyHeader.tlv(0x04, new byte[4065])));
    assertThat(longest).hasSize(4096);
    try (TestGateway gateway = http(TRUSTING)) {
      assertNames(gateway, longest, "1.2.3.4");
      assertCloses(
          gateway,
          ProxyHeader.v2(
              0x21,
              0x11,
              ProxyHeader.concat(ProxyHeader.V4, ProxyHeader.tlv(0x04, new byte[4066]))));
    }
  }

  @Test
  void nestedTlvs_passTo129Levels_andDeeperOnesClose() throws Exception {
    try (TestGateway gateway = http(TRUSTING)) {
      for (int levels : new int[] {1, 2, 129}) {
        assertNames(gateway, ProxyHeader.nested(levels), "1.2.3.4");
      }
      for (int levels : new int[] {130, 500}) {
        assertThat(ProxyHeader.nested(levels)).hasSizeLessThan(4096);
        assertCloses(gateway, ProxyHeader.nested(levels));
      }
    }
  }

  @Test
  void badHeader_closesTheConnection() throws Exception {
    try (TestGateway gateway = http(TRUSTING)) {
      for (byte[] bad : badHeaders()) {
        assertThat(exchange(gateway, bad, false)).as(text(bad)).isEmpty();
      }
      assertThat(b1.requests()).isEmpty();
      assertThat(exchange(gateway, ProxyHeader.v2(0x21, 0x11, ProxyHeader.V4), false))
          .startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void badHeader_closesTheConnection_evenIfAGoodOneFollows_andLeavesNoLine() throws Exception {
    Process gateway = java(BadHeaders.class, List.of()).start();
    try {
      assertThat(gateway.inputReader(ISO_8859_1).lines())
          .containsExactlyElementsOf(Collections.nCopies(2 * badHeaders().size(), "closed"));
      assertThat(gateway.errorReader(ISO_8859_1).lines())
          .noneMatch(line -> line.matches("(?i)unexpected:.*|.*exception.*"));
    } finally {
      gateway.destroyForcibly();
    }
  }

  /** Says what becomes of connections that go on with a good header after a bad one. */
  static final class BadHeaders {
    public static void main(String[] args) throws IOException {
      byte[] good = ProxyHeader.v2(0x21, 0x11, ProxyHeader.V4);
      try (TestBackend backend = TestBackend.http("b1");
          TestGateway http = http(TRUSTING, backend);
          TestGateway tcp = tcp(TRUSTING, backend)) {
        for (TestGateway gateway : List.of(http, tcp)) {
          List<Socket> clients = new ArrayList<>();
          for (byte[] bad : badHeaders()) {
            clients.add(new Client(gateway.port()).connect());
            send(clients.get(clients.size() - 1), bad, bad.length);
          }
          for (Socket client : clients) {
            send(client, good, good.length);
            System.out.println(untilTheEnd(client).isEmpty() ? "closed" : "served");
          }
          gateway.console().complaints().forEach(System.err::println);
        }
      }
    }
  }

  private static List<byte[]> badHeaders() throws IOException {
    byte[] pastTheEnd = {0x04, (byte) 0xff, (byte) 0xff, 'x'};
    List<byte[]> bad = new ArrayList<>(List.of(
        GET.getBytes(ISO_8859_1),
        ProxyHeader.v1("TCP4 1.2.3.4"),
        ProxyHeader.v1("x".repeat(200)),
        ProxyHeader.v1(" UNKNOWN"),
        ProxyHeader.v2(0x31, 0x11, ProxyHeader.V4),
        ProxyHeader.v2(0xff, 0x11, ProxyHeader.V4),
        ProxyHeader.v2(0x22, 0x11, ProxyHeader.V4),
        ProxyHeader.v2(0x21, 0x12, ProxyHeader.V4),
        ProxyHeader.v2(0x21, 0x41, ProxyHeader.V4),
        ProxyHeader.v2(0x21, 0x11, new byte[4]),
        ProxyHeader.v2(0x21, 0x21, ProxyHeader.V4),
        ProxyHeader.v2(0x21, 0x11, new byte[60_000]),
        ProxyHeader.v2(0x21, 0x11, ProxyHeader.concat(ProxyHeader.V4, pastTheEnd)),
        ProxyHeader.v2(
            0x21, 0x11, ProxyHeader.concat(ProxyHeader.V4, ProxyHeader.tlv(0x20, pastTheEnd))),
        ProxyHeader.v2(0x21, 0x11, ProxyHeader.concat(ProxyHeader.V4, ProxyHeader.tlv(0x20))),
        ProxyHeader.v2(0x21, 0x11, ProxyHeader.concat(ProxyHeader.V4, new byte[] {4, 0}))));
    for (String ends : List.of(
        "TCP4 1.2.3.4.5 5.6.7.8 1 2",
        "TCP4 1.2.3.4 5.6.7.8 1 99999",
        "TCP4 1.2.3.4 5.6.7.8 +80 80",
        "TCP4 1.2.3.4 5.6.7.8 080 80",
        "TCP4 1.2.3.4 5.6.7.8 1 80 ",
        "TCP4 010.2.3.4 5.6.7.8 1 2",
        "TCP4 1.2.3.4 010.6.7.8 1 2",
        "TCP4 ::1 5.6.7.8 1 2",
        "TCP6 fe80::1%eth0 ::2 1 2",
        "TCP6 ::1 fe80::1%eth0 1 2",
        "TCP6 [::1] ::2 1 2",
        "TCP6 ::12345 ::2 1 2",
        "TCP6 ::ffff:010.0.0.1 ::2 1 2",
        "TCP6 1.2.3.4 ::2 1 2",
        "UNKNOWNS")) {
      bad.add(ProxyHeader.v1(ends));
    }
    return bad;
  }

  @Test
  void senderThatIsNotTrusted_isClosedUnread() throws Exception {
    byte[] header = ProxyHeader.v2(0x21, 0x11, ProxyHeader.V4);
    String trusting = "proxyProtocol: [127.0.0.2, \"::1\"]";
    try (TestGateway http = http(trusting);
        TestGateway tcp = tcp(trusting, b1)) {
      for (int i = 0; i < 8; i++) {
        assertThat(exchange(http, header, false)).isEmpty();
        assertThat(exchange(tcp, header, false)).isEmpty();
      }
      assertThat(b1.connections()).isZero();
      try (Socket silent = new Client(tcp.port()).connect()) {
        assertThat(silent.getInputStream().read()).isEqualTo(-1);
      } catch (IOException reset) {
        assertThat(reset).hasMessageContaining("reset");
      }
      assertThat(new Client(tcp.port(), "127.0.0.2").exchange("PROXY UNKNOWN\r\n" + GET))
          .startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void withoutTheSetting_noHeaderIsRead() throws Exception {
    RawServer.Talk echo = socket -> socket.getInputStream().transferTo(socket.getOutputStream());
    try (TestBackend backend = TestBackend.raw("b1", echo);
        TestGateway gateway = tcp("", backend);
        Socket socket = new Client(gateway.port()).connect()) {
      TestBackend.say(socket, "PROXY TCP4 1.2.3.4 5.6.7.8 1000 80\r\nrest");
      socket.shutdownOutput();
      assertThat(Client.all(socket)).isEqualTo("PROXY TCP4 1.2.3.4 5.6.7.8 1000 80\r\nrest");
    }
  }

  @Test
  void addressInTheHeader_isTheSession() throws Exception {
    try (TestGateway gateway = tcp(TRUSTING, b1, b2)) {
      String home1 = home(gateway, "TCP4 1.2.3.4 5.6.7.8 1000 80");
      String home2 = home(gateway, "TCP4 1.2.3.5 5.6.7.8 1000 80");
      assertThat(home2).isNotEqualTo(home1);
      for (int i = 0; i < 4; i++) {
        assertThat(home(gateway, "TCP4 1.2.3.4 9.9.9.9 " + (2000 + i) + " 80")).isEqualTo(home1);
        assertThat(home(gateway, "TCP6 ::ffff:1.2.3.4 ::1 1 2")).isEqualTo(home1);
        assertThat(home(gateway, "TCP4 1.2.3.5 5.6.7.8 1000 80")).isEqualTo(home2);
        assertThat(answer(gateway, ProxyHeader.v2(0x21, 0x11, ProxyHeader.V4))).isEqualTo(home1);
      }
    }
  }

  @Test
  void addressInAHeaderOfEitherVersion_isTheSameSession() throws Exception {
    try (TestGateway gateway = tcp(TRUSTING, b1, b2)) {
      for (int i = 1; i <= 8; i++) {
        byte[] compatible = ProxyHeader.v6(i);
        System.arraycopy(new byte[] {1, 2, 3}, 0, compatible, 12, 3);
        assertThat(home(gateway, "TCP6 ::1.2.3." + i + " ::1 1 2"))
            .isEqualTo(answer(gateway, ProxyHeader.v2(0x21, 0x21, compatible)));
      }
    }
  }

  private void assertNames(TestGateway gateway, byte[] header, String client) throws IOException {
    for (boolean slowly : List.of(false, true)) {
      assertThat(exchange(gateway, header, slowly)).startsWith("HTTP/1.1 200");
      assertThat(b1.last().field("x-forwarded-for")).isEqualTo(client);
    }
  }

  private void assertCloses(TestGateway gateway, byte[] header) throws IOException {
    int before = b1.requests().size();
    for (boolean slowly : List.of(false, true)) {
      assertThat(exchange(gateway, header, slowly)).isEmpty();
    }
    assertThat(b1.requests()).hasSize(before);
  }

  private TestGateway http(String listener) throws IOException {
    return http(listener, b1);
  }

  private static TestGateway http(String listener, TestBackend backend) throws IOException {
    return TestGateway.of(
        TestGateway.yaml("http", listener, TestGateway.SOURCE_IP, TestGateway.entries(backend)));
  }

  private static TestGateway tcp(String listener, TestBackend... backends) throws IOException {
    return TestGateway.of(
        TestGateway.yaml("tcp", listener, TestGateway.SOURCE_IP, TestGateway.entries(backends)));
  }

  private static String home(TestGateway gateway, String header) throws IOException {
    return answer(gateway, ProxyHeader.v1(header));
  }

  /** The body of the answer to a request after a header. */
  private static String answer(TestGateway gateway, byte[] header) throws IOException {
    try (Socket socket = new Client(gateway.port()).connect()) {
      socket.getOutputStream().write(header);
      TestBackend.say(socket, GET);
      return Client.response(socket, "GET").body();
    }
  }

  /**
   * A program of its own that logs as the gateway does: without the facade that Redis for tests
   * brings.
   */
  private static ProcessBuilder java(Class<?> program, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(options);
    command.add("-cp");
    command.add(Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.contains("slf4j"))
        .collect(Collectors.joining(File.pathSeparator)));
    command.add(program.getName());
    return new ProcessBuilder(command);
  }

  /** What comes until the end of the stream; nothing if the connection is reset. */
  private static String exchange(TestGateway gateway, byte[] header, boolean slowly)
      throws IOException {
    byte[] all = ProxyHeader.concat(header, GET.getBytes(ISO_8859_1));
    Socket socket = new Client(gateway.port()).connect();
    send(socket, all, slowly ? 1 : all.length);
    return untilTheEnd(socket);
  }

  /** Sends bytes, as many as are taken. */
  private static void send(Socket socket, byte[] bytes, int atATime) throws IOException {
    try {
      for (int i = 0; i < bytes.length; i += atATime) {
        socket.getOutputStream().write(bytes, i, Math.min(atATime, bytes.length - i));
      }
    } catch (SocketException reset) {
      // it is closed already
    }
  }

  /**
   * What comes until the end of the stream, within the time that a client waits; nothing after a
   * reset.
   */
  private static String untilTheEnd(Socket socket) throws IOException {
    try (socket) {
      return Client.all(socket);
    } catch (SocketException reset) {
      return "";
    }
  }

  private static String text(byte[] header) {
    return new String(header, ISO_8859_1);
  }
}
