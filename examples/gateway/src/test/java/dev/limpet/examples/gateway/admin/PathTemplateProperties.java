package dev.limpet.examples.gateway.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;

/** Paths and the names in them. */
class PathTemplateProperties {
  private static final PathTemplate TEMPLATE = PathTemplate.of("/api/{pool}/x/{backend}");

  /** A text without halves of surrogate pairs, which UTF-8 does not have. */
  private static String encodable(String text) {
    return new String(text.getBytes(UTF_8), UTF_8);
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, UTF_8).replace("+", "%20");
  }

  @Property(tries = 300)
  void anyName_isFoundAsItWas(@ForAll @NotEmpty String pool, @ForAll @NotEmpty String backend) {
    String first = encodable(pool);
    String second = encodable(backend);

    assertThat(TEMPLATE.match("/api/" + encoded(first) + "/x/" + encoded(second)))
        .isEqualTo(Map.of("pool", first, "backend", second));
  }

  @Property(tries = 300)
  void aPathThatMatches_hasAsManySegments(@ForAll String path) {
    Map<String, String> names = TEMPLATE.match(path);

    assertThat(names == null || path.chars().filter(c -> c == '/').count() == 4).isTrue();
  }
}
