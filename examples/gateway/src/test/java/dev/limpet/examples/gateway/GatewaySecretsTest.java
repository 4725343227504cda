package dev.limpet.examples.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the gateway writes while it serves, and while its clients, backends and operators make
 * mistakes.
 */
@Timeout(30)
class GatewaySecretsTest {
  private static final String SECRET =
      Base64.getEncoder().encodeToString("the-secret-that-nobody-may-read!".getBytes(US_ASCII));
  private static final String PASSWORD = "the-password-of-redis";
  private static final String SHARED =
      "\nsharedTable: {redis: \"redis://:" + PASSWORD + "@127.0.0.1:1\"}";
  private static final String VALUE = "a-session-id-of-the-application";

  @TempDir
  private Path folder;

  private final Logs logs = new Logs();
  private TestBackend backend;

  @BeforeEach
  void start() throws IOException {
    Logger.getLogger("").addHandler(logs);
    backend = TestBackend.http("b1", GatewaySecretsTest::answer);
  }

  @AfterEach
  void stop() throws IOException {
    Logger.getLogger("").removeHandler(logs);
    backend.close();
  }

  @Test
  void nothingThatIsWrittenShowsASecretATokenOrASessionId() throws Exception {
    List<String> written = new ArrayList<>();
    for (String sticky : new String[] {TestGateway.LB_COOKIE, TestGateway.APP_COOKIE + SHARED}) {
      Path file = Files.writeString(folder.resolve("gateway.yaml"), yaml(sticky, SECRET));
      try (TestGateway gateway = TestGateway.following(file)) {
        Client client = gateway.client();
        client.get();
        String cookies = "Cookie: SID=" + VALUE + "; limpet-web=" + client.cookie("limpet-web");
        makeMistakes(client, cookies);
        String wrong = sticky.replace("{redis:", "{server:");
        Files.writeString(file, yaml(wrong, SECRET.substring(0, 20)) + "\nwrong: " + SECRET);
        Wait.until(() -> gateway.console().complaints().toString().contains("is ignored"));
        Files.writeString(file, "\"" + yaml(sticky, SECRET));
        Wait.until(() -> gateway.console().complaints().toString().contains("well-formed"));

        written.addAll(gateway.console().said());
        written.addAll(gateway.console().complaints());
        written.addAll(logs.lines);
        assertThat(written)
            .isNotEmpty()
            .allSatisfy(line -> assertThat(line)
                .doesNotContain(SECRET.substring(0, 20), PASSWORD, VALUE)
                .doesNotContain(String.valueOf(client.cookie("limpet-web"))));
      }
    }
  }

  private static void makeMistakes(Client client, String cookies) throws IOException {
    for (String request : new String[] {
      "GET / HTTP/1.1\r\nHost: site\r\n" + cookies + "\r\nConnection: close\r\n\r\n",
      "GET / HTTP/1.1\r\n" + cookies + "\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: site\r\n" + cookies + "\u0000\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: site\r\n" + cookies + "\u0001\r\nConnection: close\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: site\r\n" + cookies + "\r\n\r x\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: site\r\n " + cookies + "\r\n\r\n",
      "GET / HTTP/9.9\r\nHost: site\r\n" + cookies + "\r\n\r\n",
      "GET /" + VALUE + "\u0001 HTTP/1.1\r\nHost: site\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: site\r\n" + cookies + "; x=" + "y".repeat(70_000) + "\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: site\r\n" + cookies
          + "\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "GET /broken HTTP/1.1\r\nHost: site\r\n" + cookies + "\r\nConnection: close\r\n\r\n",
      "GET /odd HTTP/1.1\r\nHost: site\r\n" + cookies + "\r\nConnection: close\r\n\r\n",
    }) {
      client.exchange(request);
    }
  }

  private static String answer(Message request) {
    String setCookie = "Set-Cookie: SID=" + VALUE;
    return switch (request.startLine().split(" ", 3)[1]) {
      case "/broken" -> "HTTP/1.1 200 OK\r\n" + setCookie + "\u0000\u0001: \r\n\r\n";
      case "/odd" -> "HTTP/1.1 200 OK\r\n" + setCookie + "; Expires=x\r\nContent-Length: x\r\n\r\n";
      default -> TestBackend.ok("b1", setCookie + "; Path=/\r\n");
    };
  }

  private String yaml(String sticky, String secret) {
    return TestGateway.yaml("http", "", sticky, TestGateway.entries(backend))
        + "keySecret: \"" + secret + "\"\n"
        + "cookieSecrets: [{id: 1, secret: \"" + secret + "\", signing: true}]\n";
  }

  /** Keeps what is logged. */
  private static final class Logs extends Handler {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord entry) {
      lines.add(new SimpleFormatter().format(entry));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
