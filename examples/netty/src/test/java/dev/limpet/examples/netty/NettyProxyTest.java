package dev.limpet.examples.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.StickyRouter;
import dev.limpet.l4.SourceIpAffinity;
import dev.limpet.netty.ClientAddress;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("slow")
@Timeout(60)
class NettyProxyTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: site\r\nConnection: close\r\n\r\n";

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());

  @AfterEach
  void stop() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void addresses_stickToOneOfTwoBackends() throws IOException {
    int port = port(NettyProxy.listen(loops, proxy(tinyBackends()), 0));
    Map<Integer, String> homes = new HashMap<>();
    for (int host = 1; host <= 5; host++) {
      homes.put(host, ask(host, port, GET));
    }
    assertThat(homes.values()).containsOnly("web1", "web2").contains("web1", "web2");

    for (int host = 5; host >= 1; host--) {
      assertThat(ask(host, port, GET)).isEqualTo(homes.get(host));
    }
  }

  @Test
  void proxyHeader_namesTheClient() throws IOException {
    int port = port(NettyProxy.listen(loops, new ProxyHeaders(proxy(tinyBackends())), 0));
    Map<Integer, String> homes = new HashMap<>();
    for (int host = 1; host <= 5; host++) {
      homes.put(host, ask(1, port, header(host) + GET));
    }
    assertThat(homes.values()).contains("web1", "web2");

    for (int host = 5; host >= 1; host--) {
      assertThat(ask(host, port, header(host) + GET)).isEqualTo(homes.get(host));
    }
  }

  @Test
  void pipe_passesMegabytesAndEachSidesEnd() throws Exception {
    String sent = "0123456789".repeat(300_000);
    try (ServerSocket backend = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Backend echo = Backend.of("echo", "127.0.0.1", backend.getLocalPort());
      int port = port(NettyProxy.listen(loops, proxy(List.of(echo)), 0));
      CompletableFuture<Boolean> echoed = CompletableFuture.supplyAsync(() -> echo(backend));

      try (Socket client = client(1, port)) {
        client.getOutputStream().write(sent.getBytes(ISO_8859_1));
        client.shutdownOutput();

        assertThat(client.getInputStream().readAllBytes()).isEqualTo(sent.getBytes(ISO_8859_1));
      }
      assertThat(echoed.get()).isTrue();
    }
  }

  @Test
  void noBackend_closesTheConnection() throws IOException {
    int port = port(NettyProxy.listen(loops, proxy(List.of()), 0));

    try (Socket client = client(1, port)) {
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void main_startsItsOwnBackends_andSaysWhereItListens() throws IOException {
    System.setProperty("port", "0");
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, ISO_8859_1));
    try {
      NettyProxy.main(new String[0]);
    } finally {
      System.setOut(console);
      System.clearProperty("port");
    }

    Matcher port =
        Pattern.compile("Listening on \\S+:(\\d+) for ").matcher(printed.toString(ISO_8859_1));
    assertThat(port.find()).as(printed.toString(ISO_8859_1)).isTrue();
    assertThat(ask(1, Integer.parseInt(port.group(1)), GET)).startsWith("web");
  }

  private static NettyProxy proxy(List<Backend> backends) {
    Pool pool = Pool.builder("web").backends(backends).build();
    return new NettyProxy(StickyRouter.<Channel>of(
        pool, SourceIpAffinity.builder(ClientAddress::of).build()));
  }

  private static List<Backend> tinyBackends() throws IOException {
    return List.of(TinyBackend.start("web1"), TinyBackend.start("web2"));
  }

  private static String header(int host) {
    return "PROXY TCP4 192.0.2." + host + " 10.0.0.1 5000 80\r\n";
  }

  private static int port(Channel listener) {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  private static Socket client(int host, int port) throws IOException {
    Socket client = new Socket();
    client.setSoTimeout(20_000);
    client.bind(new InetSocketAddress("127.0.0." + host, 0));
    client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return client;
  }

  /** Returns the content of the answer. */
  private static String ask(int host, int port, String request) throws IOException {
    try (Socket client = client(host, port)) {
      client.getOutputStream().write(request.getBytes(ISO_8859_1));
      String answer = new String(client.getInputStream().readAllBytes(), ISO_8859_1);
      return answer.substring(answer.indexOf("\r\n\r\n") + 4).strip();
    }
  }

  private static boolean echo(ServerSocket listener) {
    try (Socket socket = listener.accept()) {
      byte[] all = socket.getInputStream().readAllBytes();
      socket.getOutputStream().write(all);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
