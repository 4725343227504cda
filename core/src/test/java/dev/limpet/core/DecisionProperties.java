package dev.limpet.core;

import static dev.limpet.core.Outcome.HASHED;
import static dev.limpet.core.Outcome.KEPT;
import static dev.limpet.core.Outcome.LENT;
import static dev.limpet.core.Outcome.MOVED;
import static dev.limpet.core.Outcome.NEW;
import static dev.limpet.core.Outcome.NO_BACKEND;
import static dev.limpet.core.Outcome.REFUSED;
import static dev.limpet.core.Outcome.UNBOUND;
import static dev.limpet.core.Picker.Purpose.NO_SESSION;
import static dev.limpet.core.Reason.BACKEND_DOWN;
import static dev.limpet.core.Reason.BACKEND_GONE;
import static dev.limpet.core.Reason.CONNECT_FAILED;
import static dev.limpet.core.Steps.answer;
import static dev.limpet.core.Steps.bind;
import static dev.limpet.core.Steps.restore;
import static dev.limpet.core.Steps.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.limpet.core.Scene.Stand;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.jspecify.annotations.Nullable;

/**
 * The first answer and the first step of a reroute, against the tables of ARCHITECTURE, section 3.
 */
class DecisionProperties {
  private static final long KEY = 42;

  enum Known {
    BOUND_TO_A,
    BOUND_TO_A_STRANGER,
    BOUND_TO_THE_UNNAMED,
    UNKNOWN,
    EXPIRED,
    FORGED,
    PERHAPS_AN_OVERFLOW,
    WITHOUT_KEY;

    Recall recall(PoolSnapshot pool) {
      return switch (this) {
        case BOUND_TO_A -> Recall.of("a", pool);
        case BOUND_TO_A_STRANGER -> Recall.of("z", pool);
        case BOUND_TO_THE_UNNAMED -> Recall.none(BACKEND_GONE);
        case UNKNOWN -> Recall.none(Reason.UNKNOWN);
        case EXPIRED -> Recall.none(Reason.EXPIRED);
        case FORGED -> Recall.none(Reason.FORGED);
        case PERHAPS_AN_OVERFLOW -> Recall.hashed(Reason.UNKNOWN);
        case WITHOUT_KEY -> Recall.none(Reason.NO_KEY);
      };
    }
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void theFirstAnswerIsThatOfTheTables(
      @ForAll Stand a,
      @ForAll Stand b,
      @ForAll Stand c,
      @ForAll Known known,
      @ForAll Failover failover,
      @ForAll boolean keyed) {
    Scene scene = new Scene(a, b, c);
    PoolSnapshot pool = scene.snapshot();
    long key = keyed ? KEY : KeyExtractor.NONE;
    Decision decision = new Decision(List.of(new SessionRules(failover, false)), NO_SESSION);
    Recall recall = known.recall(pool);

    Route kept = decision.kept(recall, 0);
    String answered =
        (kept != null) ? words(kept) : words(decision.first(recall, session(key, null), pool));

    assertThat(answered).isIn(firstAnswers(scene, pool, known, failover, key));
  }

  private static Set<String> firstAnswers(
      Scene scene, PoolSnapshot pool, Known known, Failover failover, long key) {
    Set<String> any = scene.eligible();
    Set<String> hash = chosen(pool, key);
    return switch (known) {
      case BOUND_TO_A -> {
        if (scene.a() == Stand.ABSENT) {
          yield each(hash, x -> bind("a", x, true, "MOVED (BACKEND_GONE)", "a"), BACKEND_GONE);
        }
        yield scene.a().servesBound
            ? Set.of("KEPT a")
            : displaced("a", failover, BACKEND_DOWN, hash, "a");
      }
      case BOUND_TO_A_STRANGER ->
        each(hash, x -> bind("z", x, true, "MOVED (BACKEND_GONE)", "z"), BACKEND_GONE);
      case BOUND_TO_THE_UNNAMED ->
        each(hash, x -> bind(null, x, true, "MOVED (BACKEND_GONE)", null), BACKEND_GONE);
      case UNKNOWN -> created(any, false, Reason.UNKNOWN);
      case EXPIRED -> created(any, false, Reason.EXPIRED);
      case FORGED -> created(any, false, Reason.FORGED);
      case PERHAPS_AN_OVERFLOW -> created(hash, true, Reason.UNKNOWN);
      case WITHOUT_KEY -> each(any, x -> answer(UNBOUND, x, Reason.NO_KEY), Reason.NO_KEY);
    };
  }

