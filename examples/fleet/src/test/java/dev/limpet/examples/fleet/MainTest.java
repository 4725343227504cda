package dev.limpet.examples.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MainTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @Test
  void wrongArguments_areRefused() {
    assertThat(run("--chek")).isEqualTo(2);
    assertThat(run("config.yaml")).isEqualTo(2);
    assertThat(run("--redis-server")).isEqualTo(2);
  }

  @Test
  void help_isNoStory() {
    assertThat(run("--help")).isZero();
    assertThat(written.toString(UTF_8)).contains("--check", "Exit status:").doesNotContain("100 %");
  }

  @Test
  void aRedisThatCannotBeStarted_isNamed() {
    assertThat(run("--check", "--redis-server", "/no/redis-server")).isEqualTo(1);
    assertThat(run("--check", "--redis-server", "/bin/false")).isEqualTo(1);

    assertThat(written.toString(UTF_8).lines())
        .containsExactly(
            "redis: /no/redis-server cannot be started (expected: another one with --redis-server)",
            "redis: /bin/false cannot be started (expected: another one with --redis-server)");
  }

  private int run(String... args) {
    PrintStream out = new PrintStream(written, true, UTF_8);
    return Main.run(out, out, args);
  }
}
