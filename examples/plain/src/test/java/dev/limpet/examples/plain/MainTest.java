package dev.limpet.examples.plain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.testkit.RawBackend;
import dev.limpet.testkit.RawClient;
import dev.limpet.testkit.RawConnection;
import dev.limpet.testkit.RawMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MainTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void withoutArguments_itServesFromTwoBackendsOfItsOwn() throws IOException {
    try (RawClient client = new RawClient(start(), PATIENCE)) {
      RawMessage first = client.get();
      assertThat(first.text()).matches("web[12]\n");
      assertThat(first.fields("Set-Cookie")).hasSize(1);

      for (int i = 0; i < 4; i++) {
        assertThat(client.get().text()).isEqualTo(first.text());
      }
    }
  }

  @Test
  void backendsOfTheCommandLine_areServed_withTheFieldsThatMayPass() throws IOException {
    try (RawBackend backend = RawBackend.start("b1");
        RawClient client = new RawClient(start("localhost:" + backend.port()), PATIENCE)) {
      client.get("Connection: close, X-Hop", "X-Hop: 1", "X-End: 2", "TE: trailers");

      RawMessage received = backend.requests().get(0);
      assertThat(received.field("Host")).isEqualTo("site");
      assertThat(received.field("X-End")).isEqualTo("2");
      assertThat(received.fields("X-Hop")).isEmpty();
      assertThat(received.fields("TE")).isEmpty();
    }
  }

  @Test
  void bodyThatIsTooLarge_isRefused() throws IOException {
    try (RawClient client = new RawClient(start(), PATIENCE)) {
      RawConnection connection = client.connect();
      connection.sendPost(new byte[10_000_001]);

      assertThat(connection.head().status()).isEqualTo(413);
    }
  }

  /** Starts the program, and returns the port that it prints. */
  private static int start(String... hosts) throws IOException {
    System.setProperty("port", "0");
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, UTF_8));
    try {
      Main.main(hosts);
    } finally {
      System.setOut(console);
      System.clearProperty("port");
    }
    Matcher port = Pattern.compile("localhost:(\\d+) for").matcher(printed.toString(UTF_8));
    assertThat(port.find()).as(printed.toString(UTF_8)).isTrue();
    return Integer.parseInt(port.group(1));
  }
}
