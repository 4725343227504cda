package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.limpet.l7.SuffixFixture.Targeted;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Of session ids with routes, read by a specification that splits and matches. */
class RouteSuffixFuzzTest {
  private static final List<String> NODES = List.of("node1", "node2", "node3");
  private static final Pattern PARAMETER = Pattern.compile(";jsessionid=([^;/?]*)");
  private static final Pattern ID = Pattern.compile("([^.]+)[.](.+)", Pattern.DOTALL);
  private static final SuffixFixture SINGLE = new SuffixFixture();
  private static final SuffixFixture RANKED = new SuffixFixture(b -> b.ranked(true));

  @FuzzTest
  void cookiesAreRoutedAsSpecified(byte[] input) {
    List<String> fields = List.of(new String(input, StandardCharsets.ISO_8859_1).split("\n", -1));
    Targeted request = Targeted.of("/", fields.toArray(String[]::new));
    List<String> ids = CookieScanTest.values(fields, "JSESSIONID").stream()
        .map(RouteSuffixFuzzTest::unquoted)
        .toList();

    assertRouted(request, ids);
  }

  @FuzzTest
  void pathParametersAreRoutedAsSpecified(byte[] input) {
    String target = new String(input, StandardCharsets.ISO_8859_1);
    if (target.length() >= PathParameter.SCAN_LIMIT) {
      return;
    }
    List<String> ids = PARAMETER
        .matcher(target.split("[?]", -1)[0])
        .results()
        .limit(8)
        .map(found -> found.group(1))
        .toList();

    assertRouted(Targeted.of(target), ids);
  }

  private static void assertRouted(Targeted request, List<String> ids) {
    List<Matcher> usable = ids.stream()
        .filter(id -> id.length() <= 4096 && !id.matches("(?s).*[\u0000-\u001f\u007f].*"))
        .map(ID::matcher)
        .filter(Matcher::matches)
        .collect(Collectors.toList());
    String otherwise = usable.isEmpty() ? "none" : "hashed";

    assertThat(SINGLE.routed(request))
        .isEqualTo(first(usable, route -> single(route)).orElse(otherwise));
    assertThat(RANKED.routed(request))
        .isEqualTo(first(usable, route -> ranked(route)).orElse(otherwise));
  }

  private static Optional<String> first(
      List<Matcher> ids, Function<String, Optional<String>> node) {
    return ids.stream()
        .map(id -> node.apply(id.group(2)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> single(String rest) {
    return Stream.of(rest, rest.split("[.]", -1)[0]).filter(NODES::contains).findFirst();
  }

  private static Optional<String> ranked(String rest) {
    return Arrays.stream(rest.split("[.]", -1))
        .filter(route -> !route.isEmpty())
        .limit(16)
        .filter(NODES::contains)
        .findFirst();
  }

  private static String unquoted(String value) {
    return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1)
        : value;
  }
}
