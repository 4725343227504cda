package dev.limpet.examples.gateway.admin;

import static dev.limpet.core.Member.State.DOWN;
import static dev.limpet.core.Member.State.EJECTED;
import static dev.limpet.core.Member.State.UP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.examples.gateway.admin.Imbalance.Share;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the gateway says before somebody searches. */
class AdviceTest {
  private static Share share(String id, int weight, long bindings) {
    return new Share(id, weight, bindings, UP, null);
  }

  private static String imbalance(boolean isByAddress, Share... shares) {
    return new Imbalance(List.of(shares), isByAddress).text().orElse("none");
  }

  @Test
  void fewSessions_areAMatterOfChance() {
    assertThat(imbalance(false, share("web1", 1, 16), share("web2", 1, 4)))
        .isEqualTo("web1 has 80 % of the bindings and 50 % of the weight: few sessions "
            + "are spread by chance; more sessions are spread more evenly.");
  }

  @Test
  void fewSessionsThatAFailoverCollected_areNoMatterOfChance() {
    String collected = "sessions stay where they began or where a failover took them, "
        + "so they keep to earlier weights and states for a while.";
    assertThat(imbalance(false, share("web1", 1, 0), share("web2", 1, 20))).endsWith(collected);
    assertThat(imbalance(false, share("web1", 1, 6), share("web2", 1, 26))).endsWith(collected);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 15, 1, 4, none", // 19 bindings are too few
    "1, 15, 1, 5, web1",
    "1, 74, 1, 26, none", // 1.48 times the weight
    "1, 75, 1, 25, web1",
    "3, 75, 1, 25, none",
    "1, 25, 3, 75, none",
    "0, 80, 1, 20, none", // weight 0 is said by its state
    "0, 80, 0, 20, none",
    "1, 0, 1, 0, none",
    "0, 0, 0, 0, none"
  })
  void anImbalance_beginsAtOneAndAHalfTimesTheWeight(
      int weight1, long bindings1, int weight2, long bindings2, String first) {
    assertThat(
            imbalance(false, share("web1", weight1, bindings1), share("web2", weight2, bindings2)))
        .startsWith(first);
  }

  @Test
  void aBackendOfWeightZero_hidesNothing() {
    assertThat(imbalance(false, share("old", 0, 900), share("web1", 1, 90), share("web2", 1, 10)))
        .startsWith("web1 has 90 % of the bindings and 50 % of the weight: ");
  }

  @Test
  void aBackendThatIsAway_explainsIt() {
    assertThat(imbalance(
            false,
            share("web1", 1, 900),
            new Share("web2", 1, 0, DOWN, Duration.ofMinutes(1)),
            new Share("web3", 1, 0, EJECTED, null)))
        .isEqualTo("web1 has 100 % of the bindings and 33 % of the weight: it also has sessions of "
            + "web2 (down), web3 (ejected), which moved.");
  }

  @Test
  void aBackendThatJoined_explainsIt() {
    assertThat(imbalance(
            false, share("web1", 1, 900), new Share("web2", 1, 10, UP, Duration.ofSeconds(250))))
        .isEqualTo("web1 has 99 % of the bindings and 50 % of the weight: web2 joined 4 min ago, "
            + "and sessions that began before stay where they are.");
    assertThat(imbalance(
            false, share("web1", 1, 900), new Share("web2", 1, 0, UP, Duration.ofSeconds(5))))
        .contains("web2 joined less than a minute ago");
  }

  @Test
  void manySessions_stayWhereTheyBegan() {
    assertThat(imbalance(true, share("web1", 1, 900), share("web2", 1, 100)))
        .endsWith("clients behind one address are one session.");
    assertThat(imbalance(false, share("web1", 1, 900), share("web2", 1, 100)))
        .endsWith("they keep to earlier weights and states for a while.");
  }

  @Test
  void joins_areKnownIfSomebodyLooked() {
    AtomicLong nanos = new AtomicLong();
    Joins joins = new Joins(nanos::get);
    assertThat(joins.look("web", Set.of("a"))).isEmpty();
    nanos.addAndGet(Duration.ofSeconds(30).toNanos());
    joins.look("web", Set.of("a", "b"));
    nanos.addAndGet(Duration.ofSeconds(30).toNanos());
    assertThat(joins.look("web", Set.of("a", "b"))).isEqualTo(Map.of("b", Duration.ofSeconds(30)));
    nanos.addAndGet(Duration.ofMinutes(5).toNanos());
    assertThat(joins.look("web", Set.of("a", "b", "c"))).containsOnlyKeys("b");
    nanos.addAndGet(Duration.ofHours(1).toNanos());
    assertThat(joins.look("web", Set.of("a", "b", "c"))).isEmpty();
  }

  /** Counts of requests: some with an outcome and a reason, the others simply kept. */
  private static OutcomeCounts counts(long all, Outcome outcome, Reason reason, long some) {
    Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    outcomes.put(Outcome.KEPT, all - some);
    outcomes.merge(outcome, some, Long::sum);
    return new OutcomeCounts(outcomes, Map.of(outcome, Map.of(reason, some)));
  }

  @ParameterizedTest
  @CsvSource({
    "100, NEW, NO_KEY, 95, clients do not send it back",
    "100, UNBOUND, NO_KEY, 95, clients do not send it back",
    "100, NEW, NO_KEY, 90, none", // ten of a hundred are kept
    "100, NEW, UNKNOWN, 95, Compare two requests of one client",
    "19, NEW, NO_KEY, 19, none", // too few to say anything
    "100, NEW, EXPIRED, 10, longer duration",
    "100, NEW, EXPIRED, 9, none",
    "100, NEW, MALFORMED, 20, cookies or keys cannot be read",
    "100, UNBOUND, UNUSABLE_KEY, 20, cookies or keys cannot be read",
    "100, NEW, FORGED, 20, made with other keys",
    "100, NEW, UNKNOWN_KEY, 20, made with other keys",
    "100, NEW, FUTURE, 1, clocks of the gateways differ",
    "100, HASHED, TABLE_FULL, 1, no free slot",
    "1000, HASHED, TABLE_FULL, 9, none",
    "100, HASHED, OVER_QUOTA, 10, exceed the quota",
    "100, HASHED, STORE_UNAVAILABLE, 1, Look at Redis",
    "100, MOVED, BACKEND_FULL, 10, raise maxConnections",
    "100, LENT, BACKEND_EJECTED, 10, down or ejected",
    "100, MOVED, BACKEND_DOWN, 10, down or ejected",
    "100, MOVED, CONNECT_FAILED, 10, down or ejected",
    "100, MOVED, BACKEND_GONE, 10, Drain backends before",
    "100, NO_BACKEND, NO_KEY, 1, no backend can serve",
    "100, REFUSED, BACKEND_DOWN, 1, Use the failover move",
    "100, KEPT, EARLIER_TIER, 0, none",
    "100, MOVED, EARLIER_TIER, 50, none",
    "100, UNBOUND, IGNORED, 100, none"
  })
  void outcomes_leadToAdvice(long all, Outcome outcome, Reason reason, long some, String part) {
    List<String> advice = OutcomeAdvice.of(counts(all, outcome, reason, some));

    if (part.equals("none")) {
      assertThat(advice).isEmpty();
    } else {
      assertThat(advice).singleElement().asString().contains(part).endsWith(".");
    }
  }

  @Test
  void theLastMinute_isThatOfTheSamples() {
    AtomicLong nanos = new AtomicLong();
    LastMinute minute = new LastMinute(nanos::get);
    assertThat(minute.add(Map.of("web", counts(100, Outcome.NEW, Reason.NO_KEY, 10))))
        .isEmpty();
    nanos.addAndGet(Duration.ofSeconds(30).toNanos());
    OutcomeCounts half =
        minute.add(Map.of("web", counts(150, Outcome.NEW, Reason.NO_KEY, 20))).get("web");
    assertThat(half.total()).isEqualTo(50);
    assertThat(half.of(Outcome.NEW, Reason.NO_KEY)).isEqualTo(10);
    nanos.addAndGet(Duration.ofSeconds(31).toNanos());
    assertThat(minute
            .add(Map.of("web", counts(160, Outcome.NEW, Reason.NO_KEY, 20)))
            .get("web")
            .total())
        .isEqualTo(10);
    nanos.addAndGet(Duration.ofSeconds(61).toNanos());
    assertThat(minute.add(Map.of("web", counts(160, Outcome.NEW, Reason.NO_KEY, 20))))
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void everyReason_hasOneSentenceAndOnePieceOfAdvice(Reason reason) {
    assertThat(Texts.ofReasons().get(reason).text()).matches("[A-Z][^.]*(60 seconds [^.]*)?\\.");
    assertThat(Texts.ofReasons().get(reason).advice()).matches("[A-Z].*\\.");
  }

  @ParameterizedTest
  @EnumSource(Outcome.class)
  void everyOutcome_hasOneSentence(Outcome outcome) {
    assertThat(Texts.ofOutcomes().get(outcome)).matches("[A-Z][^.]*\\.");
  }

  @Test
  void figures_sayAnImbalanceOfThePool() {
    FakeOperations operations = FakeOperations.open();
    operations.pool("web").change(edit -> edit.down("web2"));
    for (int session = 0; session < 30; session++) {
      operations.request(session);
    }
    FiguresView view = new FiguresView(operations, new SessionCounts(() -> 0), Time.system());

    assertThat(view.sample().getJsonArray("advice").encode())
        .isEqualTo("[{\"pool\":\"web\",\"text\":\"web1 has 100 % of the bindings and 50 % of the "
            + "weight: it also has sessions of web2 (down), which moved.\"}]");
  }

  @Test
  void figures_countRequestsMovesAndConnections() {
    FakeOperations operations = FakeOperations.open();
    operations.request(1, 1, 2);
    FiguresView view = new FiguresView(operations, new SessionCounts(() -> 0), Time.system());

    var sample = view.sample();
    assertThat(sample.getJsonArray("listeners").getJsonObject(0).encode())
        .isEqualTo("{\"name\":\"front\",\"requests\":{\"NEW\":2,\"KEPT\":1,\"MOVED\":0,\"LENT\":0,"
            + "\"HASHED\":0,\"UNBOUND\":0,\"REFUSED\":0,\"NO_BACKEND\":0},\"reasons\":[{"
            + "\"outcome\":\"NEW\",\"reason\":\"UNKNOWN\",\"count\":2}],\"reroutes\":{}}");
    assertThat(sample
            .getJsonArray("pools")
            .getJsonObject(0)
            .getJsonArray("backends")
            .getJsonObject(0)
            .encode())
        .isEqualTo("{\"id\":\"web1\",\"requests\":500,\"movedIn\":1,\"movedOut\":2,\"bindings\":1,"
            + "\"connections\":0}");
  }
}
