package dev.limpet.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The model answers and tells as Redis does: what is shown with the one holds with the other. */
class ModelStoreTest {
  private static final int KEYS = 3;
  private static final String[] NAMES = {"a", "b", "c"};
  private static final long A_MINUTE = 60_000;

  private static RedisProcess server;
  private static StoreScene scene;

  @BeforeAll
  static void start() throws Exception {
    server = RedisProcess.running();
    scene = StoreScene.connected(server.port());
  }

  @AfterAll
  static void stop() throws Exception {
    scene.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anyQuestions_areAnsweredAlike(long seed) throws Exception {
    Random random = new Random(seed);
    RedisStore redis = scene.store("pool-" + seed, StoreScene.SLIDING);
    ModelStore store = new ModelStore(new ModelTime(), StoreScene.SLIDING);
    ModelLink model = store.link();
    Heard fromRedis = new Heard();
    Heard fromModel = new Heard();
    redis.listen(fromRedis);
    model.listen(fromModel);
    Wait.until(fromRedis.connected::get);

    SharedBinding[] last = new SharedBinding[KEYS];
    for (int step = 0; step < 1_000; step++) {
      int key = random.nextInt(KEYS);
      SharedBinding expected = expected(random, last[key]);
      if (expected != null && random.nextInt(8) == 0) {
        compare(redis.unbind(1L + key, expected), model.unbind(1L + key, expected), step);
      } else {
        SharedBinding candidate = candidate(random, expected);
        last[key] = compare(
            redis.bind(1L + key, expected, candidate),
            model.bind(1L + key, expected, candidate),
            step);
      }
    }

    assertThat(fromModel.changes).hasSizeGreaterThan(100);
    Wait.until(() -> fromRedis.changes.size() >= fromModel.changes.size());
    assertThat(fromRedis.changes).isEqualTo(fromModel.changes);
  }

  /** {@return the binding of both answers} */
  private static SharedBinding compare(
      CompletionStage<Answer> redis, CompletionStage<Answer> model, int step) throws Exception {
    Answer said = Wait.of(redis);
    Answer modelled = Wait.of(model);
    assertThat(said.status()).as("step %d", step).isEqualTo(modelled.status());
    assertThat(said.binding()).as("step %d", step).isEqualTo(modelled.binding());
    assertThat(said.remainingMillis()).isCloseTo(modelled.remainingMillis(), within(A_MINUTE));
    return said.binding();
  }

  /** What was answered last, in half of the cases; else anything or nothing. */
  private static SharedBinding expected(Random random, SharedBinding last) {
    return switch (random.nextInt(4)) {
      case 0, 1 -> last;
      case 2 -> binding(random);
      default -> null;
    };
  }

  private static SharedBinding candidate(Random random, SharedBinding expected) {
    return switch (random.nextInt(4)) {
      case 0 -> null;
      case 1 -> (expected == null) ? binding(random) : expected;
      case 2 -> (expected == null) ? binding(random) : expected.movedTo(name(random));
      default -> binding(random);
    };
  }

  private static SharedBinding binding(Random random) {
    return new SharedBinding(name(random), 1 + random.nextInt(4), 0);
  }

  private static String name(Random random) {
    return NAMES[random.nextInt(NAMES.length)];
  }

  private static final class Heard implements BindingStore.Listener {
    final List<String> changes = Collections.synchronizedList(new ArrayList<>());
    final AtomicBoolean connected = new AtomicBoolean();

    @Override
    public void changed(long key, int version) {
      changes.add(key + " " + version);
    }

    @Override
    public void reconnected() {
      connected.set(true);
    }
  }
}
