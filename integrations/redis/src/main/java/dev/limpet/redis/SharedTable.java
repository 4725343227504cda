package dev.limpet.redis;

import dev.limpet.core.Bound;
import dev.limpet.core.KeyHasher;
import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A sticky table that a fleet of proxies shares. It keeps what this process knows at hand, and answers lookups by that
 * alone, at once; a {@link SharedStickyRouter} asks the store for the others. Safe for use by many threads at once;
 * never blocks.
 *
 * <p>A sliding session lives for its duration after its last use at any proxy, and at most a third longer. While the
 * store does not answer, this process serves the sessions that it knows; others go by the rendezvous choice of
 * their key. What it could not be told it is told when it answers again, up to 65,536 changes; if it was out of reach, each of
 * the sessions known here is made known to it by its next use, too. Where it knows another binding that is as new, the store's
 * holds.
 */
public final class SharedTable implements StickyTable {
  /*
   * A session is renewed in the store when its use is recorded here, and not in the quarter of its duration after
   * it was renewed by whichever proxy; the store's answers say when that was. The store keeps it for four thirds of
   * the duration: so there, too, it lives for a duration after a use that nobody told of.
   *
   * After the store was out of reach, sessions are told of by their first use, recorded or not, for as long as
   * that matters.
   */

  private final BindingStore store;
  private final StoreCounts counts;
  private final StickySession session;
  private final SharedTime time;
  private final boolean learned;
  private final NearTable near;
  private final NanoClock clock;
  private final Teller teller;
  private final long catchUpNanos;
  private volatile boolean catchingUp;
  private volatile long reachedAt;

  SharedTable(
      BindingStore store,
      StoreCounts counts,
      StickySession session,
      long capacity,
      NanoClock clock,
      InstantSource wall) {
    this.store = store;
    this.counts = counts;
    this.session = session;
    this.time = new SharedTime(session, wall);
    this.learned = session.type() == StickySession.Type.APP_COOKIE;
    this.near = new NearTable(session, capacity, clock, this::used);
    this.clock = clock;
    this.teller = new Teller(store, near, time, counts, clock, session.duration(), (int)
        Math.min(capacity, Teller.MAX_UNTOLD));
    this.catchUpNanos = time.catchUp().toNanos();
    store.listen(new Changes());
  }

  /**
   * {@return a builder}
   *
   * @param link how this process is connected to the store
   * @param pool the pool's name, 1..128 printable ASCII characters without braces: the same at all proxies
   * @param hasher makes the affinity's keys: of the same secret at all proxies
   */
  public static SharedTableBuilder builder(RedisLink link, String pool, KeyHasher hasher) {
    return new SharedTableBuilder(link, pool, hasher);
  }

  /** {@return the sessions that it is for} */
  public StickySession session() {
    return session;
  }

  /**
   * {@return this table, for the builder of the affinity whose table it is to be}
   *
   * @param declared what the affinity was declared to be
   * @throws IllegalArgumentException if this table is for other sessions
   */
  public StickyTable declared(StickySession declared) {
    if (!declared.equals(session)) {
      throw new IllegalArgumentException("session: " + declared + " (expected: " + session + ")");
    }
    return this;
  }

  /** {@return the name that the key is bound to as far as this process knows, or null} */
  @Override
  public @Nullable String lookup(long key) {
    String name = near.lookup(key);
    if (catchingUp && name != null) {
      used(key);
    }
    return name;
  }

  @Override
  public @Nullable String peek(long key) {
    return near.peek(key);
  }

  /** {@return true: all proxies make the same choice for a session that is new to them} */
  @Override
  public boolean wantsHash(long key) {
    return true;
  }

