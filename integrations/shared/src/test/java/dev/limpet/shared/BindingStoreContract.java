package dev.limpet.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.limpet.core.StickySession;
import dev.limpet.shared.ContractProxy.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract of a {@link BindingStore}. To test your own store, extend this class, with JUnit
 * Jupiter and AssertJ on the class path:
 *
 * <pre>{@code
 * class MyStoreTest extends BindingStoreContract {
 *   @Override
 *   protected BindingStore newStore(String pool) {
 *     return new MyStore(connection, pool);
 *   }
 *
 *   @Override
 *   protected boolean interrupt() {
 *     connection.breakAndReconnect();
 *     return true;
 *   }
 * }
 * }</pre>
 *
 * <p>The tests take as long as the store takes for about ten thousand calls, most of them one after
 * another. Each test has its own pool, so they may share a server, and leave bindings there that
 * expire within two hours.
 */
public abstract class BindingStoreContract extends BindingStoreTimeContract {
  static final int RACERS = 4;

  private static final int RACES = 100;
  private static final int MAX_NAME = 257;

  /** For subclasses. */
  protected BindingStoreContract() {}

  @Test
  void find_ofAnUnknownSession_isAbsentAndStoresNothing() throws Exception {
    ContractProxy proxy = proxy();

    assertThat(proxy.find(KEY)).isEqualTo(StoreAnswer.ABSENT);
    assertThat(proxy.find(KEY)).isEqualTo(StoreAnswer.ABSENT);
  }

  @Test
  void bind_expectingNothing_storesWhereThereIsNothing() throws Exception {
    ContractProxy proxy = proxy();

    assertStored(proxy.bind(KEY, null, FIRST), FIRST);
    assertHeld(proxy.find(KEY), FIRST);
  }

  @Test
  void bind_expectingNothing_isHeldByWhateverIsThere() throws Exception {
    ContractProxy proxy = proxy();
    proxy.bind(KEY, null, FIRST);

    assertHeld(proxy.bind(KEY, null, SharedBinding.of("web9", 1, 0)), FIRST);
    assertHeld(proxy.bind(KEY, null, THIRD), FIRST);
    assertHeld(proxy.bind(KEY, null, FIRST), FIRST);
    assertHeld(proxy.find(KEY), FIRST);
  }

  @Test
  void move_isStoredWhereThereIsNothing() throws Exception {
    ContractProxy proxy = proxy();

    assertStored(proxy.bind(KEY, FIRST, SECOND), SECOND);
    assertHeld(proxy.find(KEY), SECOND);
  }

  @Test
  void move_replacesTheExpectedBinding() throws Exception {
    ContractProxy proxy = proxy();
    proxy.bind(KEY, null, FIRST);

    assertStored(proxy.bind(KEY, FIRST, SECOND), SECOND);
    assertHeld(proxy.find(KEY), SECOND);
  }

  @Test
  void move_replacesABindingThatIsOlderThanExpected() throws Exception {
    ContractProxy proxy = proxy();
    proxy.bind(KEY, null, FIRST);

    assertStored(proxy.bind(KEY, SECOND, THIRD), THIRD);
    assertHeld(proxy.find(KEY), THIRD);
  }

  @Test
  void move_isHeldByABindingThatIsNewerThanExpected() throws Exception {
    ContractProxy proxy = proxy();
    proxy.bind(KEY, null, THIRD);

    assertHeld(proxy.bind(KEY, FIRST, SECOND), THIRD);
    assertHeld(proxy.find(KEY), THIRD);
  }

  @Test
  void move_isHeldByAnotherNameOfTheExpectedVersion() throws Exception {
    ContractProxy proxy = proxy();
    SharedBinding other = SharedBinding.of("web7", 1, 0);
    proxy.bind(KEY, null, other);

    assertHeld(proxy.bind(KEY, FIRST, SECOND), other);
    assertHeld(proxy.find(KEY), other);
  }

  @Test
  void move_isHeldByItsCandidate() throws Exception {
    ContractProxy proxy = proxy();
    proxy.bind(KEY, null, SECOND);

    assertHeld(proxy.bind(KEY, FIRST, SECOND), SECOND);
    assertHeld(proxy.bind(KEY, THIRD, SECOND), SECOND);
  }

