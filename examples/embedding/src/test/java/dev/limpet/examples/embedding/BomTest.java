package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** The BOM has the libraries of this build and nothing else. */
class BomTest {
  private static final Path ROOT = Path.of("..", "..");
  private static final Path BOM = ROOT.resolve("bom");
  private static final Path RELEASE = ROOT.resolve("release");
  private static final String MANAGED = "/project/dependencyManagement/dependencies/dependency";

  @Test
  void bom_managesEveryLibraryAndNothingElse() throws Exception {
    assertThat(values(BOM, MANAGED + "[not(classifier)]/artifactId"))
        .contains("limpet-core", "limpet-redis")
        .containsExactlyInAnyOrderElementsOf(libraries(ROOT, ""));
  }

  @Test
  void bom_managesTheTestsThatLibrariesPublish() throws Exception {
    assertThat(values(BOM, MANAGED + "[classifier = 'tests']/artifactId"))
        .contains("limpet-core")
        .containsExactlyInAnyOrderElementsOf(libraries(ROOT, "[.//goal = 'test-jar']"));
  }

  @Test
  void bom_hasTheVersionOfTheBuild() throws Exception {
    assertThat(values(BOM, "/project/parent/version"))
        .isEqualTo(values(ROOT, "/project/parent/version"))
        .isEqualTo(values(RELEASE, "/project/version"));
    assertThat(values(BOM, "/project/version")).isEmpty();
    assertThat(values(BOM, MANAGED + "/version")).containsOnly("${project.version}");
    assertThat(values(BOM, MANAGED + "/groupId")).containsOnly("dev.limpet");
  }

  @Test
  void bom_hasAParentWithoutManagedVersions_whichItWouldPassOn() throws Exception {
    assertThat(values(BOM, "/project/parent/artifactId")).containsExactly("limpet-release");
    assertThat(values(RELEASE, "/project/artifactId")).containsExactly("limpet-release");
    assertThat(values(RELEASE, "//dependencyManagement")).isEmpty();
    assertThat(values(RELEASE, "/project/parent")).isEmpty();
  }

  /** Returns the artifacts of a module and those below it that are published as jars. */
  private static List<String> libraries(Path module, String condition) throws Exception {
    if (values(module, "/project/properties/maven.deploy.skip").contains("true")) {
      return List.of();
    }
    List<String> libraries = new ArrayList<>(
        values(module, "/project[not(packaging = 'pom')]" + condition + "/artifactId"));
    for (String below : values(module, "//modules/module")) {
      libraries.addAll(libraries(module.resolve(below), condition));
    }
    return libraries;
  }

  private static List<String> values(Path module, String path) throws Exception {
    Document pom = DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(module.resolve("pom.xml").toFile());
    NodeList found = (NodeList)
        XPathFactory.newInstance().newXPath().evaluate(path, pom, XPathConstants.NODESET);
    List<String> values = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      values.add(found.item(i).getTextContent());
    }
    return values;
  }
}
