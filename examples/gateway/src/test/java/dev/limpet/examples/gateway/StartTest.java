package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line: what it says and returns, and what it starts. */
@Timeout(30)
class StartTest {
  @TempDir
  private Path folder;

  private final TestConsole console = new TestConsole();
  private TestBackend backend;

  @BeforeEach
  void start() throws IOException {
    backend = TestBackend.http("b1");
  }

  @AfterEach
  void stop() throws IOException {
    backend.close();
  }

  @Test
  void check_startsListensAndReturns0() throws Exception {
    int status = run(write(config("port: 0", TestGateway.LB_COOKIE)), "--check");
    assertThat(console.complaints()).isEmpty();
    assertThat(status).isZero();
    assertThat(console.said().get(0)).matches("listening http web 127\\.0\\.0\\.1:[1-9][0-9]*");
    assertThat(console.said().subList(1, console.said().size()))
        .hasSize(2)
        .allMatch(line -> line.contains("random"));
  }

  @Test
  void secrets_areNotReportedIfConfigured() throws Exception {
    String secret = '"' + "A".repeat(43) + "=\"";
    String yaml = config("port: 0", TestGateway.LB_COOKIE) + "keySecret: " + secret
        + "\ncookieSecrets: [{id: 1, secret: " + secret + ", signing: true}]\n";
    assertThat(run(write(yaml), "--check")).isZero();
    assertThat(console.said()).hasSize(1);
  }

  @Test
  void aKeySecretAlone_isEnoughForAllCookies() throws Exception {
    String yaml =
        config("port: 0", TestGateway.LB_COOKIE) + "keySecret: \"" + "A".repeat(43) + "=\"\n";
    assertThat(run(write(yaml), "--check")).isZero();
    assertThat(console.said()).hasSize(1);
  }

  @Test
  void withoutCheck_servesAndFollowsTheFile() throws Exception {
    Path file = write(config("port: 0", TestGateway.LB_COOKIE));
    CompletableFuture<Object> ended = new CompletableFuture<>();
    Thread running = new Thread(() -> ended.complete(runUntilInterrupted(file)), "gateway");
    running.start();
    try (TestBackend b2 = TestBackend.http("b2")) {
      Wait.until(() -> console.said().size() == 3);
      String at = console.said().get(0);
      int port = Integer.parseInt(at.substring(at.lastIndexOf(':') + 1));
      assertThat(new Client(port).body()).isEqualTo("b1");

      write(config("port: 0", TestGateway.LB_COOKIE).replace(backend.entry(), b2.entry()));

      Wait.until(() -> new Client(port).body().equals("b2"));
      Wait.until(() -> console.said().contains("pools.web.backends.b2: added"));
      assertThat(console.said()).contains("pools.web.backends.b1: removed");
      assertThat(console.complaints()).isEmpty();
      assertThat(ended).isNotDone();
    } finally {
      running.interrupt();
      assertThat(ended.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void faultyFile_everyFaultIsALineAndNothingListens() throws Exception {
    int port = freePort();
    String yaml = config("port: " + port, "stickySession: {type: lb-cookie, duration: 2x}")
        + "color: red\nprofile: open\n";
    Path file = write(yaml.replace("pool: web}", "pool: web, port: 99999, size: 1}"));

    assertThat(run(file)).isEqualTo(2);

    assertThat(console.said()).isEmpty();
    assertThat(console.complaints())
        .hasSizeGreaterThanOrEqualTo(2)
        .allMatch(line -> line.matches(Pattern.quote(file.toString()) + ":\\d+: .+"));
    assertNothingListens(port);
  }

  @Test
  void absentFile_returns2() {
    Path absent = folder.resolve("absent.yaml");
    assertThat(run(absent)).isEqualTo(2);
    assertThat(console.complaints()).hasSize(1);
    assertThat(console.complaints().get(0)).contains(absent.toString(), "absent");
  }

  @Test
  void portInUse_returns1AndNothingElseListens() throws Exception {
    int free = freePort();
    try (ServerSocket used = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String yaml = config("port: " + free, TestGateway.LB_COOKIE)
          .replace(
              "pools:",
              "  - {name: second, protocol: tcp, port: " + used.getLocalPort()
                  + ", pool: tcp}\npools:" + "\n  - name: tcp\n    backends: [" + backend.entry()
                  + "]");
      assertThat(run(write(yaml))).isEqualTo(1);
      assertThat(console.complaints()).hasSize(1);
      assertThat(console.complaints().get(0))
          .startsWith("listener second: cannot listen at 127.0.0.1:" + used.getLocalPort() + " (");
      assertNothingListens(free);
    }
  }

  @Test
  void classic_stickySessionStandsOnTheListener() throws Exception {
    String classic = config("stickySession: {type: lb-cookie}, port: 0", TestGateway.NOT_STICKY)
        .replace("open", "classic");
    try (TestBackend b2 = TestBackend.http("b2");
        TestGateway gateway = TestGateway.of(
            classic.replace(backend.entry(), backend.entry() + "\n      - " + b2.entry()))) {
      for (int i = 0; i < 4; i++) {
        Client client = gateway.client();
        String home = client.body();
        assertThat(List.of(client.body(), client.body(), client.body())).containsOnly(home);
      }
    }
  }

  @Test
  void classic_stickySessionOnThePoolIsAFault() throws Exception {
    String yaml = config("port: 0", TestGateway.LB_COOKIE).replace("open", "classic");
    assertThat(run(write(yaml))).isEqualTo(2);
    assertThat(console.complaints()).hasSize(1);
    assertThat(console.complaints().get(0)).contains("stickySession", "on the listener", "classic");
  }

  @Test
  void enhanced_stickySessionOnTheListenerIsAFault() throws Exception {
    String yaml = config("stickySession: {type: lb-cookie}, port: 0", TestGateway.NOT_STICKY)
        .replace("open", "enhanced");
    assertThat(run(write(yaml))).isEqualTo(2);
    assertThat(console.complaints()).hasSize(1);
    assertThat(console.complaints().get(0)).contains("stickySession", "on the pool", "enhanced");
  }

  @Test
  void writableWithoutAFile_isRefused() {
    assertThat(Main.run(console.console(), "--writable", "--check")).isEqualTo(2);
    assertThat(console.said()).isEmpty();
  }

  @Test
  void writableWithAFile_starts() throws Exception {
    Path file = write(config("port: 0", TestGateway.LB_COOKIE));
    assertThat(run(file, "--writable", "--check")).isZero();
  }

  private int run(Path file, String... options) {
    String[] args = Arrays.copyOf(options, options.length + 1);
    args[options.length] = file.toString();
    return Main.run(console.console(), args);
  }

  private Object runUntilInterrupted(Path file) {
    try {
      return new FileRun(new ConfigFile(file, false), console.console()).run(false);
    } catch (InterruptedException e) {
      return e;
    }
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(folder.resolve("gateway.yaml"), yaml);
  }

  private String config(String listener, String settings) {
    return TestGateway.yaml("http", "", settings, List.of(backend.entry()))
        .replace("port: 0", listener);
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private static void assertNothingListens(int port) {
    assertThatThrownBy(() -> new Client(port).connect()).isInstanceOf(ConnectException.class);
  }
}
