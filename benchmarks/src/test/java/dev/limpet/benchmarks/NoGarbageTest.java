package dev.limpet.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each test has a JVM of its own, because an LB cookie allocates in one that runs much else. */
@Tag("slow")
class NoGarbageTest {

  @Test
  void aHitAllocatesNothing() throws Exception {
    Process measured = measured("--visits=100");
    List<String> lines = lines(measured);

    assertThat(measured.waitFor()).as("%s", lines).isZero();
    assertThat(lines)
        .hasSize(4)
        .anyMatch(line -> line.startsWith("sourceIp: 100000 hits, "))
        .anyMatch(line -> line.startsWith("lbCookie: 10000 hits, "));
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
