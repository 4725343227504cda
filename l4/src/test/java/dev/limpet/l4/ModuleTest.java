package dev.limpet.l4;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ModuleTest {
  private static final Path CLASSES = Path.of("target", "classes");

  private final ModuleDescriptor module =
      ModuleFinder.of(CLASSES).find("dev.limpet.l4").orElseThrow().descriptor();

  @Test
  void exportsItsPackageToAll() {
    Exports exported = module.exports().stream().findFirst().orElseThrow();

    assertThat(module.packages()).containsExactly("dev.limpet.l4");
    assertThat(exported.source()).isEqualTo("dev.limpet.l4");
    assertThat(exported.isQualified()).isFalse();
    assertThat(module.isOpen()).isFalse();
    assertThat(module.opens()).isEmpty();
  }

  @Test
  void requiresCoreAndHandsItOn() {
    Set<String> required = module.requires().stream()
        .filter(requires -> !requires.modifiers().contains(Requires.Modifier.MANDATED))
        .map(requires -> requires.modifiers() + " " + requires.name())
        .collect(toSet());

    assertThat(required).containsExactly("[TRANSITIVE] dev.limpet.core");
  }

  @Test
  void hasTwoPublicTypes() throws IOException {
    try (Stream<Path> files = Files.list(CLASSES.resolve("dev/limpet/l4"))) {
      Set<String> open = files
          .map(file -> file.getFileName().toString())
          .filter(file -> !file.contains("-") && !file.contains("$"))
          .map(file -> file.replace(".class", ""))
          .filter(ModuleTest::isPublic)
          .collect(toSet());

      assertThat(open).containsExactlyInAnyOrder("SourceIp", "SourceIpAffinity");
    }
  }

  private static boolean isPublic(String type) {
    try {
      return Modifier.isPublic(Class.forName("dev.limpet.l4." + type).getModifiers());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
