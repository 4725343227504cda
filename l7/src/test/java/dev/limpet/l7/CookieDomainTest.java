package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Browsers drop a cookie whose domain is no host name, and say nothing. */
class CookieDomainTest {
  private static final String LABEL_63 = "a".repeat(63);

  private final LbFixture web = new LbFixture();

  static Stream<String> hostNames() {
    return Stream.of(
        "example.com",
        ".example.com",
        "EXAMPLE.Com",
        "localhost",
        "a",
        "a.b",
        "3com.com",
        "127.0.0.1.example",
        "1.2.3.4a",
        "xn--bcher-kva.example",
        "a--b.example",
        "0xyz",
        "x0.example",
        LABEL_63 + ".example",
        String.join(".", LABEL_63, LABEL_63, LABEL_63, "a".repeat(61)),
        "." + String.join(".", LABEL_63, LABEL_63, LABEL_63, "a".repeat(61)));
  }

  @ParameterizedTest
  @MethodSource("hostNames")
  void hostName_isTheDomain(String domain) {
    assertThat(web.affinity(b -> b.domain(domain))).isNotNull();
  }

  static Stream<String> others() {
    return Stream.of(
        ".",
        "..",
        "..example.com",
        "example.com.",
        ".example.com.",
        "a..b",
        "-example.com",
        "example-.com",
        "example.-com",
        "example.com-",
        "-",
        "a_b.example",
        "a".repeat(64) + ".example",
        "127.0.0.1",
        ".127.0.0.1",
        "1.2.3",
        "256.256.256.256",
        "2130706433",
        "0",
        "0x7f000001",
        "0X7F.1",
        "0x",
        "example.1",
        "example.0x1F",
        "::1",
        "[::1]",
        "b\u00fccher.example",
        "\uff45xample.com",
        "example.com:80",
        "https://example.com",
        "*.example.com",
        "example.com ",
        " example.com",
        "exam\nple.com",
        "example.com; Secure");
  }

  @ParameterizedTest
  @MethodSource("others")
  void anythingElse_isRefused(String domain) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> web.affinity(b -> b.domain(domain)))
        .withMessageStartingWith("domain: \"")
        .withMessageContaining("(expected: a host name");
  }

  @ParameterizedTest
  @ValueSource(ints = {254, 255, 5_000})
  void longName_isRefusedAndNotShown(int length) {
    String name = IntStream.range(0, length)
        .mapToObj(i -> (i % 32 == 31 && i < length - 1) ? "." : "a")
        .reduce("", String::concat);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> web.affinity(b -> b.domain(name)))
        .withMessage("domain: " + length + " characters (expected: at most 253)");
  }
}