  @Test
  void renewal_isStoredWhereThereIsNothing() throws Exception {
    ContractProxy proxy = proxy();

    assertStored(proxy.bind(KEY, SECOND, SECOND), SECOND);
    assertHeld(proxy.find(KEY), SECOND);
  }

  @Test
  void renewal_isHeldByItsBinding() throws Exception {
    ContractProxy proxy = proxy();
    proxy.bind(KEY, null, FIRST);

    assertHeld(proxy.bind(KEY, FIRST, FIRST), FIRST);
  }

  @Test
  void renewal_replacesAnOlderBinding() throws Exception {
    ContractProxy proxy = proxy();
    proxy.bind(KEY, null, FIRST);

    assertStored(proxy.bind(KEY, THIRD, THIRD), THIRD);
    assertHeld(proxy.find(KEY), THIRD);
  }

  @Test
  void renewal_isHeldByANewerBindingAndByAnotherNameOfItsVersion() throws Exception {
    ContractProxy proxy = proxy();
    proxy.bind(KEY, null, SECOND);

    assertHeld(proxy.bind(KEY, FIRST, FIRST), SECOND);
    SharedBinding other = SharedBinding.of("web7", 2, 0);
    assertHeld(proxy.bind(KEY, other, other), SECOND);
    assertHeld(proxy.find(KEY), SECOND);
  }

  @Test
  void unbind_removesWhatIsNotNewer() throws Exception {
    ContractProxy proxy = proxy();
    for (SharedBinding expected : List.of(FIRST, THIRD, SharedBinding.of("web7", 1, 0))) {
      proxy.bind(KEY, null, FIRST);
      assertThat(proxy.unbind(KEY, expected)).isEqualTo(StoreAnswer.ABSENT);
      assertThat(proxy.find(KEY)).isEqualTo(StoreAnswer.ABSENT);
    }
    assertThat(proxy.unbind(KEY, FIRST)).isEqualTo(StoreAnswer.ABSENT);
  }

  @Test
  void unbind_leavesWhatIsNewer() throws Exception {
    ContractProxy proxy = proxy();
    proxy.bind(KEY, null, SECOND);

    assertHeld(proxy.unbind(KEY, FIRST), SECOND);
    assertHeld(proxy.find(KEY), SECOND);
  }

  @Test
  void versionsAreComparedAsNumbers() throws Exception {
    ContractProxy proxy = proxy();
    SharedBinding ninth = SharedBinding.of("web9", 9, 0);
    SharedBinding tenth = SharedBinding.of("web1", 10, 0);
    SharedBinding last = SharedBinding.of("web1", Integer.MAX_VALUE, 0);
    proxy.bind(KEY, null, tenth);

    assertHeld(proxy.bind(KEY, ninth, SECOND), tenth);
    assertHeld(proxy.unbind(KEY, ninth), tenth);
    assertStored(proxy.bind(KEY, tenth, last), last);
    assertHeld(proxy.bind(KEY, tenth, tenth), last);
  }

  @Test
  void namesOfAllCharactersAndLengths_areHeldAsTheyAre() throws Exception {
    ContractProxy proxy = proxy();
    String all =
        IntStream.rangeClosed(' ', '~').mapToObj(Character::toString).collect(Collectors.joining());
    long end = now().plus(T).getEpochSecond();
    List<SharedBinding> bindings = List.of(
        SharedBinding.of(all, 1, 0),
        SharedBinding.of(" ", 1, end),
        SharedBinding.of(":", Integer.MAX_VALUE, end),
        SharedBinding.of("' OR 1=1; --\\", 7, 0),
        SharedBinding.of("n".repeat(MAX_NAME), Integer.MAX_VALUE, end));
    for (SharedBinding binding : bindings) {
      proxy.unbind(KEY, SharedBinding.of("any", Integer.MAX_VALUE, 0));
      assertStored(proxy.bind(KEY, null, binding), binding);
      assertHeld(proxy.bind(KEY, null, FIRST), binding);
      assertHeld(proxy.bind(KEY, binding, binding), binding);
      assertHeld(proxy.find(KEY), binding);
    }
  }

