package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NamedTestsTest {

  @Test
  void testsThatDoNotExist_areFound() {
    NamedTests tests = new NamedTests();

    assertThat(tests.exists("NamedTestsTest.testsThatDoNotExist_areFound")).isTrue();
    assertThat(tests.exists("NamedTestsTest.testsThatDoNotExist")).isFalse();
    assertThat(tests.exists("NamedTests.exists")).isFalse();
    assertThat(tests.exists("NoTest.testsThatDoNotExist_areFound")).isFalse();
    assertThat(tests.exists("dev.limpet")).isFalse();
  }

  @Test
  void testsThatAreDisabled_doNotExist() {
    String source = "class SomeTest {\n\n  @Test\n  void works() {}\n}";

    assertThat(NamedTests.declares(source, "works")).isTrue();
    assertThat(NamedTests.declares(source.replace("@Test", "@Test\n  @Disabled"), "works"))
        .isFalse();
    assertThat(NamedTests.declares("@Disabled(\"slow\")\n" + source, "works")).isFalse();
  }
}
