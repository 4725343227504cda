package dev.limpet.examples.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A gateway of its own process that is sent signals while a request is under way. */
@Timeout(60)
class StopSignalTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String SECRET = "A".repeat(43) + '=';

  @TempDir
  private Path folder;

  private final CountDownLatch goOn = new CountDownLatch(1);
  private TestBackend backend;
  private Process gateway;
  private BufferedReader lines;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    backend = TestBackend.http("b1", request -> {
      Wait.until(goOn);
      return TestBackend.ok("b1");
    });
    String yaml = TestGateway.yaml("http", "", TestGateway.SOURCE_IP, List.of(backend.entry()))
        .replace("stopTimeout: 0s", "stopTimeout: 1h");
    Path file = Files.writeString(
        folder.resolve("gateway.yaml"),
        yaml + "keySecret: " + SECRET + "\ntables: " + folder + '\n');
    gateway = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            file.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    lines = gateway.inputReader(UTF_8);
    String listening = lines.readLine();
    assertThat(listening).startsWith("listening http web ");
    client = new Client(Integer.parseInt(listening.substring(listening.lastIndexOf(':') + 1)));
  }

  @AfterEach
  void stop() throws IOException {
    goOn.countDown();
    gateway.destroyForcibly();
    backend.close();
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130", "HUP, 129"})
  void theFirstSignal_letsTheRequestEnd_andSavesTheTables(String signal, int status)
      throws Exception {
    try (Socket asking = ask()) {
      send(signal);
      Wait.until(LIMIT, this::isRefused);
      assertThat(gateway.isAlive()).isTrue();
      goOn.countDown();
      Message answer = Client.response(asking, "GET");
      assertThat(answer.body()).isEqualTo("b1");
      assertThat(answer.fields("connection")).containsExactly("close");
      assertThat(asking.getInputStream().read()).isEqualTo(-1);
      assertEnded(status);
      assertThat(lines.lines()).contains("table web: saved");
    }
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130"})
  void theSecondSignal_endsAtOnce(String signal, int status) throws Exception {
    try (Socket asking = ask()) {
      send(signal);
      Wait.until(LIMIT, this::isRefused);
      send(signal);
      assertEnded(status);
      assertThat(lines.lines()).noneMatch(line -> line.contains("saved"));
      assertThat(asking.isConnected()).isTrue();
    }
  }

  @Test
  void withNothingUnderWay_itEndsAtOnce() throws Exception {
    try (Socket idle = client.connect()) {
      send("TERM");
      assertEnded(143);
      assertThat(idle.getInputStream().read()).isEqualTo(-1);
    }
  }

  private Socket ask() throws Exception {
    Socket asking = client.connect();
    TestBackend.say(asking, GET);
    Wait.until(LIMIT, () -> !backend.requests().isEmpty());
    return asking;
  }

  private void send(String signal) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(gateway.pid()))
            .start()
            .waitFor())
        .isZero();
  }

  private boolean isRefused() throws IOException {
    try {
      client.connect().close();
      return false;
    } catch (SocketException refused) {
      return true;
    }
  }

  private void assertEnded(int status) throws InterruptedException {
    assertThat(gateway.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(gateway.exitValue()).isEqualTo(status);
  }
}
