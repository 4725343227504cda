package dev.limpet.core;

import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A set of backends that can change at any time. Reading it is one volatile read. A {@link #change}
 * is made on a copy and published as a whole, so no request sees a part of it. Safe for use by many
 * threads at once.
 *
 * <pre>{@code
 * pool.change(edit -> edit.add(web3).drain("web1").weight("web2", 10));
 * }</pre>
 */
public final class Pool {

  /** The maximum number of backends in a pool. */
  public static final int MAX_SIZE = 10_000;

  private final String name;
  private final Spreading spreading;
  private final Map<String, WeakReference<Load>> loads = new HashMap<>();
  private final Environment environment;
  private final boolean counting;
  private final HeldRoutes heldRoutes = new HeldRoutes();
  private final ReentrantLock changing = new ReentrantLock();
  private final Queue<ObjLongConsumer<PoolEdit>> waiting = new ConcurrentLinkedQueue<>();
  private final @Nullable Ejections ejections;
  private volatile PoolSnapshot snapshot;

  Pool(PoolBuilder builder) {
    this.name = builder.name;
    this.environment = builder.environment;
    this.counting = builder.counting;
    this.spreading =
        new Spreading(builder.balancer, builder.slowStart, builder.environment.clock());
    this.ejections = (builder.passiveHealth == null)
        ? null
        : new Ejections(this, builder.passiveHealth, environment.clock());
    this.snapshot = PoolSnapshot.of(List.of(), spreading, null);
    change(edit -> edit.follow(builder.backends), Member.ALWAYS);
  }

  /**
   * {@return a pool that spreads new sessions by weighted round robin}
   *
   * @param name the pool's name, 1..128 characters; LB cookies are valid only for pools of this
   *     name
   * @param backends the backends, with different ids; they begin ready and up
   * @throws IllegalArgumentException if the name is empty or too long, two ids are equal, or there
   *     are too many backends
   */
  public static Pool of(String name, Backend... backends) {
    return builder(name).backends(List.of(backends)).build();
  }

  /**
   * {@return a builder of a pool}
   *
   * @param name the pool's name, 1..128 characters; LB cookies are valid only for pools of this
   *     name
   * @throws IllegalArgumentException if the name is empty or too long
   */
  public static PoolBuilder builder(String name) {
    return new PoolBuilder(name);
  }

  /** {@return the pool's name} */
  public String name() {
    return name;
  }

  /** {@return the balancer} */
  public Balancer balancer() {
    return spreading.balancer();
  }

  /** {@return the secret and the clocks that routers of this pool use} */
  public Environment environment() {
    return environment;
  }

  /** {@return true if this pool counts connections, so that each route must be closed} */
  public boolean counts() {
    return counting;
  }

  /** {@return the backends and their states at this moment} */
  public PoolSnapshot snapshot() {
    return snapshot;
  }

  /**
   * Makes several changes at once. If the edit throws, nothing changes. Changes by other threads
   * wait; requests do not.
   *
   * @param edit makes the changes; called once, on this thread
   * @return the backends after the change
   * @throws FaultException if a backend now has a maximum number of connections, but this pool does
   *     not count them, or if the balancer does not allow the weights
   * @throws IllegalStateException if this is called inside an edit of this pool
   */
  public PoolSnapshot change(Consumer<PoolEdit> edit) {
    checkOutsideEdit("change");
    return change(edit, spreading.now());
  }

  /**
   * Makes the pool's backends those of a complete list, in one change. Meant for discovery, which
   * asks a registry again and again. Drains and health are kept by id, and a backend that is not in
   * the list is removed; see {@link PoolEdit#follow}.
   *
   * <pre>{@code
   * pool.follow(registry.instances("web").stream()
   *     .map(i -> Backend.of(Backend.idOf(i.id()), i.host(), i.port()).withAttachment(i))
   *     .toList());
   * }</pre>
   *
   * <p>Nothing is published if nothing differs: if the pool has equal backends already, each with
   * the same object as its attachment.
   *
   * @param backends backends with different ids, in any order; none empties the pool
   * @return the backends as they are now
   * @throws FaultException if two ids are equal, there are too many backends, one has a limit of
   *     connections, but this pool does not count them, or the balancer does not allow the weights
   * @throws IllegalStateException if it is called from within an edit of this pool
   */
  public PoolSnapshot follow(Collection<Backend> backends) {
    checkOutsideEdit("follow");
    return change(edit -> edit.follow(backends), spreading.now());
  }

  /**
   * Reports a backend healthy or unhealthy, as {@link PoolEdit#up} and {@link PoolEdit#down} do,
   * but only if the pool still has it. Meant for health checks, during which a backend may leave
   * the pool or be replaced: their result then says nothing about the backend that has its id now.
   *
   * <p>The pool still has the backend if one of its backends has the same name (id and generation)
   * and the same address. The weight, the scheme and all else may have changed. This is decided
   * together with the change itself, so no change by another thread comes between the two. A
   * healthy backend is not ejected any longer, and its failures so far do not count.
   *
   * @param backend the backend that was checked
   * @param up whether it was found healthy
   * @return true if the pool has the backend, and now also its health; false if it does not, and
   *     nothing changed
   * @throws IllegalStateException if it is called from within an edit of this pool
   */
  public boolean report(Backend backend, boolean up) {
    checkOutsideEdit("report");
    PoolSnapshot before = snapshot;
    PoolSnapshot after = before;
    Member member;
    changing.lock();
    try {
      before = snapshot;
      after = before;
      member = before.member(backend.name(), backend.address());
      if (member != null && !member.hasHealth(!up)) {
        after = publish(edit -> mark(edit, backend.id(), up), spreading.now());
      }
    } finally {
      changing.unlock();
      finishChange(before, after);
    }
    return member != null;
  }

  /** {@return the rules by which backends are ejected; null, the default, if they never are} */
  public @Nullable PassiveHealth passiveHealth() {
    return (ejections == null) ? null : ejections.rules();
  }

  /** {@return the statistics of the ejections so far} */
  public EjectionStats ejectionStats() {
    return (ejections == null) ? EjectionStats.NONE : ejections.stats();
  }

  /** {@return what ejects backends, or null} */
  @Nullable
  Ejections ejections() {
    return ejections;
  }

  /** {@return the routes that hold connections of this pool's backends} */
  HeldRoutes heldRoutes() {
    return heldRoutes;
  }

  private void checkOutsideEdit(String call) {
    if (changing.isHeldByCurrentThread()) {
      throw new IllegalStateException(call + ": inside an edit (expected: one edit at a time)");
    }
  }

  private PoolSnapshot change(Consumer<PoolEdit> edit, long now) {
    PoolSnapshot before = snapshot;
    PoolSnapshot after = before;
    changing.lock();
    try {
      before = snapshot;
      after = before;
      after = publish(edit, now);
    } finally {
      changing.unlock();
      finishChange(before, after);
    }
    return after;
  }

  /**
   * Makes a change now or, if another thread is making one, lets that thread make it next. Never
   * waits.
   *
   * @param edit makes the change, at a time in the pool's nanoseconds; does not throw
   */
  void changeSoon(ObjLongConsumer<PoolEdit> edit) {
    waiting.add(edit);
    makeWaitingChanges();
  }

  private void makeWaitingChanges() {
    while (!waiting.isEmpty() && !changing.isHeldByCurrentThread() && changing.tryLock()) {
      PoolSnapshot before = snapshot;
      PoolSnapshot after = before;
      try {
        after = makeNextChange();
      } catch (RuntimeException unpublished) {
        // The embedder's balancer threw. A probe tries again, and a streak begins again.
      } finally {
        changing.unlock();
      }
      tell(before, after);
    }
  }

  private PoolSnapshot makeNextChange() {
    ObjLongConsumer<PoolEdit> next = waiting.poll();
    long now = spreading.now();
    return (next == null) ? snapshot : publish(edit -> next.accept(edit, now), now);
  }

  /** Finishes a change outside of the lock, also if it failed: others may rely on this thread. */
  private void finishChange(PoolSnapshot before, PoolSnapshot after) {
    tell(before, after);
    makeWaitingChanges();
  }

  private void tell(PoolSnapshot before, PoolSnapshot after) {
    if (ejections != null) {
      ejections.tell(before, after);
    }
  }

  private static void mark(PoolEdit edit, String id, boolean up) {
    if (up) {
      edit.up(id);
    } else {
      edit.down(id);
    }
  }

  private PoolSnapshot publish(Consumer<PoolEdit> edit, long now) {
    PoolEdit draft = new PoolEdit(snapshot.members(), this::load, now);
    edit.accept(draft);
    if (ejections != null) {
      ejections.relieve(draft, now);
    }
    List<Member> members = draft.close();
    if (!members.equals(snapshot.members())) {
      publish(PoolSnapshot.of(members, spreading, snapshot));
    }
    return snapshot;
  }

  private void publish(PoolSnapshot next) {
    if (!counting && next.isLimited()) {
      throw new FaultException(
          Fault.of("maxConnections", "set", "unset, or countConnections() on the pool's builder"));
    }
    WeightedRoundRobin.check(spreading.balancer(), next.members());
    snapshot = next;
    loads.values().removeIf(load -> load.get() == null);
  }

  /**
   * {@return the load of a backend's name} It stays the same object as long as it is in use: by a
   * snapshot, by a route, or by a request that was sent to a backend which has since left the pool.
   */
  private Load load(String backend) {
    WeakReference<Load> known = loads.get(backend);
    Load load = (known == null) ? null : known.get();
    if (load == null) {
      load = new Load();
      loads.put(backend, new WeakReference<>(load));
    }
    return load;
  }

  /** {@return the name and the members with their states} */
  @Override
  public String toString() {
    return name + ' ' + snapshot;
  }
}