  @Test
  void namesThatDifferInTheirLastCharacter_areDifferent() throws Exception {
    ContractProxy proxy = proxy();
    String head = "n".repeat(MAX_NAME - 1);
    proxy.bind(KEY, null, SharedBinding.of(head + 'a', 1, 0));

    StoreAnswer answer = proxy.bind(KEY, SharedBinding.of(head + 'b', 1, 0), SECOND);

    assertHeld(answer, SharedBinding.of(head + 'a', 1, 0));
  }

  @Test
  void keysAreApart() throws Exception {
    ContractProxy proxy = proxy();
    long[] keys = {1, -2, Long.MIN_VALUE, Long.MAX_VALUE, KEY, KEY + 1, 1L << 32, 1L << 63 | 1};
    for (long key : keys) {
      SharedBinding binding = SharedBinding.of("of " + key, 1, 0);
      assertStored(proxy.bind(key, null, binding), binding);
    }
    for (long key : keys) {
      assertHeld(proxy.find(key), SharedBinding.of("of " + key, 1, 0));
    }
  }

  @Test
  void poolsAreApart() throws Exception {
    ContractProxy proxy = proxy();
    ContractProxy foreign = proxy(newStore(pool() + "-2"), SLIDING);
    foreign.listen();
    proxy.bind(KEY, null, FIRST);
    proxy.bind(KEY, FIRST, SECOND);

    assertThat(foreign.find(KEY)).isEqualTo(StoreAnswer.ABSENT);
    assertTold(foreign, foreign, List.of());
  }

  @Test
  void proxiesFindWhatOthersBound() throws Exception {
    ContractProxy left = proxy();
    ContractProxy right = proxy();
    left.bind(KEY, null, FIRST);

    assertHeld(right.find(KEY), FIRST);
    assertStored(right.bind(KEY, FIRST, SECOND), SECOND);
    assertHeld(left.bind(KEY, FIRST, THIRD), SECOND);
    assertThat(right.unbind(KEY, SECOND)).isEqualTo(StoreAnswer.ABSENT);
    assertThat(left.find(KEY)).isEqualTo(StoreAnswer.ABSENT);
  }

  @Test
  void replacedAndRemovedBindingsAreTold_toOthersAndToTheWriter() throws Exception {
    ContractProxy left = proxy();
    ContractProxy right = proxy();
    left.listen();
    right.listen();

    List<Told> changes = change(left);

    assertTold(right, left, changes);
    assertTold(left, left, changes);
  }

  @Test
  void tablesOfOneStoreHearEachOther() throws Exception {
    BindingStore store = newStore(pool());
    ContractProxy left = proxy(store, SLIDING);
    ContractProxy right = proxy(store, SLIDING);
    left.listen();
    right.listen();

    List<Told> changes = change(left);

    assertTold(right, left, changes);
    assertTold(left, left, changes);
    assertHeld(right.bind(KEY, null, FIRST), THIRD);
  }

  /** Makes all calls that notify, and many that do not. */
  private static List<Told> change(ContractProxy proxy) throws Exception {
    proxy.find(KEY);
    proxy.bind(KEY, null, FIRST);
    proxy.bind(KEY, null, SECOND);
    proxy.bind(KEY, FIRST, FIRST);
    proxy.bind(KEY, FIRST, SECOND); // notifies of 2
    proxy.bind(KEY, FIRST, SECOND);
    proxy.bind(KEY, FIRST, FIRST);
    proxy.unbind(KEY, FIRST);
    proxy.unbind(KEY, SECOND); // notifies of 3
    proxy.bind(KEY, SECOND, SECOND);
    proxy.bind(KEY, THIRD, THIRD); // notifies of 3
    proxy.bind(KEY + 1, FIRST, SECOND); // notifies of 2
    proxy.unbind(KEY + 2, FIRST); // notifies of 2
    proxy.unbind(KEY + 3, SharedBinding.of("web1", Integer.MAX_VALUE, 0)); // no later version
    return List.of(
        new Told(KEY, 2),
        new Told(KEY, 3),
        new Told(KEY, 3),
        new Told(KEY + 1, 2),
        new Told(KEY + 2, 2),
        new Told(KEY + 3, Integer.MAX_VALUE));
  }

