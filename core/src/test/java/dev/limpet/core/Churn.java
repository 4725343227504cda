package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.ChurnSession.Call;
import dev.limpet.core.ChurnSession.Life;
import dev.limpet.core.affinity.KeyAffinity;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;

/**
 * Many sessions on many threads, while backends come and go, sessions expire and end, the table
 * overflows and the clock jumps. Each answer is judged by a {@link ChurnSession}, and all are
 * counted.
 */
final class Churn {
  /** After how many calls a thread asks whether to go on, and lets time pass. */
  static final int BATCH = 64;

  private static final int CALLS_PER_RETURN = 2_000;

  private final Load load;
  private final ChurnClock clock;
  private final ChurnPool backends = new ChurnPool();
  private final Life life;
  private final ChurnSession[][] sessions;
  private final long capacity;
  private final StickyRouter<Long> router;
  private final Map<Outcome, LongAdder> answers = new EnumMap<>(Outcome.class);

  /**
   * Makes sessions of which a part finds places.
   *
   * @param start what the clock shows at first
   * @param tables makes a table of a clock and a capacity
   */
  Churn(
      Load load,
      StickySession session,
      long start,
      BiFunction<NanoClock, Long, StickyTable> tables) {
    this.load = load;
    this.clock = new ChurnClock(start);
    this.life = Life.of(session);
    this.sessions = new ChurnSession[load.workers][load.sessions];
    this.capacity = load.places;
    for (Outcome outcome : Outcome.values()) {
      answers.put(outcome, new LongAdder());
    }
    long key = 0;
    for (ChurnSession[] mine : sessions) {
      for (int i = 0; i < mine.length; i++) {
        mine[i] = new ChurnSession(++key, life);
      }
    }
    StickyTable table = tables.apply(clock, capacity);
    this.router = StickyRouter.<Long>builder(
            backends.pool(),
            KeyAffinity.<Long>builder(KeyExtractor.number(Long::longValue))
                .environment(Routing.ENVIRONMENT)
                .session(session)
                .table((declared, environment) -> table)
                .build())
        .profile(Profile.OPEN)
        .build();
  }

  /**
   * Goes on as long as it is to, which each thread asks now and then, and checks that no answer is
   * lost.
   */
  void run(long seed, BooleanSupplier more) throws InterruptedException {
    Threads.together(sessions.length, worker -> new Worker(worker, seed).run(more));

    RouterStats stats = router.stats();
    long sum = 0;
    for (Outcome outcome : Outcome.values()) {
      assertThat(stats.count(outcome)).as("%s", outcome).isEqualTo(count(outcome));
      sum += count(outcome);
    }
    assertThat(stats.requests()).as("requests").isEqualTo(sum);
  }

  /** {@return how often an outcome was answered} */
  long count(Outcome outcome) {
    return answers.get(outcome).sum();
  }

  /** {@return how often the pool changed} */
  int changes() {
    return backends.done();
  }

  /** Lets all sessions expire and asserts that a share of the table's places can be taken anew. */
  void assertNoPlaceIsLost(double share) {
    clock.pass(10 * life.duration());
    long places = (long) (share * capacity);
    for (long place = 1; place <= places; place++) {
      Route route = router.route(-place);
      answers.get(route.outcome()).increment();
      assertThat(route.outcome()).as("place %s of %s", place, places).isEqualTo(Outcome.NEW);
    }
    clock.pass(10 * life.duration());
  }

  @Override
  public String toString() {
    return router.stats().toString();
  }

  /**
   * How much of what there is.
   *
   * @param sessions how many each worker has
   * @param places how many bindings the table holds
   * @param callsPerDuration how many calls of all workers there are in the sessions' duration
   * @param callsPerEdit how many calls of one worker there are between two changes that it makes to
   *     the pool
   * @param callsPerJump how many calls of one worker there are between two jumps of the clock
   * @param callsPerUnbind one call in so many ends a session; 0 if no call does
   */
  record Load(
      int workers,
      int sessions,
      long places,
      long callsPerDuration,
      int callsPerEdit,
      int callsPerJump,
      int callsPerUnbind) {

    /** {@return a load under which sessions expire and end, and at times not all find places} */
    static Load churn(int workers, int sessions) {
      long all = (long) workers * sessions;
      return new Load(workers, sessions, 25 * all / 100, 92 * all / 100, 6_000, 40_000, 50);
    }

    /** {@return a load under which all sessions stay, while the pool changes all the time} */
    static Load changes(int workers, int sessions) {
      long all = (long) workers * sessions;
      return new Load(workers, sessions, 2 * all, Long.MAX_VALUE, 5_000, Integer.MAX_VALUE, 0);
    }
  }

  /** One thread and its sessions. The first one jumps in time. */
  private final class Worker {
    private final int number;
    private final ChurnSession[] mine;
    private final SplittableRandom random;
    private long calls;
    private long steppedBack;

    Worker(int number, long seed) {
      this.number = number;
      this.mine = sessions[number];
      this.random = new SplittableRandom(31 * seed + number);
    }

    void run(BooleanSupplier more) {
      long step = life.duration() / load.callsPerDuration;
      while (more.getAsBoolean()) {
        for (int i = 0; i < BATCH; i++) {
          call();
        }
        clock.pass(BATCH * step);
      }
      clock.pass(steppedBack);
    }

    private void call() {
      calls++;
      if (number == 0) {
        jump();
      }
      if (calls % load.callsPerEdit == 0) {
        backends.edit(random);
      }
      ChurnSession session = mine[next()];
      if (load.callsPerUnbind > 0 && random.nextInt(load.callsPerUnbind) == 0) {
        unbind(session);
      } else {
        route(session);
      }
    }

    /** Some sessions ask often; in every other stretch most do not ask at all. */
    private int next() {
      boolean quiet = calls / (3L * mine.length) % 2 == 1;
      double at = random.nextDouble();
      return (int) (mine.length * at * at * (quiet ? 0.2 : 1));
    }

    private void jump() {
      if (steppedBack > 0 && calls % CALLS_PER_RETURN == 0) {
        clock.pass(steppedBack);
        steppedBack = 0;
      } else if (calls % load.callsPerJump == 0) {
        boolean ahead = random.nextInt(4) == 0;
        long jump = random.nextLong(ahead ? 3 * life.duration() : life.duration());
        steppedBack = ahead ? 0 : jump;
        clock.pass(ahead ? jump : -jump);
      }
    }

    private void route(ChurnSession session) {
      long from = clock.earliest();
      int first = backends.done();
      Route route = router.route(session.key);
      session.answered(route, new Call(backends, from, clock.latest(), first, backends.begun()));
      answers.get(route.outcome()).increment();
    }

    private void unbind(ChurnSession session) {
      long from = clock.earliest();
      int first = backends.done();
      boolean removed = router.unbind(session.key);
      session.unbound(removed, new Call(backends, from, clock.latest(), first, backends.begun()));
    }
  }
}
