package dev.limpet.spring.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The metadata that editors read name the properties there are. */
class MetadataTest {
  private static final String METADATA = "META-INF/spring-configuration-metadata.json";

  @Test
  void metadata_nameAllProperties() throws IOException {
    assertThat(described()).containsExactlyInAnyOrderElementsOf(declared());
  }

  private static Iterable<String> declared() {
    return Stream.of(LimpetProperties.class.getRecordComponents())
        .map(RecordComponent::getName)
        .map(name -> "limpet." + name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
        .toList();
  }

  private static Stream<String> described() throws IOException {
    try (InputStream in = MetadataTest.class.getClassLoader().getResourceAsStream(METADATA)) {
      JsonNode properties =
          new ObjectMapper().readTree(Objects.requireNonNull(in)).get("properties");
      return StreamSupport.stream(properties.spliterator(), false)
          .map(property -> property.get("name").asString())
          .toList()
          .stream();
    }
  }
}
