package dev.limpet.redis;

import static dev.limpet.shared.StoreAnswer.Status.ABSENT;
import static dev.limpet.shared.StoreAnswer.Status.HELD;
import static dev.limpet.shared.StoreAnswer.Status.STORED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.shared.SharedBinding;
import dev.limpet.shared.StoreAnswer;
import dev.limpet.shared.Wait;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who wins, against a real server. */
class RedisStoreTest {
  private static final long KEY = 0xFEDCBA9876543210L;
  private static final SharedBinding FIRST = StoreScene.first("web1");
  private static final SharedBinding SECOND = StoreScene.moved(FIRST, "web2");
  private static final SharedBinding THIRD = StoreScene.moved(SECOND, "web3");

  private static RedisProcess server;
  private static StoreScene scene;
  private static RedisCommands<byte[], byte[]> user;

  private OpenedStore store;

  @BeforeAll
  static void start() throws Exception {
    server = RedisProcess.running();
    scene = StoreScene.connected(server.port());
    user = StoreScene.user(scene.client, server.port());
  }

  @AfterAll
  static void stop() throws Exception {
    scene.close();
    server.close();
  }

  @BeforeEach
  void open() {
    store = scene.store();
  }

  @AfterEach
  void empty() {
    user.flushall();
  }

  @Test
  void bind_storesTheFirst() throws Exception {
    StoreAnswer answer = bind(null, FIRST);

    assertThat(answer.status()).isEqualTo(STORED);
    assertThat(answer.binding()).isEqualTo(FIRST);
    assertThat(answer.remainingMillis()).isEqualTo(240_000);
    assertThat(look()).isEqualTo(FIRST);
  }

  @Test
  void bind_leavesWhatIsStoredToWhoExpectsNothing() throws Exception {
    bind(null, FIRST);

    assertHeld(bind(null, StoreScene.first("web9")), FIRST);
    assertHeld(bind(null, FIRST), FIRST);
  }

  @Test
  void stats_timeTheAnsweredCalls() throws Exception {
    long before = System.nanoTime();
    bind(null, FIRST);
    Duration once = store.stats().answerTime();
    bind(null, FIRST);
    Duration elapsed = Duration.ofNanos(System.nanoTime() - before);

    assertThat(store.stats().answered()).isEqualTo(2);
    assertThat(once).isPositive();
    assertThat(store.stats().answerTime()).isGreaterThan(once).isLessThan(elapsed);
  }

  @Test
  void bind_replacesTheExpected() throws Exception {
    bind(null, FIRST);

    StoreAnswer answer = bind(FIRST, SECOND);

    assertThat(answer.status()).isEqualTo(STORED);
    assertThat(look()).isEqualTo(SECOND);
  }

  @Test
  void bind_replacesWhatIsOlderThanExpected() throws Exception {
    bind(null, FIRST);

    assertThat(bind(SECOND, THIRD).status()).isEqualTo(STORED);
    assertThat(look()).isEqualTo(THIRD);
  }

  @Test
  void bind_restoresTheExpectedOverWhatIsOlder() throws Exception {
    bind(null, FIRST);

    assertThat(bind(THIRD, THIRD).status()).isEqualTo(STORED);
    assertThat(look()).isEqualTo(THIRD);
  }

  @Test
  void bind_leavesWhatIsNewerThanExpected() throws Exception {
    bind(null, THIRD);

    assertHeld(bind(FIRST, SECOND), THIRD);
    assertHeld(bind(FIRST, FIRST), THIRD);
    assertThat(look()).isEqualTo(THIRD);
  }

  @Test
  void bind_leavesWhatConflictsWithTheExpected() throws Exception {
    bind(null, StoreScene.first("web7"));

    assertHeld(bind(FIRST, SECOND), StoreScene.first("web7"));
  }

  @Test
  void bind_holdsTheCandidateThatIsThereAlready() throws Exception {
    bind(null, FIRST);

    assertHeld(bind(FIRST, FIRST), FIRST);
  }

  @Test
  void bind_holdsTheCandidateThatAnotherStoredMeanwhile() throws Exception {
    bind(null, SECOND);

    assertHeld(bind(FIRST, SECOND), SECOND);
  }

  @Test
  void bind_storesWhatIsExpectedWhereNothingIs() throws Exception {
    assertThat(bind(SECOND, SECOND).status()).isEqualTo(STORED);
    assertThat(look()).isEqualTo(SECOND);
  }

  @Test
  void look_findsNothingAndStoresNothing() throws Exception {
    assertThat(Wait.of(store.find(KEY))).isEqualTo(StoreAnswer.ABSENT);
    assertThat(user.dbsize()).isZero();
  }

  @Test
  void unbind_removesTheExpectedAndWhatIsOlder() throws Exception {
    bind(null, FIRST);
    assertThat(unbind(FIRST).status()).isEqualTo(ABSENT);
    bind(null, FIRST);
    assertThat(unbind(THIRD).status()).isEqualTo(ABSENT);

    assertThat(user.dbsize()).isZero();
    assertThat(unbind(FIRST).status()).isEqualTo(ABSENT);
  }

  @Test
  void unbind_leavesWhatIsNewer() throws Exception {
    bind(null, SECOND);

    assertHeld(unbind(FIRST), SECOND);
    assertThat(look()).isEqualTo(SECOND);
  }

  @Test
  void versionsAreComparedAsNumbers() throws Exception {
    SharedBinding tenth = SharedBinding.of("web1", 10, 0);
    bind(null, tenth);

    assertHeld(bind(SharedBinding.of("web2", 9, 0), StoreScene.moved(tenth, "web3")), tenth);
    SharedBinding last = SharedBinding.of("web1", Integer.MAX_VALUE, 0);
    assertThat(bind(tenth, last).status()).isEqualTo(STORED);
    assertHeld(bind(tenth, tenth), last);
  }

  @Test
  void keysAndPoolsAreApart() throws Exception {
    bind(null, FIRST);

    assertThat(Wait.of(store.find(KEY + 1))).isEqualTo(StoreAnswer.ABSENT);
    assertThat(Wait.of(scene.store("api", StoreScene.SLIDING).find(KEY)))
        .isEqualTo(StoreAnswer.ABSENT);
    assertThat(user.exists(StoreScene.redisKey("web", KEY))).isEqualTo(1);
  }

  @Test
  void bind_refusesWhatCannotBeWritten() throws Exception {
    assertThat(bind(null, SharedBinding.of("web1", 0, 0))).isEqualTo(StoreAnswer.UNAVAILABLE);
    assertThat(bind(null, SharedBinding.of("wéb1", 1, 0))).isEqualTo(StoreAnswer.UNAVAILABLE);

    assertThat(store.stats().count(StoreFault.UNWRITABLE)).isEqualTo(2);
    assertThat(user.dbsize()).isZero();
  }

  private StoreAnswer bind(SharedBinding expected, SharedBinding candidate) throws Exception {
    return Wait.of(store.bind(KEY, expected, candidate));
  }

  private StoreAnswer unbind(SharedBinding expected) throws Exception {
    return Wait.of(store.unbind(KEY, expected));
  }

  private SharedBinding look() throws Exception {
    return Wait.of(store.find(KEY)).binding();
  }

  private static void assertHeld(StoreAnswer answer, SharedBinding binding) {
    assertThat(answer.status()).isEqualTo(HELD);
    assertThat(answer.binding()).isEqualTo(binding);
    assertThat(answer.remainingMillis()).isBetween(1L, 240_000L);
  }
}