  private static Set<String> created(Set<String> candidates, boolean byHash, Reason reason) {
    return each(candidates, x -> bind(null, x, byHash, answer(NEW, null, reason), null), reason);
  }

  private static Set<String> displaced(
      String name, Failover failover, Reason reason, Set<String> hash, String found) {
    return switch (failover) {
      case MOVE -> each(hash, x -> bind(name, x, true, answer(MOVED, null, reason), found), reason);
      case LEND -> each(hash, x -> answer(LENT, x, reason), reason);
      case STRICT -> Set.of(answer(REFUSED, null, reason));
    };
  }

  private static Set<String> each(
      Set<String> names, UnaryOperator<String> answer, Reason reasonForNone) {
    return names.isEmpty()
        ? Set.of(answer(NO_BACKEND, null, reasonForNone))
        : names.stream().map(answer).collect(Collectors.toSet());
  }

  private static Set<String> chosen(PoolSnapshot pool, long key, String... tried) {
    Set<String> left = pool.members().stream()
        .filter(Member::acceptsNew)
        .map(Member::name)
        .collect(Collectors.toSet());
    Set.of(tried).forEach(left::remove);
    return (left.isEmpty() || key == KeyExtractor.NONE)
        ? left
        : Set.of(Routing.rendezvous(pool, key, tried));
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void ignoringStickinessIsTheBalancersPick(@ForAll Stand a, @ForAll Stand b, @ForAll Stand c) {
    Scene scene = new Scene(a, b, c);

    Route route = new Decision(List.of(new SessionRules(Failover.STRICT, false)), NO_SESSION)
        .unbound(KEY, Reason.IGNORED, scene.snapshot());

    assertThat(words(route))
        .isIn(each(scene.eligible(), x -> answer(UNBOUND, x, Reason.IGNORED), Reason.IGNORED));
  }

  @Tag("slow")
  @Property(generation = GenerationMode.EXHAUSTIVE)
  void theFirstRerouteIsThatOfTheTables(
      @ForAll Stand a,
      @ForAll Stand b,
      @ForAll Stand c,
      @ForAll Outcome outcome,
      @ForAll Failover failover,
      @ForAll boolean keyed) {
    Assume.that(outcome != REFUSED && outcome != NO_BACKEND && outcome != KEPT);
    PoolSnapshot pool = new Scene(a, b, c).snapshot();
    long key = keyed ? KEY : KeyExtractor.NONE;
    String found = (outcome == MOVED) ? "z" : null;
    Route failed = routeTo("a", outcome, null, found);

    NextStep step = new Decision(List.of(new SessionRules(failover, false)), NO_SESSION)
        .again(failed, Recall.of("a", pool), session(key, failed), pool);

    Set<String> hash = chosen(pool, key, "a");
    boolean bound = outcome == NEW || outcome == MOVED;
    assertThat(words(step))
        .isIn(
            bound && hash.isEmpty()
                ? Set.of(restore("a", found, "NO_BACKEND (CONNECT_FAILED)"))
                : each(
                    hash,
                    x -> bound
                        ? bind("a", x, true, answer(outcome, null, CONNECT_FAILED), found)
                        : answer(outcome, x, CONNECT_FAILED),
                    CONNECT_FAILED));
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void theRerouteOfABoundSessionIsThatOfTheTables(
      @ForAll Stand a,
      @ForAll Stand b,
      @ForAll Stand c,
      @ForAll Now now,
      @ForAll Failover failover,
      @ForAll boolean keyed) {
    Scene scene = new Scene(a, b, c);
    PoolSnapshot pool = scene.snapshot();
    long key = keyed ? KEY : KeyExtractor.NONE;
    Route failed = routeTo("a", KEPT, null, null);

    NextStep step = new Decision(List.of(new SessionRules(failover, false)), NO_SESSION)
        .again(failed, now.recall(pool), session(key, failed), pool);

    assertThat(words(step)).isIn(reroutes(scene, now, failover, chosen(pool, key, "a")));
  }

  /** Where the session is bound when its request could not be served by a. */
  enum Now {
    A,
    B,
    Z,
    NOWHERE;

    String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    Recall recall(PoolSnapshot pool) {
      return (this == NOWHERE) ? Recall.none(Reason.UNKNOWN) : Recall.of(id(), pool);
    }
  }

  private static Set<String> reroutes(Scene scene, Now now, Failover failover, Set<String> hash) {
    String bound = (now == Now.NOWHERE) ? "a" : now.id();
    Stand stand = scene.stand(bound);
    if (stand == Stand.ABSENT) {
      return each(hash, x -> bind(bound, x, true, "MOVED (BACKEND_GONE)", "a"), BACKEND_GONE);
    }
    if (bound.equals("a")) {
      return displaced("a", failover, CONNECT_FAILED, hash, "a");
    }
    return stand.servesBound
        ? Set.of(answer(KEPT, bound, CONNECT_FAILED))
        : displaced(bound, failover, BACKEND_DOWN, hash, "a");
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void aSecondRerouteAvoidsBothThatFailed(
      @ForAll Stand c, @ForAll Outcome outcome, @ForAll Failover failover) {
    Assume.that(outcome != REFUSED && outcome != NO_BACKEND && outcome != KEPT);
    PoolSnapshot pool = new Scene(Stand.UP, Stand.UP, c).snapshot();
    Route first = routeTo("a", outcome, null, null);
    Route second = routeTo("b", outcome, first, null);

    NextStep step = new Decision(List.of(new SessionRules(failover, false)), NO_SESSION)
        .again(second, Recall.of("b", pool), session(KEY, second), pool);

    boolean left = c.servesNew;
    assertThat(words(step))
        .isEqualTo(
            switch (outcome) {
              case NEW, MOVED ->
                left
                    ? bind("b", "c", true, answer(outcome, null, CONNECT_FAILED), null)
                    : restore("b", null, "NO_BACKEND (CONNECT_FAILED)");
              default ->
                left ? answer(outcome, "c", CONNECT_FAILED) : "NO_BACKEND (CONNECT_FAILED)";
            });
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void aRouteWithoutBackendIsNotRerouted(@ForAll Failover failover) {
    Route none = new Route(null, NO_BACKEND, Reason.UNKNOWN, null, null);
    Decision decision = new Decision(List.of(new SessionRules(failover, false)), NO_SESSION);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> decision.again(
            none, Recall.none(Reason.UNKNOWN), session(KEY, none), Scene.ALL_UP.snapshot()))
        .withMessage("failed: NO_BACKEND (UNKNOWN) (expected: a route with a backend)");
  }

  @Property
  void requestsThatAreServedElsewhereAgree(
      @ForAll Failover failover, @ForAll long key, @ForAll Stand b) {
    Assume.that(failover != Failover.STRICT && key != KeyExtractor.NONE);
    PoolSnapshot pool = new Scene(Stand.DOWN, b, Stand.UP).snapshot();
    Decision decision = new Decision(List.of(new SessionRules(failover, false)), NO_SESSION);
    Recall bound = Recall.of("a", pool);

    assertThat(words(decision.first(bound, session(key, null), pool)))
        .isEqualTo(words(decision.first(bound, session(key, null), pool)))
        .contains(Routing.rendezvous(pool, key));
  }

  private static RoutingAttempt session(long key, @Nullable Route failed) {
    return new RoutingAttempt(
        0, key, KeyExtractor.NONE, failed, (failed == null) ? null : CONNECT_FAILED, null);
  }

  private static Route routeTo(
      String name, Outcome outcome, @Nullable Route failed, @Nullable String found) {
    Member member = Member.ready(Routing.backend(name), new Load(), Member.ALWAYS);
    return outcome == KEPT && failed == null
        ? member.kept(0)
        : new Route(member, outcome, outcome == HASHED ? Reason.TABLE_FULL : null, failed, found);
  }
}