  @Test
  void afterAnInterruption_allProxiesKnowOfIt_andHearEachOtherAgain() throws Exception {
    ContractProxy left = proxy();
    ContractProxy right = proxy();
    left.listen();
    right.listen();
    int lefts = left.reconnects();
    int rights = right.reconnects();
    assumeTrue(interrupt(), "changes cannot be missed");

    Wait.until(patience(), () -> left.reconnects() > lefts && right.reconnects() > rights);

    left.listen();
    right.listen();
    left.bind(KEY, FIRST, SECOND);
    right.awaitChanges(List.of(new Told(KEY, 2)));
    assertHeld(right.find(KEY), SECOND);
  }

  @Test
  void ofBindsAtTheSameTime_oneIsStored() throws Exception {
    race((proxy, key, racer) -> proxy.bindAsync(key, null, racing(racer, 1)));
  }

  @Test
  void ofMovesAtTheSameTime_oneIsStored() throws Exception {
    ContractProxy proxy = proxy();
    for (int key = 1; key <= RACES; key++) {
      proxy.bind(key, null, FIRST);
    }
    race((racing, key, racer) -> racing.bindAsync(key, FIRST, racing(racer, 2)));
  }

  private static SharedBinding racing(int racer, int version) {
    return SharedBinding.of("racer" + racer, version, 0);
  }

  /** A call that all threads make at the same time. */
  private interface Question {
    CompletionStage<StoreAnswer> ask(ContractProxy proxy, long key, int racer);
  }

  private void race(Question question) throws Exception {
    CyclicBarrier start = new CyclicBarrier(RACERS);
    ExecutorService threads = Executors.newFixedThreadPool(RACERS);
    try {
      List<Future<List<StoreAnswer>>> answers = new ArrayList<>();
      for (int i = 0; i < RACERS; i++) {
        int racer = i;
        ContractProxy proxy = proxy();
        answers.add(threads.submit(() -> answers(proxy, racer, question, start)));
      }
      assertOneStored(answers);
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<StoreAnswer> answers(
      ContractProxy proxy, int racer, Question question, CyclicBarrier start) throws Exception {
    List<StoreAnswer> answers = new ArrayList<>();
    for (int key = 1; key <= RACES; key++) {
      start.await(Wait.LONG.toSeconds(), TimeUnit.SECONDS);
      answers.add(Wait.of(question.ask(proxy, key, racer)));
    }
    return answers;
  }

  private static void assertOneStored(List<Future<List<StoreAnswer>>> racers) throws Exception {
    for (int race = 0; race < RACES; race++) {
      List<StoreAnswer> answers = new ArrayList<>();
      for (Future<List<StoreAnswer>> racer : racers) {
        answers.add(racer.get(RACES, TimeUnit.SECONDS).get(race));
      }
      assertThat(answers)
          .filteredOn(a -> a.status() == StoreAnswer.Status.STORED)
          .hasSize(1);
      assertThat(answers.stream().map(StoreAnswer::binding).distinct()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anyQuestionsAboutSlidingSessions_areAnsweredAndToldAsByTheModel(long seed) throws Exception {
    compareWithModel(new Random(seed), SLIDING);
  }

  @ParameterizedTest
  @ValueSource(longs = {6, 7, 8})
  void anyQuestionsAboutAbsoluteSessions_areAnsweredAndToldAsByTheModel(long seed)
      throws Exception {
    compareWithModel(new Random(seed), ABSOLUTE);
  }

  private void compareWithModel(Random random, StickySession session) throws Exception {
    ContractProxy proxy = proxy(session);
    ModelStore store = new ModelStore(new ModelTime(now()), session);
    ContractProxy model = proxy(store.link(), session);
    proxy.listen();
    ContractQuestions questions = new ContractQuestions(random, now());

    for (int step = 0; step < 1_000; step++) {
      ContractQuestions.Asked asked = questions.next();
      StoreAnswer answer = asked.of(proxy);
      assertAlike(answer, asked.of(model), step + ": " + asked);
      questions.answered(asked, answer);
    }

    assertThat(model.heard()).hasSizeGreaterThan(100);
    assertTold(proxy, proxy, model.heard());
  }

  private static void assertAlike(StoreAnswer answer, StoreAnswer model, String asked) {
    long aMinute = Duration.ofMinutes(1).toMillis();
    assertThat(answer.status()).as(asked).isEqualTo(model.status());
    assertThat(answer.binding()).as(asked).isEqualTo(model.binding());
    assertThat(answer.remainingMillis())
        .as(asked)
        .isCloseTo(model.remainingMillis(), within(aMinute));
  }
}
