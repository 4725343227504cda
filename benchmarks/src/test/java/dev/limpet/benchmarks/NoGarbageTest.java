package dev.limpet.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class NoGarbageTest {
  private final StringWriter out = new StringWriter();

  @Test
  void aHitAllocatesNothing() {
    assertThat(run("--visits=100")).as(out.toString()).isZero();
    assertThat(out.toString().lines())
        .hasSize(4)
        .anyMatch(line -> line.startsWith("sourceIp: 100000 hits, "))
        .anyMatch(line -> line.startsWith("lbCookie: 10000 hits, "));
  }

  @Test
  void aKindThatAllocates_isFound() {
    assertThat(run("--visits=100", "--control")).isEqualTo(1);
    assertThat(out.toString()).startsWith("sourceIpv6: 100000 hits, ");
  }

  private int run(String... args) {
    PrintWriter writer = new PrintWriter(out, true);
    return NoGarbage.run(writer, writer, args);
  }
}
