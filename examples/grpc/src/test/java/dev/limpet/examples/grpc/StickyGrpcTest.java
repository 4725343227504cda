package dev.limpet.examples.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.examples.grpc.WhoService.Answer;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.NameResolverRegistry;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("slow")
@Timeout(60)
class StickyGrpcTest {
  private static final Metadata.Key<String> COOKIE =
      Metadata.Key.of("cookie", Metadata.ASCII_STRING_MARSHALLER);

  private final Pool pool = Pool.builder("shop").countConnections().build();
  private final HttpRouter<Metadata, GrpcAccess.Response> router =
      HttpRouter.of(pool, LbCookieAffinity.builder(pool, new GrpcAccess()).build());
  private final Map<String, Server> servers = new LinkedHashMap<>();
  private final Map<String, Gate> gates = new LinkedHashMap<>();
  private StaticNames names;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    for (String name : List.of("s1", "s2", "s3")) {
      Server server = WhoService.start(name, 0);
      servers.put(name, server);
      gates.put(name, new Gate(server.getPort()));
    }
    names = new StaticNames("test", gates.values().stream().map(Gate::address).toList());
    NameResolverRegistry.getDefaultRegistry().register(names);
    channel = StickyGrpc.channel("test:///", router);
    assertThat(ask("").server()).startsWith("s"); // connects
    awaitUp(3);
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    try {
      await("open routes", 0, this::openRoutes);
    } finally {
      channel.shutdownNow();
      NameResolverRegistry.getDefaultRegistry().deregister(names);
      for (Gate gate : gates.values()) {
        gate.close();
      }
      servers.values().forEach(Server::shutdownNow);
    }
  }

  @Test
  void calls_stickByTheCookieOfTheirMetadata() {
    Map<String, String> homes = new LinkedHashMap<>();
    for (int i = 0; i < 10; i++) {
      Answer first = ask("");
      assertThat(first.setCookie()).startsWith("limpet-shop=");
      homes.put(first.cookie(), first.server());
    }
    assertThat(homes.values().stream().distinct()).hasSize(3);

    List<String> cookies = new ArrayList<>(homes.keySet());
    Collections.shuffle(cookies, new Random(7));
    for (String cookie : cookies) {
      Answer kept = ask(cookie);
      assertThat(kept.server()).isEqualTo(homes.get(cookie));
      assertThat(kept.setCookie()).isNull();
    }
  }

  @Test
  void drain_keepsSessionsAndTakesNoNewOnes() {
    Answer first = ask("");
    String id = id(first.server());

    pool.change(edit -> edit.drain(id));

    assertThat(ask(first.cookie()).server()).isEqualTo(first.server());
    for (int i = 0; i < 6; i++) {
      assertThat(ask("").server()).isNotEqualTo(first.server());
    }
  }

  @Test
  void backendThatIsGone_isLeftForAnother_withAFreshCookie() throws Exception {
    Answer first = ask("");
    gates.get(first.server()).close();
    awaitUp(2);

    Answer moved = ask(first.cookie());

    assertThat(moved.server()).isNotEqualTo(first.server());
    assertThat(moved.cookie()).startsWith("limpet-shop=").isNotEqualTo(first.cookie());
    assertThat(ask(moved.cookie()).server()).isEqualTo(moved.server());
  }

  @Test
  void callWhoseBackendIsConnecting_waitsForIt() throws Exception {
    Answer first = ask("");
    Gate home = gates.get(first.server());
    home.hold();
    home.breakConnections();
    await("held connections", 1, home::held);
    awaitUp(2);

    Metadata sent = new Metadata();
    sent.put(COOKIE, first.cookie());
    Future<String> bound = ClientCalls.futureUnaryCall(
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(sent))
            .newCall(WhoService.WHO, CallOptions.DEFAULT),
        ""); // is picked for on this thread
    for (int i = 0; i < 4; i++) {
      assertThat(ask("").server()).isNotEqualTo(first.server());
    }
    assertThat(bound.isDone()).isFalse();
    home.open();

    assertThat(bound.get()).isEqualTo(first.server());
    assertThat(ask(first.cookie()).server()).isEqualTo(first.server());
  }

  @Test
  void noBackend_failsCalls_andTheSessionIsKept() throws Exception {
    Answer first = ask("");
    for (Gate gate : gates.values()) {
      gate.close();
    }
    awaitUp(0);

    assertThatThrownBy(() -> ask(first.cookie()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failure ->
                assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    assertThatThrownBy(() -> ask("")).isInstanceOf(StatusRuntimeException.class);
    assertThat(openRoutes()).isZero();
  }

  @Test
  void cancelledCall_closesItsRoute_alsoInTheQueue() throws Exception {
    for (Gate gate : gates.values()) {
      gate.hold();
      gate.breakConnections();
    }
    awaitUp(0);
    ClientCall<String, String> call = channel.newCall(WhoService.WHO, CallOptions.DEFAULT);
    CompletableFuture<Status> closed = new CompletableFuture<>();
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            closed.complete(status);
          }
        },
        new Metadata());

    call.cancel("enough", null);

    assertThat(closed.get().getCode()).isEqualTo(Status.Code.CANCELLED);
    gates.values().forEach(Gate::open);
    awaitUp(3);
    assertThat(openRoutes()).isZero();
  }

  @Test
  void lbCookie_isKeptFromTheBackend_andTheCallersMetadataIsRead() {
    Metadata sent = new Metadata();
    sent.put(COOKIE, ask("").cookie() + "; theme=dark");

    StickyCall call = new StickyCall(router);
    call.start(sent);

    assertThat(sent.getAll(COOKIE)).containsExactly("theme=dark");
    assertThat(call.request().get(COOKIE)).endsWith("; theme=dark").startsWith("limpet-shop=");
  }

  @Test
  void pickAfterTheEndOfACall_holdsNothing() {
    StickyCall call = new StickyCall(router);
    call.start(new Metadata());
    call.pick();
    assertThat(openRoutes()).isOne();
    call.pick();
    assertThat(openRoutes()).isOne();

    call.end();
    call.pick();

    assertThat(openRoutes()).isZero();
  }

  @Test
  void main_showsASessionThatSticks() throws IOException {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, UTF_8));
    try {
      StickyGrpc.main(new String[0]);
    } finally {
      System.setOut(console);
    }

    List<String> lines = printed.toString(UTF_8).lines().toList();
    String home = lines.get(0).contains("call: one") ? "one" : "two";
    assertThat(lines).hasSize(4);
    assertThat(lines.subList(1, 4)).allMatch(line -> line.startsWith("with the cookie: " + home));
  }

  private Answer ask(String cookie) {
    return WhoService.ask(channel, cookie);
  }

  private String id(String server) {
    var address = gates.get(server).address();
    return Backend.idOf(address.getHostString() + ':' + address.getPort());
  }

  private int openRoutes() {
    return pool.snapshot().members().stream()
        .mapToInt(member -> member.load().connections())
        .sum();
  }

  private void awaitUp(long expected) throws Exception {
    await(
        "backends that are up",
        expected,
        () ->
            pool.snapshot().members().stream().filter(member -> !member.down()).count());
  }

  private static <T> void await(String name, T expected, Callable<T> actual) throws Exception {
    long start = System.nanoTime();
    T found = actual.call();
    while (!Objects.equals(found, expected)) {
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(20)) {
        throw new AssertionError(name + ": " + found + " (expected: " + expected + ")");
      }
      TimeUnit.MILLISECONDS.sleep(2);
      found = actual.call();
    }
  }
}
