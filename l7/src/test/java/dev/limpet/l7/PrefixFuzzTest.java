package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.limpet.core.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Of cookies with and without prefixes. No input has a genuine prefix of its own. */
class PrefixFuzzTest {
  private static final PrefixFixture WEB = new PrefixFixture();
  private static final String TOKEN = WEB.prefixed("x").split("~", -1)[0];

  /** What is not ours stays; a backend gets what it set, whatever stands around it. */
  @FuzzTest
  void strippingRestoresWhatWasSet(byte[] input) {
    String text = new String(input, StandardCharsets.ISO_8859_1);
    List<String> fields = List.of(text.split("\n", -1));
    String first = fields.get(0);
    String value = trimmed(first.split(";", -1)[0]);

    String sent = WEB.answered("SID=" + first).get(0);

    if (value.isEmpty()
        || SetCookieField.parse("SID=" + first, "SID").isDeletion(now())
        || "SID".length() + value.length() + TOKEN.length() + 1 > SetCookieMarker.MAX_PAIR) {
      assertThat(sent).isEqualTo("SID=" + first);
      return;
    }
    String pair = sent.split(";", -1)[0];
    assertThat(sent.substring(pair.length()))
        .isEqualTo(first.substring(first.split(";", -1)[0].length()));
    assertThat(WEB.router.route(Request.of(pair)).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(WEB.received(pair)).containsExactly("SID=" + first.split(";", -1)[0]);
  }

  @FuzzTest
  void whatIsNotOurs_isUnchanged(byte[] input) {
    String[] fields = new String(input, StandardCharsets.ISO_8859_1).split("\n", -1);

    assertThat(WEB.router.fieldsToBackend(Request.of(fields))).isEmpty();
    assertThat(WEB.router.route(Request.of(fields)).outcome()).isEqualTo(Outcome.UNBOUND);
  }

  /** In the input, "$" stands for a genuine prefix. */
  @FuzzTest
  void onlyPrefixes_areRemoved(byte[] input) {
    String text = new String(input, StandardCharsets.ISO_8859_1);
    List<String> marked = List.of(text.split("\n", -1));
    List<String> fields =
        marked.stream().map(field -> field.replace("$", TOKEN + '~')).toList();
    if (fields.stream().anyMatch(field -> field.length() >= CookieScan.SCAN_LIMIT)) {
      return;
    }
    List<String> received = WEB.received(fields.toArray(String[]::new));

    int read = 0;
    for (int i = 0; i < marked.size(); i++) {
      StringBuilder expected = new StringBuilder();
      for (String piece : marked.get(i).split(";", -1)) {
        boolean ours = isOurs(piece) && read++ < CookieScan.MAX_VALUES;
        String left = ours ? withoutPrefix(piece) : piece;
        expected.append(';').append(left.replace("$", TOKEN + '~'));
      }
      assertThat(received.get(i)).isEqualTo(expected.substring(1));
    }
  }

  private static boolean isOurs(String piece) {
    int sign = piece.indexOf('=');
    return sign >= 0 && trimmed(piece.substring(0, sign)).equals("SID");
  }

  /** Removes a "$" with which the value begins. */
  private static String withoutPrefix(String piece) {
    int sign = piece.indexOf('=');
    String value = trimmed(piece.substring(sign + 1));
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    int quotes = quoted ? 1 : 0;
    int from = piece.indexOf(value, sign + 1) + quotes;
    return value.startsWith("$", quotes)
        ? piece.substring(0, from) + piece.substring(from + 1)
        : piece;
  }

  private static Instant now() {
    return WEB.clock.instant();
  }

  private static String trimmed(String text) {
    return text.replaceAll("\\A[ \t]+|[ \t]+\\z", "");
  }
}
