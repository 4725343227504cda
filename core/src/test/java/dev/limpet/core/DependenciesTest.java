package dev.limpet.core;

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

class DependenciesTest {
  @Test
  void coreDependsOnCaffeineAndTheAnnotationsOnly() throws Exception {
    Document pom = DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(Path.of("pom.xml").toFile());

    NodeList found = (NodeList) XPathFactory.newInstance()
        .newXPath()
        .evaluate(
            "/project/dependencies/dependency[not(scope = 'test')]/artifactId",
            pom,
            XPathConstants.NODESET);

    List<String> names = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      names.add(found.item(i).getTextContent());
    }
    assertThat(names).containsExactlyInAnyOrder("caffeine", "jspecify");
  }
}
