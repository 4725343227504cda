package dev.limpet.core.affinity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class LongHashSetProperties {
  private static final int KEYS = 40;

  @Property
  void keySet_holdsWhatAnySetWould(@ForAll("histories") List<Step> history) {
    LongHashSet keys = new LongHashSet();
    Set<Long> model = new HashSet<>();
    for (Step step : history) {
      step.doTo(keys);
      step.doTo(model);
      assertThat(keys.size()).isEqualTo(model.size());
    }
    assertThat(content(keys)).isEqualTo(model);
  }

  @Example
  void keySet_hasRoomForHalfAsManyKeysAgain() {
    LongHashSet keys = new LongHashSet();
    for (long key = 1; key <= 1_000; key++) {
      add(keys, key);
    }
    keys.retainIf(key -> true);
    for (long key = 1_001; key <= 1_500; key++) {
      assertThat(keys.isFull()).isFalse();
      keys.add(key);
    }
  }

  private static Set<Long> content(LongHashSet keys) {
    Set<Long> content = new HashSet<>();
    keys.retainIf(key -> {
      assertThat(content.add(key)).isTrue();
      return true;
    });
    return content;
  }

  private static void add(LongHashSet keys, long key) {
    if (keys.isFull()) {
      keys.retainIf(present -> true);
    }
    keys.add(key);
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    Arbitrary<Long> keys = Arbitraries.longs().between(1, KEYS);
    Arbitrary<Verb> verbs = Arbitraries.frequency(
        Tuple.of(10, Verb.ADD), Tuple.of(5, Verb.REMOVE), Tuple.of(1, Verb.DROP_MULTIPLES));
    return Combinators.combine(keys, verbs).as(Step::new).list().ofMaxSize(200);
  }

  private enum Verb {
    ADD,
    REMOVE,
    DROP_MULTIPLES
  }

  record Step(long key, Verb verb) {
    void doTo(LongHashSet keys) {
      switch (verb) {
        case ADD -> LongHashSetProperties.add(keys, key);
        case REMOVE -> keys.remove(key);
        case DROP_MULTIPLES -> keys.retainIf(present -> present % key != 0);
      }
    }

    void doTo(Set<Long> keys) {
      switch (verb) {
        case ADD -> keys.add(key);
        case REMOVE -> keys.remove(key);
        case DROP_MULTIPLES -> keys.removeIf(present -> present % key == 0);
      }
    }
  }
}
