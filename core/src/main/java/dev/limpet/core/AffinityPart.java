package dev.limpet.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * An affinity at its position in a router's chain, with the open routes of its sessions. Immutable;
 * thread-safe.
 */
final class AffinityPart<R> {
  /** The age of a session may differ by this part of its maximum duration. */
  private static final int AGES_PER_MAX = 64;

  private final int position;
  private final Affinity<? super R> affinity;
  private final HeldRoutes open;
  private final Holder holder;
  private final @Nullable StickyTable table;
  private final @Nullable StickyTable own;
  private final @Nullable StickyTable shared;
  private final @Nullable Duration oldest;
  private final boolean returns;
  private final @Nullable StickyTable inUse;

  private AffinityPart(
      int position, Affinity<? super R> affinity, Pool pool, boolean returns, LongAdder abandoned) {
    this.position = position;
    this.affinity = affinity;
    this.open = pool.heldRoutes();
    StickyTable bindings = affinity.table();
    this.shared = (bindings != null && bindings.isShared()) ? bindings : null;
    this.table = (pool.counts() && isSliding(affinity.session())) ? bindings : null;
    this.own = (shared == null) ? table : null;
    this.oldest = oldest(affinity.session());
    this.returns = returns;
    this.inUse = (table != null) ? table : (returns && pool.counts()) ? NoTable.INSTANCE : null;
    this.holder = new Holder(pool, abandoned, inUse, oldest != null);
  }

  private static boolean isSliding(@Nullable StickySession session) {
    return session == null || session.mode() == StickySession.Mode.SLIDING;
  }

  private static @Nullable Duration oldest(@Nullable StickySession session) {
    Duration max = (session == null) ? null : session.maxDuration();
    return (max == null) ? null : max.plus(max.dividedBy(AGES_PER_MAX));
  }

  /**
   * {@return the affinities of a router, in their order}
   *
   * @param returns whether sessions return to earlier tiers while they are not in use
   * @param abandoned counts the routes that were not closed
   */
  @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of generic types
  static <R> AffinityPart<R>[] all(
      Affinity<? super R> affinity, Pool pool, boolean returns, LongAdder abandoned) {
    List<Affinity<? super R>> affinities = List.copyOf(affinity.parts());
    AffinityPart<R>[] parts = new AffinityPart[affinities.size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = new AffinityPart<>(i, affinities.get(i), pool, returns, abandoned);
    }
    return parts;
  }

  int position() {
    return position;
  }

  Affinity<? super R> affinity() {
    return affinity;
  }

  long key(R request) {
    return affinity.key(request);
  }

  /** Returns whether other processes may know bindings that this one does not know. */
  boolean isShared() {
    return shared != null;
  }

  /** Asks the shared table for a session; this process knows what it answers from then on. */
  CompletionStage<?> find(R request) {
    return (shared == null)
        ? CompletableFuture.completedStage(Bound.ABSENT)
        : shared.findAsync(affinity.key(request));
  }

  /** Finds a session. If only an open route knows it, it is bound again. */
  Recall recall(R request, PoolSnapshot pool) {
    Recall recall = affinity.recall(request, pool);
    String name = recall.isUnknown() ? renewOpen(request) : null;
    return (name == null) ? recall : Recall.of(name, pool);
  }

  /** Finds a session as {@link #recall} does, without using it. */
  Recall peek(R request, PoolSnapshot pool) {
    Recall recall = affinity.peek(request, pool);
    Hold hold = recall.isUnknown() ? openRoute(request) : null;
    return (hold == null || isOver(hold)) ? recall : Recall.of(hold.name(), pool);
  }

  private @Nullable String renewOpen(R request) {
    return (own == null) ? null : renewOpen(own, affinity.key(request));
  }

  private @Nullable String renewOpen(StickyTable known, long key) {
    return (key == KeyExtractor.NONE) ? null : open.renew(known, key);
  }

  /**
   * {@return an open route of a session, if only this process stores its bindings} In a shared
   * table, another process may have moved the session.
   */
  private @Nullable Hold openRoute(R request) {
    return (own == null) ? null : openRoute(own, affinity.key(request));
  }

  private @Nullable Hold openRoute(StickyTable known, long key) {
    return (key == KeyExtractor.NONE) ? null : open.find(known, key);
  }

  private boolean isOver(Hold hold) {
    return oldest != null && hold.isOlderThan(oldest);
  }

  /** Returns whether only open routes know a session, because its binding has expired. */
  boolean isKeptByRoute(R request, PoolSnapshot pool) {
    return affinity.peek(request, pool).isUnknown() && peek(request, pool).isBound();
  }

  /**
   * {@return a route that holds a connection, for a bound session that stays on its backend} Null
   * if there is more to decide, or if open routes keep no sessions. This way a request computes its
   * key only once.
   */
  @Nullable
  Route keepOpen(R request, PoolSnapshot now) {
    if (table == null) {
      return null;
    }
    open.takeBack();
    long key = affinity.tableKey(request);
    String name = (key == KeyExtractor.NONE) ? null : table.lookup(key);
    Member member = (name == null) ? null : now.member(name);
    if (member == null || !member.acceptsBound() || mayReturn(member, now) || !member.acquire()) {
      return null;
    }
    if (now.chargesHits()) {
      member.load().charge();
    }
    return held(member.kept(position), member, key);
  }

  private boolean mayReturn(Member member, PoolSnapshot now) {
    return returns && now.servesEarlierThan(member);
  }

  /**
   * Returns whether a session leaves its backend for an earlier tier: if that has room, and the
   * session has no open route to its backend. A route to another one is that of a parallel request
   * which returned before.
   */
  boolean returns(R request, Member member, PoolSnapshot now) {
    return mayReturn(member, now) && !isInUse(affinity.key(request), member);
  }

  private boolean isInUse(long key, Member member) {
    Hold hold = (inUse == null || key == KeyExtractor.NONE) ? null : open.find(inUse, key);
    return hold != null && hold.name().equals(member.name());
  }

  /** {@return a route that holds the acquired connection and keeps the binding of its session} */
  Route hold(R request, Route acquired, Member member) {
    boolean keeps = inUse != null && acquired.isBound();
    long key;
    try {
      key = keeps ? affinity.key(request) : KeyExtractor.NONE;
    } catch (RuntimeException | Error e) {
      member.load().release();
      throw e;
    }
    return held(acquired, member, key);
  }

  private Route held(Route acquired, Member member, long key) {
    try {
      return new Route(acquired, member, holder, key);
    } catch (RuntimeException | Error e) {
      member.load().release();
      throw e;
    }
  }

  /**
   * Stops open routes from keeping the binding of a session.
   *
   * @return whether one did
   */
  boolean letGo(long key) {
    return table != null && key != KeyExtractor.NONE && open.letGo(table, key);
  }

  /** Records a use of every session that has an open route. */
  void renewOpenSessions() {
    if (table != null) {
      open.renewAll(table);
    }
  }
}
