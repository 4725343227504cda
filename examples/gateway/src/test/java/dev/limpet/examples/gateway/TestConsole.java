package dev.limpet.examples.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

/** Keeps what the gateway says. */
final class TestConsole {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private final Console console =
      new Console(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));

  Console console() {
    return console;
  }

  List<String> said() {
    return out.toString(UTF_8).lines().toList();
  }

  List<String> complaints() {
    return err.toString(UTF_8).lines().toList();
  }
}
