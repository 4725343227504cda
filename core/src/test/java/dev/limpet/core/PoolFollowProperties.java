package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** A pool that follows lists, while operators drain and checks report, against a model. */
class PoolFollowProperties {
  private static final Object OTHER = new Object();

  interface Step {
    void on(Pool pool, Map<String, Known> model);
  }

  record Known(Backend backend, boolean draining, boolean down) {
    static Known of(Member member) {
      return new Known(member.backend(), member.draining(), member.down());
    }

    @SuppressWarnings("ReferenceEquality") // attachments are told apart by identity
    boolean isSame(Known that) {
      return equals(that) && backend.attachment() == that.backend.attachment();
    }
  }

  @Property
  void aPoolHasTheListsBackends_andDrainsAndHealthById(
      @ForAll @Size(max = 20) List<@From("steps") Step> steps) {
    Pool pool = Pool.of("pool");
    Map<String, Known> model = new LinkedHashMap<>();

    for (Step step : steps) {
      PoolSnapshot before = pool.snapshot();
      Map<String, Known> was = new LinkedHashMap<>(model);

      step.on(pool, model);

      List<Known> found = pool.snapshot().members().stream().map(Known::of).toList();
      assertThat(same(found, List.copyOf(model.values()))).isTrue();
      assertThat(pool.snapshot() == before)
          .isEqualTo(same(List.copyOf(was.values()), List.copyOf(model.values())));
    }
  }

  private static boolean same(List<Known> one, List<Known> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      if (!one.get(i).isSame(other.get(i))) {
        return false;
      }
    }
    return true;
  }

  @Provide
  Arbitrary<Step> steps() {
    return Arbitraries.oneOf(
        backends().list().ofMaxSize(4).uniqueElements(Backend::id).map(this::follow),
        Combinators.combine(Arbitraries.of("a", "b", "c"), Arbitraries.of(true, false))
            .as(this::drain),
        Combinators.combine(backends(), Arbitraries.of(true, false)).as(this::report));
  }

  private static Arbitrary<Backend> backends() {
    return Combinators.combine(
            Arbitraries.of("a", "b", "c", "d"),
            Arbitraries.of(1, 2),
            Arbitraries.of(null, "g"),
            Arbitraries.of(null, OTHER))
        .as((id, port, generation, attachment) ->
            Backend.of(id, "h", port).withGeneration(generation).withAttachment(attachment));
  }

  private Step follow(List<Backend> backends) {
    return (pool, model) -> {
      pool.follow(backends);
      model.keySet().retainAll(backends.stream().map(Backend::id).toList());
      for (Backend backend : backends) {
        Known known = model.getOrDefault(backend.id(), new Known(backend, false, false));
        model.put(backend.id(), new Known(backend, known.draining, known.down));
      }
    };
  }

  private Step drain(String id, boolean drains) {
    return (pool, model) -> {
      if (model.containsKey(id)) {
        pool.change(edit -> {
          PoolEdit unused = drains ? edit.drain(id) : edit.ready(id);
        });
        model.computeIfPresent(id, (any, known) -> new Known(known.backend, drains, known.down));
      }
    };
  }

  private Step report(Backend backend, boolean up) {
    return (pool, model) -> {
      Known known = model.get(backend.id());
      boolean isMember = known != null
          && known.backend.name().equals(backend.name())
          && known.backend.address().equals(backend.address());
      assertThat(pool.report(backend, up)).isEqualTo(isMember);
      if (isMember) {
        model.put(backend.id(), new Known(known.backend, known.draining, !up));
      }
    };
  }
}
