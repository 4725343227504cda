package dev.limpet.shared;

import dev.limpet.core.Bound;
import dev.limpet.core.Environment;
import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.shared.BindingStore.Bindings;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A sticky table that a fleet of proxies shares. It caches the bindings that this process knows,
 * and lookups use only these and answer at once. {@link dev.limpet.core.StickyRouter#routeAsync}
 * asks the store for other sessions. Safe for use by many threads at once; never blocks.
 *
 * <p>A sliding session lives for its duration after its last use at any proxy, and at most a third
 * longer. While the store does not answer, this process serves the sessions that it knows; others
 * are served by the rendezvous choice of their key. Changes that could not be reported are
 * remembered, up to 65,536 of them, and reported when the store answers again. After an outage of
 * the store, the next use of each session known here is reported, too. If the store then has
 * another binding of the same version, the store's binding applies.
 */
public final class SharedTable implements StickyTable {
  /*
   * A use that is recorded here is reported to the store and renews the session there, except in
   * the quarter of the duration after any proxy renewed it; the store's answers say when that was.
   * The store keeps a binding for four thirds of the duration. So even there, a session lives for
   * one duration after a use that was not reported.
   *
   * After an outage of the store, the first use of each session is reported, whether it is recorded
   * or not, for as long as that matters.
   */

  private final Bindings bindings;
  private final SharedTime time;
  private final NearCache near;
  private final NanoClock clock;
  private final Teller teller;
  private final long catchUpNanos;
  private volatile boolean catchingUp;
  private volatile long reachedAt;

  SharedTable(
      BindingStore store,
      StickySession session,
      Environment environment,
      long capacity,
      @Nullable SharedTable previous) {
    this.time = new SharedTime(session, environment.wallClock());
    this.clock = environment.clock();
    this.near = new NearCache(session, capacity, clock, this::used);
    Changes changes = new Changes();
    this.bindings = store.open(Retention.of(session), environment, changes);
    this.teller = new Teller(bindings, near, time, clock, session.duration(), (int)
        Math.min(capacity, Teller.MAX_UNTOLD));
    this.catchUpNanos = time.catchUp().toNanos();
    changes.begin(teller);
    if (previous != null) {
      near.copyFrom(previous.near);
    }
  }

  /**
   * {@return a builder}
   *
   * @param store the store that shares the pool's bindings
   */
  public static SharedTableBuilder builder(BindingStore store) {
    return new SharedTableBuilder(store);
  }

  /** {@return the name that the key is bound to, as far as this process knows, or null} */
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

  /** {@return true, so that all proxies make the same choice for a session that is new to them} */
  @Override
  public boolean wantsHash(long key) {
    return true;
  }

  /**
   * Binds the key here at once, and reports it to the store. If the store has a newer binding, that
   * one applies from then on. Never returns {@code HASH_WANTED}. Returns {@code STORED} even if
   * this process has no slot, because the store may have one.
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
   * Records a use here, and reports it to the store. A binding that this process does not know is
   * renewed in the store, if it is there: another proxy may have ended the session.
   */
  @Override
  public Bound renew(long key, String name, @Nullable Duration age) {
    String known = lookup(key);
    if (known != null) {
      return Bound.held(known);
    }
    CompletionStage<Bound> unused = findAsync(key);
    return Bound.ABSENT;
  }

  @Override
  public boolean isShared() {
    return true;
  }

  /**
   * Removes the binding here at once, and reports it to the store. A binding that this process does
   * not know, because it had no slot for it or never saw it, stays in the store.
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

  /**
   * {@return the number of live bindings that refer to a name, among those that this process knows}
   */
  @Override
  public OptionalLong bindings(String name) {
    return OptionalLong.of(near.bindings(name));
  }

  /** {@return the numbers of live bindings by name, among those that this process knows} */
  @Override
  public Map<String, Long> bindings() {
    return near.bindings();
  }

  /**
   * Binds a session in the store. If the store does not answer and this process knows the session,
   * it is bound here.
   */
  @Override
  public CompletionStage<Bound> bindAsync(
      long key, @Nullable String expected, String candidate, boolean byHash) {
    SharedBinding known = near.known(key);
    if (expected == null) {
      return ask(key, null, following(null, candidate));
    }
    if (known == null) {
      return bindings.find(key).thenCompose(found -> follow(key, expected, candidate, found));
    }
    return known.name().equals(expected)
        ? ask(key, known, known.movedTo(candidate))
        : CompletableFuture.completedStage(Bound.held(known.name()));
  }

  /**
   * Looks up a session in the store. From then on, this process knows the binding that was found.
   */
  @Override
  public CompletionStage<Bound> findAsync(long key) {
    return bindings.find(key).thenApply(answer -> judged(key, null, null, answer));
  }

  /** Binds a session that was found in the store, and for which this process has no slot. */
  private CompletionStage<Bound> follow(
      long key, String expected, String candidate, StoreAnswer found) {
    SharedBinding stored = found.binding();
    if (stored != null && stored.name().equals(expected)) {
      return ask(key, stored, stored.movedTo(candidate));
    }
    return CompletableFuture.completedStage(bound(found));
  }

  private CompletionStage<Bound> ask(
      long key, @Nullable SharedBinding known, SharedBinding candidate) {
    return teller
        .bind(key, known, candidate)
        .thenApply(answer -> judged(key, known, candidate, answer));
  }

  private Bound judged(
      long key,
      @Nullable SharedBinding known,
      @Nullable SharedBinding candidate,
      StoreAnswer answer) {
    if (answer.status() == StoreAnswer.Status.UNAVAILABLE) {
      return alone(key, known, candidate);
    }
    teller.learn(key, answer);
    teller.answered();
    return bound(answer);
  }

  private Bound bound(StoreAnswer answer) {
    SharedBinding binding = answer.binding();
    if (binding == null) {
      return (answer.status() == StoreAnswer.Status.ABSENT) ? Bound.ABSENT : Bound.UNAVAILABLE;
    }
    return (answer.status() == StoreAnswer.Status.STORED)
        ? Bound.stored(binding.name())
        : Bound.held(binding.name());
  }

  /**
   * Answers without the store: a binding that is known here applies, and its change is remembered
   * and reported later.
   */
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

  /** Applies the changes of other proxies. Before the table is made, there is nothing to change. */
  private final class Changes implements BindingStore.Listener {
    private volatile @Nullable Teller begun;

    void begin(Teller made) {
      begun = made;
    }

    @Override
    public void changed(long key, int version) {
      Teller told = begun;
      if (told != null) {
        near.outdate(key, version);
        told.outdate(key, version);
      }
    }

    @Override
    public void reconnected() {
      Teller told = begun;
      if (told != null) {
        near.unsettleAll();
        reachedAt = clock.nanos();
        catchingUp = true;
        told.reconnected();
      }
    }
  }
}
