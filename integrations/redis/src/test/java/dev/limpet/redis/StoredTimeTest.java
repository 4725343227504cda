package dev.limpet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.StickySession;
import dev.limpet.shared.SharedBinding;
import dev.limpet.shared.StoreAnswer;
import dev.limpet.shared.Wait;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How long a binding is kept, against a real server. */
class StoredTimeTest {
  private static final long KEY = 7;
  private static final byte[] REDIS_KEY = StoreScene.redisKey("web", KEY);
  private static final SharedBinding FIRST = StoreScene.first("web1");
  private static final long SLIDING_MILLIS = 240_000;
  private static final long ABSOLUTE_MILLIS = 185_625;
  private static final long SLACK = 60_000;

  private static RedisProcess server;
  private static StoreScene scene;
  private static RedisCommands<byte[], byte[]> user;

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

  @AfterEach
  void empty() {
    user.flushall();
  }

  @Test
  void sliding_isRenewedOnlyWhenAQuarterOfTheDurationHasPassed() throws Exception {
    bind(StoreScene.SLIDING, null, FIRST);
    user.pexpire(REDIS_KEY, 235_000);
    assertThat(find(StoreScene.SLIDING).remainingMillis()).isBetween(197_813L, 235_000L);
    assertThat(left()).isBetween(197_813L, 235_000L);

    user.pexpire(REDIS_KEY, 197_812);
    assertThat(find(StoreScene.SLIDING).remainingMillis()).isEqualTo(SLIDING_MILLIS);
    assertThat(left()).isBetween(SLIDING_MILLIS - SLACK, SLIDING_MILLIS);
  }

  @Test
  void sliding_isRenewedByEveryKindOfCallThatHolds() throws Exception {
    SharedBinding second = StoreScene.moved(FIRST, "web2");
    bind(StoreScene.SLIDING, null, second);
    for (SharedBinding[] call :
        new SharedBinding[][] {{null, FIRST}, {FIRST, second}, {second, second}}) {
      user.pexpire(REDIS_KEY, 100_000);
      assertThat(bind(StoreScene.SLIDING, call[0], call[1]).status())
          .isEqualTo(StoreAnswer.Status.HELD);
      assertThat(left()).isGreaterThan(SLIDING_MILLIS - SLACK);
    }
    user.pexpire(REDIS_KEY, 100_000);
    assertThat(find(StoreScene.SLIDING).status()).isEqualTo(StoreAnswer.Status.HELD);
    assertThat(left()).isGreaterThan(SLIDING_MILLIS - SLACK);
  }

  @Test
  void sliding_beginsAnewWithAMove() throws Exception {
    bind(StoreScene.SLIDING, null, FIRST);
    user.pexpire(REDIS_KEY, 200_000);

    StoreAnswer moved = bind(StoreScene.SLIDING, FIRST, StoreScene.moved(FIRST, "web2"));

    assertThat(moved.remainingMillis()).isEqualTo(SLIDING_MILLIS);
    assertThat(left()).isBetween(SLIDING_MILLIS - SLACK + 1, SLIDING_MILLIS).isGreaterThan(200_000);
  }

  @Test
  void absolute_isNeverRenewed() throws Exception {
    assertThat(bind(StoreScene.ABSOLUTE, null, FIRST).remainingMillis()).isEqualTo(ABSOLUTE_MILLIS);
    user.pexpire(REDIS_KEY, 100_000);

    bind(StoreScene.ABSOLUTE, FIRST, FIRST);

    assertThat(find(StoreScene.ABSOLUTE).remainingMillis()).isLessThanOrEqualTo(100_000);
    assertThat(left()).isBetween(100_000 - SLACK, 100_000L);
  }

  @Test
  void absolute_isKeptByMoves() throws Exception {
    bind(StoreScene.ABSOLUTE, null, FIRST);
    user.pexpire(REDIS_KEY, 100_000);

    StoreAnswer moved = bind(StoreScene.ABSOLUTE, FIRST, StoreScene.moved(FIRST, "web2"));

    assertThat(moved.status()).isEqualTo(StoreAnswer.Status.STORED);
    assertThat(moved.remainingMillis()).isBetween(100_000 - SLACK, 100_000L);
    assertThat(left()).isBetween(100_000 - SLACK, 100_000L);
  }

  @Test
  void aKeyThatSomeoneMadePersistentGetsATimeAgain() throws Exception {
    bind(StoreScene.ABSOLUTE, null, FIRST);
    user.persist(REDIS_KEY);
    find(StoreScene.ABSOLUTE);
    assertThat(left()).isBetween(ABSOLUTE_MILLIS - SLACK, ABSOLUTE_MILLIS);

    user.persist(REDIS_KEY);
    bind(StoreScene.ABSOLUTE, FIRST, StoreScene.moved(FIRST, "web2"));
    assertThat(left()).isBetween(ABSOLUTE_MILLIS - SLACK, ABSOLUTE_MILLIS);
  }

  @Test
  void end_capsTheTime() throws Exception {
    SharedBinding ending = SharedBinding.of("web1", 1, now() + 100);

    assertThat(bind(StoreScene.SLIDING, null, ending).remainingMillis()).isBetween(1L, 100_000L);
    assertThat(left()).isBetween(100_000 - SLACK, 100_000L);
    assertThat(find(StoreScene.SLIDING).remainingMillis()).isBetween(1L, 100_000L);
    assertThat(left()).isBetween(100_000 - SLACK, 100_000L);
    assertThat(
            bind(StoreScene.SLIDING, ending, StoreScene.moved(ending, "web2")).remainingMillis())
        .isBetween(1L, 100_000L);
    assertThat(left()).isBetween(100_000 - SLACK, 100_000L);
  }

  @Test
  void end_capsARenewal() throws Exception {
    SharedBinding ending = SharedBinding.of("web1", 1, now() + 150);
    bind(StoreScene.SLIDING, null, ending);
    user.pexpire(REDIS_KEY, 60_000);

    find(StoreScene.SLIDING);

    assertThat(left()).isBetween(150_000 - SLACK, 150_000L);
  }

  @Test
  void end_inThePastIsKeptForAMoment() throws Exception {
    StoreAnswer answer = bind(StoreScene.SLIDING, null, SharedBinding.of("web1", 1, 1));

    assertThat(answer.status()).isEqualTo(StoreAnswer.Status.STORED);
    assertThat(answer.remainingMillis()).isEqualTo(1);
    Wait.until(() -> user.exists(REDIS_KEY) == 0);
  }

  private static StoreAnswer find(StickySession session) throws Exception {
    return Wait.of(scene.store("web", session).find(KEY));
  }

  private static StoreAnswer bind(
      StickySession session, SharedBinding expected, SharedBinding candidate) throws Exception {
    return Wait.of(scene.store("web", session).bind(KEY, expected, candidate));
  }

  private static long left() {
    return user.pttl(REDIS_KEY);
  }

  private static long now() {
    return Long.parseLong(new String(user.time().get(0), StandardCharsets.US_ASCII));
  }
}
