package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class BackendIdProperties {
  private static final List<String> TRICKY =
      List.of("%", "~", "@", "4", "0", "?", "\ufffd", "\ud800", "\udc00", "\u00e9");

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> any = Arbitraries.strings().ofMinLength(1).ofMaxLength(200);
    Arbitrary<String> tricky = Arbitraries.of(TRICKY)
        .list()
        .ofMinSize(1)
        .ofMaxSize(60)
        .map(parts -> String.join("", parts));
    Arbitrary<String> ascii =
        Arbitraries.strings().withCharRange(' ', '~').ofMinLength(1).ofMaxLength(140);
    return Arbitraries.oneOf(any, tricky, ascii);
  }

  @Property
  void anyTextHasAnIdThatABackendTakes(@ForAll @From("texts") String text) {
    String id = Backend.idOf(text);

    assertThat(Backend.of(id, "h", 1).id()).isEqualTo(id).hasSizeBetween(1, 128);
    assertThat(Backend.idOf(text)).isEqualTo(id);
  }

  @Property
  void differentTextsHaveDifferentIds(
      @ForAll @From("texts") String one, @ForAll @From("texts") String other) {
    assertThat(Backend.idOf(one).equals(Backend.idOf(other))).isEqualTo(one.equals(other));
  }

  @Property
  void aTextAndItsOwnIdHaveDifferentIdsUnlessTheyAreEqual(@ForAll @From("texts") String text) {
    String id = Backend.idOf(text);

    assertThat(Backend.idOf(id).equals(id)).isEqualTo(text.equals(id));
  }

  @Property
  void longTextsThatDifferInOneCharacterHaveDifferentIds(@ForAll @From("texts") String end) {
    String start = "x".repeat(130);

    assertThat(Backend.idOf(start + end)).isNotEqualTo(Backend.idOf(start + end + '0'));
    assertThat(Backend.idOf(start + end)).isNotEqualTo(Backend.idOf(start + '0' + end + '1'));
  }

  @Example
  void allShortTextsOfTrickyCharactersHaveDifferentIds() {
    Map<String, String> texts = new HashMap<>();
    for (String text : upTo4()) {
      String other = texts.put(Backend.idOf(text), text);
      assertThat(other == null || other.equals(text))
          .as("%s and %s", other, text)
          .isTrue();
    }
    assertThat(texts).hasSizeGreaterThan(10_000);
  }

  private static List<String> upTo4() {
    List<String> all = TRICKY;
    for (int length = 2; length <= 4; length++) {
      all = Stream.concat(
              TRICKY.stream(), all.stream().flatMap(text -> TRICKY.stream().map(text::concat)))
          .toList();
    }
    return all;
  }
}