  /**
   * Binds here at once, and tells the store; if that knows better, its binding holds from then on. Never asks for a
   * candidate by hash, and where this process has no place the store may: {@code STORED}, too.
   */
  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    SharedBinding known = near.known(key);
    String name = (known == null) ? null : known.name();
    if (name != null && !name.equals(expected)) {
      return Bound.held(name);
    }
    if (name == null && expected != null) {
      return Bound.ABSENT;
    }
    SharedBinding next = following(known, candidate);
    boolean kept = near.replace(key, known, next);
    String now = kept ? null : near.peek(key);
    if (now != null) {
      return now.equals(expected) ? Bound.FULL : Bound.held(now);
    }
    near.settle(key);
    teller.tell(key, known, next, kept);
    return Bound.stored(candidate);
  }

  /**
   * Removes the binding here at once, and tells the store. What this process does not know, as it has no place for it
   * or never saw it, stays in the store.
   */
  @Override
  public boolean unbind(long key, String expected) {
    SharedBinding known = near.known(key);
    if (known == null || !known.name().equals(expected) || !near.remove(key, known)) {
      return false;
    }
    teller.tellEnd(key, known);
    return true;
  }

  /** {@return how many live bindings lead to a name, of those that this process knows} */
  @Override
  public OptionalLong bindings(String name) {
    return OptionalLong.of(near.bindings(name));
  }

  /** {@return what the store was asked so far, and how it went} */
  public StoreStats stats() {
    return counts.stats();
  }

  /**
   * Binds a session in the store or, where that does not answer and the session is known here, here. A session of an
   * app cookie that is bound to nothing is only looked for.
   */
  CompletionStage<Bound> share(
      long key, @Nullable String expected, String candidate, boolean byHash) {
    SharedBinding known = near.known(key);
    if (expected == null) {
      return ask(key, null, learned ? null : following(null, candidate));
    }
    if (known == null) {
      return store
          .bind(key, null, null)
          .thenCompose(found -> follow(key, expected, candidate, found));
    }
    return known.name().equals(expected)
        ? ask(key, known, known.movedTo(candidate))
        : CompletableFuture.completedStage(Bound.held(known.name()));
  }

  /** A session that was found bound, and for which there is no place here. */
  private CompletionStage<Bound> follow(long key, String expected, String candidate, Answer found) {
    SharedBinding stored = found.binding();
    if (stored != null && stored.name().equals(expected)) {
      return ask(key, stored, stored.movedTo(candidate));
    }
    return CompletableFuture.completedStage(
        (found.status() == Answer.Status.ABSENT) ? Bound.ABSENT : bound(found));
  }

  private CompletionStage<Bound> ask(
      long key, @Nullable SharedBinding known, @Nullable SharedBinding candidate) {
    return asked(key, known, candidate).thenApply(answer -> {
      if (answer.status() == Answer.Status.UNAVAILABLE) {
        return alone(key, known, candidate);
      }
      teller.learn(key, answer);
      teller.answered();
      return bound(answer);
    });
  }

  private CompletionStage<Answer> asked(
      long key, @Nullable SharedBinding known, @Nullable SharedBinding candidate) {
    return (candidate == null) ? store.bind(key, known, null) : teller.bind(key, known, candidate);
  }

  private Bound bound(Answer answer) {
    SharedBinding binding = answer.binding();
    if (binding == null) {
      return (answer.status() == Answer.Status.ABSENT) ? Bound.NOT_KEPT : Bound.UNAVAILABLE;
    }
    return (answer.status() == Answer.Status.STORED)
        ? Bound.stored(binding.name())
        : Bound.held(binding.name());
  }

  /** Nobody else can be asked: what is known here holds, and the store will be told of what is changed. */
  private Bound alone(long key, @Nullable SharedBinding known, @Nullable SharedBinding next) {
    if (known != null && next != null && near.replace(key, known, next)) {
      teller.rememberKept(key);
      return Bound.stored(next.name());
    }
    String now = near.peek(key);
    if (now == null && known == null && next != null) {
      teller.rememberBegun(key, next);
    }
    if (now == null || (known != null && now.equals(known.name()))) {
      return Bound.UNAVAILABLE;
    }
    return Bound.held(now);
  }

  private void used(long key) {
    if (near.settle(key)) {
      SharedBinding known = near.known(key);
      if (known != null) {
        teller.tell(key, known, known, true);
      }
    }
    if (catchingUp && clock.nanos() - reachedAt > catchUpNanos) {
      catchingUp = false;
    }
  }

  private SharedBinding following(@Nullable SharedBinding known, String candidate) {
    return (known != null) ? known.movedTo(candidate) : SharedBinding.first(candidate, time.end());
  }

  /** Hears of what other proxies change. */
  private final class Changes implements BindingStore.Listener {
    @Override
    public void changed(long key, int version) {
      near.outdate(key, version);
      teller.outdate(key, version);
    }

    @Override
    public void reconnected() {
      near.unsettleAll();
      reachedAt = clock.nanos();
      catchingUp = true;
      teller.reconnected();
    }
  }
}
