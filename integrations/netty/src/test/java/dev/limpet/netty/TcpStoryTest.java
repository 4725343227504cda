package dev.limpet.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.limpet.core.Backend;
import dev.limpet.core.Failover;
import dev.limpet.core.PassiveHealth;
import dev.limpet.core.Pool;
import dev.limpet.core.StickyRouter;
import dev.limpet.l4.SourceIpAffinity;
import dev.limpet.testkit.Echo;
import dev.limpet.testkit.RawBackend;
import io.netty.channel.Channel;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A TCP proxy from outside, as the story of the test kit is for HTTP: three backends that can be
 * killed, clients with addresses of their own. After each test, no route is open and no buffer is
 * left.
 */
@Tag("slow")
@Timeout(60)
class TcpStoryTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final String BODY = "0123456789".repeat(20_000);

  private final List<RawBackend> backends = new ArrayList<>();
  private TcpProxy proxy;
  private Pool pool;

  enum Departure {
    FIN {
      @Override
      void of(TcpClient client) throws IOException {
        client.leave();
      }
    },
    RST {
      @Override
      void of(TcpClient client) throws IOException {
        client.reset();
      }
    };

    abstract void of(TcpClient client) throws IOException;
  }

  @BeforeEach
  void startBackends() throws IOException {
    for (String id : List.of("b1", "b2", "b3")) {
      backends.add(RawBackend.start(id));
    }
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    try {
      backends.forEach(RawBackend::release);
      if (proxy != null) {
        awaitOpenRoutes(0);
        Wait.until("buffers", 0L, proxy.buffers()::unreleased);
      }
    } finally {
      for (RawBackend backend : backends) {
        backend.close();
      }
      if (proxy != null) {
        proxy.close();
      }
    }
  }

  @Test
  void connectionsOfAnAddress_stick_askedInRandomOrder() throws Exception {
    start(SHORT);
    Map<Integer, String> homes = new TreeMap<>();
    for (int host = 1; host <= 10; host++) {
      homes.put(host, ask(host));
    }
    assertThat(homes.values().stream().distinct()).hasSize(3);
    List<Integer> hosts = new ArrayList<>();
    for (int round = 0; round < 5; round++) {
      hosts.addAll(homes.keySet());
    }
    Collections.shuffle(hosts, new Random(7));

    for (int host : hosts) {
      assertThat(ask(host)).isEqualTo(homes.get(host));
    }
  }

  @Test
  void bytes_passBothWaysWhole() throws Exception {
    start(SHORT);

    String answer = answer(1, TcpClient.post(BODY));

    assertThat(answer).contains(Echo.digest(BODY.getBytes(ISO_8859_1)));
    assertThat(answer(1, TcpClient.get(RawBackend.ENDLESS), 3_000_000)).hasSize(3_000_000);
  }

  @Test
  void connection_holdsItsRouteUntilItsBackendIsClosed() throws Exception {
    start(SHORT);
    TcpClient client = client(1).send(TcpClient.get(RawBackend.SILENT));
    awaitWaiting(1);
    assertThat(proxy.openRoutes()).isOne();

    backends.forEach(RawBackend::release);

    assertThat(TcpClient.backend(client.all())).startsWith("b");
    assertThat(proxy.openRoutes()).as("while the client may still send").isOne();
    client.close();
    awaitOpenRoutes(0);
  }

  @ParameterizedTest
  @EnumSource
  void clientThatLeavesDuringAnAnswer_closesItsRoute(Departure departure) throws Exception {
    start(SHORT);
    TcpClient client = client(1).send(TcpClient.get(RawBackend.ENDLESS));
    client.read(50_000);
    awaitOpenRoutes(1);

    departure.of(client);

    awaitOpenRoutes(0);
  }

  @Test
  void drain_keepsSessionsAndTakesNoNewOnes() throws Exception {
    start(SHORT);
    String home = ask(1);

    pool.change(edit -> edit.drain(home));

    assertThat(ask(1)).isEqualTo(home);
    for (int host = 2; host <= 10; host++) {
      assertThat(ask(host)).isNotEqualTo(home);
    }
  }

  @Test
  void killedBackend_isLeftForAnother_andTheSessionStaysThere() throws Exception {
    start(SHORT);
    String home = ask(1);
    backend(home).kill();

    String answer = answer(1, TcpClient.post(BODY));

    String moved = TcpClient.backend(answer);
    assertThat(moved).isNotEqualTo(home).startsWith("b");
    assertThat(answer).contains(Echo.digest(BODY.getBytes(ISO_8859_1)));
    backend(home).revive();
    assertThat(ask(1)).isEqualTo(moved);
  }

  @Test
  void backendKilledDuringAnAnswer_endsTheConnection() throws Exception {
    start(SHORT);
    TcpClient client = client(1).send(TcpClient.get(RawBackend.HALF));
    String begin = new String(client.read(50_000), ISO_8859_1);

    backend(TcpClient.backend(begin)).kill();

    try {
      assertThat(client.all().length()).isLessThan(200_000);
    } catch (SocketException reset) {
      // an end too
    }
    client.close();
    awaitOpenRoutes(0);
  }

  @Test
  void noBackendLeft_closesTheConnection_andTheSessionIsKept() throws Exception {
    start(SHORT);
    String home = ask(1);
    for (RawBackend backend : backends) {
      backend.kill();
    }

    TcpClient client = client(1);
    assertGetsNothing(client, TcpClient.post(BODY));

    assertThat(proxy.failures())
        .singleElement()
        .isInstanceOfSatisfying(
            NoBackendException.class, none -> assertThat(none.route().backend()).isNull());
    for (RawBackend backend : backends) {
      backend.revive();
    }
    assertThat(ask(1)).isEqualTo(home);
  }

  @Test
  void backendThatAnswersNoSyn_isLeftForAnotherWithAllBytes() throws Exception {
    start(SHORT);
    String home = ask(1);
    silence(home);

    String answer = answer(1, TcpClient.post(BODY));

    assertThat(TcpClient.backend(answer)).isNotEqualTo(home).startsWith("b");
    assertThat(answer).contains(Echo.digest(BODY.getBytes(ISO_8859_1)));
  }

  @ParameterizedTest
  @EnumSource
  void clientThatLeavesWhileItsBackendIsConnectedTo_leavesNothing(Departure departure)
      throws Exception {
    TcpClient client = connecting(TcpProxy.startWithoutHalfClosure(router(), LONG));

    departure.of(client);

    awaitOpenRoutes(0);
    Wait.until("failures", 1, proxy.failures()::size);
    assertThat(proxy.failures().peek()).isInstanceOf(ClosedChannelException.class);
    Wait.until("buffers", 0L, proxy.buffers()::unreleased);
    assertThat(proxy.buffers().allocated()).isPositive();
  }

  @Test
  void clientThatMayHalfClose_hasLeftWhenItResetsItsConnection() throws Exception {
    TcpClient client = connecting(TcpProxy.start(router(), LONG));

    client.reset();

    awaitOpenRoutes(0);
  }

  @Test
  void clientThatMayHalfClose_waitsForItsBackend() throws Exception {
    start(SHORT);
    String home = ask(1);
    silence(home);

    TcpClient client = client(1).send(TcpClient.get()).end();

    assertThat(TcpClient.backend(client.all())).isNotEqualTo(home).startsWith("b");
  }

  @Test
  void endOfTheClientsOutput_reachesTheBackend_whichAnswersAfterwards() throws Exception {
    try (ServerSocket backend = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      startWith(backend);
      CompletableFuture<Integer> received = CompletableFuture.supplyAsync(() -> echo(backend));

      TcpClient client = client(1).send(BODY).end();

      assertThat(client.all()).isEqualTo(BODY);
      assertThat(received.get()).isEqualTo(BODY.length());
    }
  }

  @Test
  void endOfTheBackendsOutput_reachesTheClient_whichGoesOn() throws Exception {
    try (ServerSocket backend = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      startWith(backend);
      CompletableFuture<String> received = CompletableFuture.supplyAsync(() -> greet(backend));

      TcpClient client = client(1);
      assertThat(client.all()).isEqualTo("hello");
      client.send(BODY).end();

      assertThat(received.get()).isEqualTo(BODY);
    }
  }

  @Test
  void failedConnects_ejectABackend_andAnAcceptedOneEndsTheRow() throws Exception {
    pool = Pool.builder("db")
        .backends(backends.stream().map(RawBackend::backend).toList())
        .countConnections()
        .passiveHealth(PassiveHealth.builder().failures(2).time(LONG, LONG).build())
        .build();
    proxy = TcpProxy.start(
        StickyRouter.<Channel>builder(pool, affinity()).failover(Failover.LEND).build(), SHORT);
    String home = ask(1);

    backend(home).kill();
    assertThat(ask(1)).isNotEqualTo(home);
    backend(home).revive();
    assertThat(ask(1)).isEqualTo(home);
    backend(home).kill();
    assertThat(ask(1)).isNotEqualTo(home);
    assertThat(pool.ejectionStats().ejections())
        .as("after a success between two")
        .isZero();
    assertThat(ask(1)).isNotEqualTo(home);

    assertThat(pool.ejectionStats().ejections()).isOne();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"PROXY TCP4 192.0.2.%d 10.0.0.1 5000 80", "PROXY TCP6 2001:db8::%d ::1 5000 80"})
  void headerOfVersion1_namesTheClient(String header) throws Exception {
    startWithHeaders();
    Map<Integer, String> homes = new TreeMap<>();

    for (int i = 1; i <= 10; i++) {
      homes.put(i, ask(7, (header.formatted(i) + "\r\n" + TcpClient.get())));
    }

    assertThat(homes.values().stream().distinct()).hasSize(3);
    for (int i = 10; i >= 1; i--) {
      String again = header.formatted(i) + "\r\n" + TcpClient.get();
      assertThat(ask(100 + i, again)).isEqualTo(homes.get(i));
    }
  }

  @Test
  void headersOfBothVersions_nameTheSameClient() throws Exception {
    startWithHeaders();
    for (int i = 1; i <= 10; i++) {
      String line = "PROXY TCP4 192.0.2.%d 10.0.0.1 5000 80\r\n".formatted(i);
      String home = ask(7, line + TcpClient.get());

      assertThat(ask(8, block(0x21, 0x11, 192, 0, 2, i, 10, 0, 0, 1, 19, 136, 0, 80)))
          .isEqualTo(home);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PROXY UNKNOWN\r\n", "PROXY UNKNOWN 192.0.2.1 10.0.0.1 5000 80\r\n"})
  void headerWithoutAnAddress_leavesThatOfThePeer(String header) throws Exception {
    startWithHeaders();
    String local = block(0x20, 0x00);
    for (int host = 1; host <= 10; host++) {
      String home = ask(host, header + TcpClient.get());

      assertThat(ask(host, local)).isEqualTo(home);
      assertThat(ask(
              50 + host,
              "PROXY TCP4 127.0.0.%d 10.0.0.1 1 2\r\n".formatted(host) + TcpClient.get()))
          .isEqualTo(home);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: site\r\n\r\n",
        "PROXY TCP4 192.0.2.777 10.0.0.1 5000 80\r\n",
        "PROXY TCP4 192.0.2.1\r\n",
        "PROXY TCP4 site.example 10.0.0.1 5000 80\r\n"
      })
  void invalidHeader_closesTheConnection_andNothingIsRouted(String header) throws Exception {
    startWithHeaders();

    assertGetsNothing(client(1), header + TcpClient.get());

    assertThat(backends).allMatch(backend -> backend.connections() == 0);
    Wait.until("failures", 1, proxy.failures()::size);
    assertThat(proxy.failures().peek()).isInstanceOf(HAProxyProtocolException.class);
  }

  private void start(Duration connectTimeout) {
    proxy = TcpProxy.start(router(), connectTimeout);
  }

  private void startWithHeaders() {
    proxy = TcpProxy.startWithHeaders(router(), SHORT);
  }

  private void startWith(ServerSocket backend) {
    StickyRouter<Channel> router = router();
    pool.follow(List.of(Backend.of("raw", "127.0.0.1", backend.getLocalPort())));
    proxy = TcpProxy.start(router, SHORT);
  }

  private StickyRouter<Channel> router() {
    pool = Pool.builder("db")
        .backends(backends.stream().map(RawBackend::backend).toList())
        .countConnections()
        .build();
    return StickyRouter.of(pool, affinity());
  }

  private static SourceIpAffinity<Channel> affinity() {
    return SourceIpAffinity.<Channel>builder(ClientAddress::of).build();
  }

  /** Returns a client that has sent something and whose backend is being connected to. */
  private TcpClient connecting(TcpProxy started) throws Exception {
    proxy = started;
    String home = ask(1);
    awaitOpenRoutes(0);
    silence(home);
    TcpClient client = client(1).send(TcpClient.get());
    awaitOpenRoutes(1);
    Wait.until("buffers of the request", true, () -> proxy.buffers().unreleased() > 0);
    return client;
  }

  private TcpClient client(int host) throws IOException {
    return new TcpClient(host, proxy.port());
  }

  private String ask(int host) throws IOException {
    return ask(host, TcpClient.get());
  }

  private String ask(int host, String request) throws IOException {
    return TcpClient.backend(answer(host, request));
  }

  private String answer(int host, String request) throws IOException {
    try (TcpClient client = client(host)) {
      return client.send(request).all();
    }
  }

  private String answer(int host, String request, int size) throws IOException {
    try (TcpClient client = client(host)) {
      return new String(client.send(request).read(size), ISO_8859_1);
    }
  }

  private static void assertGetsNothing(TcpClient client, String request) throws IOException {
    try (client) {
      assertThat(client.send(request).all()).isEmpty();
    } catch (SocketException reset) {
      // that is nothing too
    }
  }

  /** Returns a request behind a header of version 2. */
  private static String block(int command, int family, int... addresses) {
    StringBuilder text = new StringBuilder("\r\n\r\n\0\r\nQUIT\n");
    text.append((char) command).append((char) family);
    text.append((char) 0).append((char) addresses.length);
    for (int octet : addresses) {
      text.append((char) octet);
    }
    return text + TcpClient.get();
  }

  private RawBackend backend(String id) {
    return backends.stream().filter(b -> b.id().equals(id)).findAny().orElseThrow();
  }

  private void silence(String id) throws IOException {
    assumeTrue(backend(id).fallSilent(), "this system answers SYNs in spite of a full backlog");
  }

  private void awaitOpenRoutes(int expected) throws Exception {
    Wait.until("open routes", expected, proxy::openRoutes);
  }

  private void awaitWaiting(int expected) throws Exception {
    Wait.until(
        "waiting requests",
        expected,
        () -> backends.stream().mapToInt(RawBackend::waiting).sum());
  }

  /** Answers with what was received, after its end. */
  private static int echo(ServerSocket listener) {
    try (Socket socket = listener.accept()) {
      byte[] all = socket.getInputStream().readAllBytes();
      socket.getOutputStream().write(all);
      return all.length;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says hello, ends its output, and returns what it receives. */
  private static String greet(ServerSocket listener) {
    try (Socket socket = listener.accept()) {
      socket.getOutputStream().write("hello".getBytes(ISO_8859_1));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
