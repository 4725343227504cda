package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Environment;
import dev.limpet.core.KeyHasher;
import dev.limpet.l7.MapAccess.Message;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class HttpKeyProperties {
  private static final KeyHasher HASHER = Environment.local().hasher();

  private final TargetParameterFuzzTest specification = new TargetParameterFuzzTest();

  @Property
  void parametersAreReadAsSpecified(@ForAll("targets") String target) {
    specification.parametersAreReadAsSpecified(target.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Whichever octets are escaped, the session is the same. */
  @Property
  void escapes_doNotMatter(
      @ForAll @Size(min = 1, max = 64) byte[] value, @ForAll @Size(64) boolean[] escaped) {
    StringBuilder written = new StringBuilder();
    for (int i = 0; i < value.length; i++) {
      int octet = value[i] & 0xFF;
      boolean isPlain = "-._~".indexOf(octet) >= 0 || Character.isLetterOrDigit(octet);
      written.append(
          (escaped[i] || !isPlain || octet >= 0x80)
              ? String.format(i % 2 == 0 ? "%%%02x" : "%%%02X", octet)
              : String.valueOf((char) octet));
    }
    long expected = HASHER.string(new String(value, StandardCharsets.ISO_8859_1));
    boolean isBlank = new String(value, StandardCharsets.ISO_8859_1).matches("[ \t-\r]*");
    Message query = new Message();
    query.target = "/?id=" + written;
    Message path = new Message();
    path.target = "/a;id=" + written + "/b";

    assertThat(HttpKey.query(new MapAccess(), "id").key(query, HASHER))
        .isEqualTo(isBlank ? HttpKey.NONE : expected);
    assertThat(HttpKey.pathParameter(new MapAccess(), "id").key(path, HASHER))
        .isEqualTo(isBlank ? HttpKey.NONE : expected);
  }

  @Provide
  Arbitrary<String> targets() {
    return Arbitraries.of(
            "/",
            "?",
            "#",
            "&",
            ";",
            "=",
            "id",
            "id=",
            "&id=",
            ";id=",
            "i%64",
            "%69d=",
            "abc",
            "%",
            "%6",
            "%61",
            "%3B",
            "%26",
            "+",
            " ",
            "%20",
            "xid=",
            "http:",
            "//",
            "host",
            "long-value")
        .list()
        .ofMaxSize(12)
        .map(list -> String.join("", list));
  }
}
