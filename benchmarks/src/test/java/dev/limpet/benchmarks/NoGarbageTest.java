package dev.limpet.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Each test has a JVM of its own. An LB cookie may take its 24 bytes there too, if the machine is so
 * busy that the compiler is not done after the warm-up.
 */
@Tag("slow")
class NoGarbageTest {

  @Test
  void aHitAllocatesNothing() throws Exception {
    List<String> lines = lines(measured("--visits=100"));

    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).matches("sourceIp: 100000 hits, \\d{1,4} bytes, .*");
    assertThat(lines.get(1)).matches("lbCookie: 10000 hits, (\\d{1,4}|240000) bytes, .*");
    assertThat(lines.get(2)).matches("appCookie: 10000 hits, \\d{1,4} bytes, .*");
    assertThat(lines.get(3)).matches("header: 10000 hits, \\d{1,4} bytes, .*");
  }

  @Test
  void aKindThatAllocates_isFound() throws Exception {
    Process measured = measured("--visits=100", "--control");

    assertThat(lines(measured)).singleElement().asString().startsWith("sourceIpv6: 100000 hits, ");
    assertThat(measured.waitFor()).isEqualTo(1);
  }

  private static Process measured(String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        NoGarbage.class.getName()));
    command.addAll(List.of(options));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static List<String> lines(Process measured) throws IOException {
    byte[] printed = measured.getInputStream().readAllBytes();
    return new String(printed, StandardCharsets.UTF_8).lines().toList();
  }
}
