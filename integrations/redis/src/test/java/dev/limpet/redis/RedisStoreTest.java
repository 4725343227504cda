package dev.limpet.redis;

import static dev.limpet.redis.Answer.Status.ABSENT;
import static dev.limpet.redis.Answer.Status.HELD;
import static dev.limpet.redis.Answer.Status.STORED;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.api.sync.RedisCommands;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who wins, against a real server. */
class RedisStoreTest {
  private static final long KEY = 0xFEDCBA9876543210L;
  private static final SharedBinding FIRST = SharedBinding.first("web1", 0);
  private static final SharedBinding SECOND = FIRST.movedTo("web2");
  private static final SharedBinding THIRD = SECOND.movedTo("web3");

  private static RedisProcess server;
  private static StoreScene scene;
  private static RedisCommands<byte[], byte[]> user;

  private RedisStore store;

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
    Answer answer = bind(null, FIRST);

    assertThat(answer.status()).isEqualTo(STORED);
    assertThat(answer.binding()).isEqualTo(FIRST);
    assertThat(answer.remainingMillis()).isEqualTo(240_000);
    assertThat(look()).isEqualTo(FIRST);
  }

  @Test
  void bind_leavesWhatIsStoredToWhoExpectsNothing() throws Exception {
    bind(null, FIRST);

    assertHeld(bind(null, SharedBinding.first("web9", 0)), FIRST);
    assertHeld(bind(null, FIRST), FIRST);
  }

  @Test
  void bind_replacesTheExpected() throws Exception {
    bind(null, FIRST);

    Answer answer = bind(FIRST, SECOND);

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
    bind(null, SharedBinding.first("web7", 0));

    assertHeld(bind(FIRST, SECOND), SharedBinding.first("web7", 0));
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
    assertThat(bind(null, null)).isEqualTo(Answer.ABSENT);
    assertThat(bind(FIRST, null)).isEqualTo(Answer.ABSENT);
    assertThat(user.dbsize()).isZero();
  }

  @Test
  void look_leavesWhatIsOlderThanExpected() throws Exception {
    bind(null, FIRST);

    assertHeld(bind(SECOND, null), FIRST);
    assertThat(look()).isEqualTo(FIRST);
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
    SharedBinding tenth = new SharedBinding("web1", 10, 0);
    bind(null, tenth);

    assertHeld(bind(new SharedBinding("web2", 9, 0), tenth.movedTo("web3")), tenth);
    SharedBinding last = new SharedBinding("web1", Integer.MAX_VALUE, 0);
    assertThat(bind(tenth, last).status()).isEqualTo(STORED);
    assertHeld(bind(tenth, tenth), last);
  }

  @Test
  void keysAndPoolsAreApart() throws Exception {
    bind(null, FIRST);

    assertThat(Wait.of(store.bind(KEY + 1, null, null))).isEqualTo(Answer.ABSENT);
    assertThat(Wait.of(scene.store("api", StoreScene.SLIDING).bind(KEY, null, null)))
        .isEqualTo(Answer.ABSENT);
    assertThat(user.exists(StoreScene.redisKey("web", KEY))).isEqualTo(1);
  }

  @Test
  void bind_refusesWhatCannotBeWritten() throws Exception {
    long before = scene.stats().count(StoreFault.UNWRITABLE);

    assertThat(bind(null, new SharedBinding("web1", 0, 0))).isEqualTo(Answer.UNAVAILABLE);
    assertThat(bind(null, new SharedBinding("wéb1", 1, 0))).isEqualTo(Answer.UNAVAILABLE);

    assertThat(scene.stats().count(StoreFault.UNWRITABLE)).isEqualTo(before + 2);
    assertThat(user.dbsize()).isZero();
  }

  private Answer bind(SharedBinding expected, SharedBinding candidate) throws Exception {
    return Wait.of(store.bind(KEY, expected, candidate));
  }

  private Answer unbind(SharedBinding expected) throws Exception {
    return Wait.of(store.unbind(KEY, expected));
  }

  private SharedBinding look() throws Exception {
    return bind(null, null).binding();
  }

  private static void assertHeld(Answer answer, SharedBinding binding) {
    assertThat(answer.status()).isEqualTo(HELD);
    assertThat(answer.binding()).isEqualTo(binding);
    assertThat(answer.remainingMillis()).isBetween(1L, 240_000L);
  }
}
