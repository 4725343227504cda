package dev.limpet.core;

import static dev.limpet.core.Picker.Purpose.NEW_SESSION;
import static dev.limpet.core.Routing.backend;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Picker.Purpose;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PoolProperties {

  enum Verb {
    ADD,
    REMOVE,
    WEIGHT,
    REPLACE,
    RENEW,
    DRAIN,
    READY,
    UP,
    DOWN
  }

  record Op(Verb verb, String id, int number) {
    void on(PoolEdit edit) {
      switch (verb) {
        case ADD -> edit.add(backend(id, number));
        case REMOVE -> edit.remove(id);
        case WEIGHT -> edit.weight(id, number);
        case REPLACE -> edit.replace(backend(id, number));
        case RENEW -> edit.replace(backend(id, number).withGeneration("g" + number));
        case DRAIN -> edit.drain(id);
        case READY -> edit.ready(id);
        case UP -> edit.up(id);
        case DOWN -> edit.down(id);
      }
    }
  }

  record Known(String name, int weight, boolean draining, boolean down) {
    Known of(Op op) {
      return switch (op.verb()) {
        case ADD -> new Known(op.id(), op.number(), false, false);
        case WEIGHT -> new Known(name, op.number(), draining, down);
        case REPLACE -> renamed(op.id(), op.number());
        case RENEW -> renamed(op.id() + "@g" + op.number(), op.number());
        case DRAIN -> new Known(name, weight, true, down);
        case READY -> new Known(name, weight, false, down);
        case UP -> new Known(name, weight, draining, false);
        case DOWN -> new Known(name, weight, draining, true);
        case REMOVE -> this;
      };
    }

    private Known renamed(String newName, int newWeight) {
      boolean same = newName.equals(name);
      return new Known(newName, newWeight, same && draining, same && down);
    }

    static Known of(Member member) {
      return new Known(member.name(), member.backend().weight(), member.draining(), member.down());
    }
  }

  @Property
  void aPoolIsWhatItsEditsMadeOfIt(
      @ForAll @Size(max = 12) List<@Size(max = 6) List<@From("ops") Op>> edits) {
    Pool pool = Pool.of("pool");
    Map<String, Known> model = new LinkedHashMap<>();

    for (List<Op> ops : edits) {
      Map<String, Known> draft = new LinkedHashMap<>(model);
      boolean legal = ops.stream().allMatch(op -> apply(op, draft));
      PoolSnapshot before = pool.snapshot();
      boolean done = changed(pool, ops);

      assertThat(done).isEqualTo(legal);
      if (legal) {
        model.clear();
        model.putAll(draft);
      } else {
        assertThat(pool.snapshot()).isSameAs(before);
      }
      assertThat(pool.snapshot().members().stream().map(Known::of).toList())
          .isEqualTo(List.copyOf(model.values()));
    }
  }

  private static boolean apply(Op op, Map<String, Known> model) {
    boolean known = model.containsKey(op.id());
    if (known == (op.verb() == Verb.ADD)) {
      return false;
    }
    if (op.verb() == Verb.REMOVE) {
      model.remove(op.id());
    } else {
      model.compute(
          op.id(), (id, was) -> (was == null ? new Known(id, 0, false, false) : was).of(op));
    }
    return true;
  }

  private static boolean changed(Pool pool, List<Op> ops) {
    try {
      pool.change(edit -> ops.forEach(op -> op.on(edit)));
      return true;
    } catch (IllegalArgumentException refused) {
      return false;
    }
  }

  @Provide
  Arbitrary<Op> ops() {
    return Combinators.combine(
            Arbitraries.of(Verb.class),
            Arbitraries.of("a", "b", "c"),
            Arbitraries.integers().between(0, 4))
        .as(Op::new);
  }

  @Property
  void aMemberTakesNewSessionsIffItIsReadyUpAndHasWeight(
      @ForAll boolean draining, @ForAll boolean down, @ForAll @IntRange(max = 2) int weight) {
    Member member = Member.ready(backend("a", weight), new Load(), Member.ALWAYS)
        .drained(draining)
        .health(down, 0);

    assertThat(member.acceptsNew()).isEqualTo(!draining && !down && weight > 0);
    assertThat(member.acceptsBound()).isEqualTo(!down);
  }

  @Property
  void reorderingAndWhatDoesNotConcernNewSessionsKeepTheTurns(
      @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 9) Integer> weights,
      @ForAll @IntRange(max = 40) int taken,
      @ForAll Purpose purpose,
      @ForAll Random random) {
    List<Backend> backends = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      backends.add(backend("b" + i, weights.get(i)));
    }
    Pool changed = Routing.pool(new FromTheBeginning(), backends.toArray(Backend[]::new));
    Pool steady = Routing.pool(new FromTheBeginning(), backends.toArray(Backend[]::new));
    picks(changed, taken, purpose);
    picks(steady, taken, purpose);

    Collections.shuffle(backends, random);
    changed.change(edit -> edit.replaceAll(backends));
    changed.change(edit -> edit.replace(backends.get(0).withAddress("10.9.9.9", 99)));
    changed.change(edit -> edit.add(backend("spare")).drain("spare"));
    changed.change(edit -> edit.down("spare").up("spare").weight("spare", 0).ready("spare"));
    changed.change(edit -> edit.remove("spare"));

    assertThat(picks(changed, 50, purpose)).isEqualTo(picks(steady, 50, purpose));
  }

  @Property
  void aChangeOfAWeightTakesEffectAtOnce(
      @ForAll @IntRange(min = 1, max = 256) int before, @ForAll @IntRange(max = 256) int after) {
    Pool pool = Pool.of("pool", backend("a", before), backend("b", 1));

    pool.change(edit -> edit.weight("a", after));

    Map<String, Long> turns = picks(pool, after + 1).stream()
        .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
    assertThat(turns.getOrDefault("a", 0L)).isEqualTo(after);
    assertThat(turns.get("b")).isEqualTo(1);
  }

  @Property(tries = 50)
  void aPickComesFromThePoolOfItsSnapshot(@ForAll @IntRange(max = 20) int picks) {
    Pool pool = Pool.of("pool", backend("a"), backend("b"));
    PoolSnapshot old = pool.snapshot();

    PoolSnapshot now = pool.change(edit -> edit.replaceAll(
        List.of(backend("b").withAddress("10.0.0.7", 7), backend("a").withAddress("10.0.0.8", 8))));

    for (int i = 0; i <= picks; i++) {
      assertThat(old.members()).contains(old.pick(i, NEW_SESSION));
      assertThat(now.members()).contains(now.pick(i, NEW_SESSION)).contains(now.choose(i, null));
    }
  }

  private static List<String> picks(Pool pool, int count) {
    return picks(pool, count, NEW_SESSION);
  }

  private static List<String> picks(Pool pool, int count, Purpose purpose) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(pool.snapshot().pick(KeyExtractor.NONE, purpose).name());
    }
    return names;
  }
}
