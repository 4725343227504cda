package dev.limpet.core;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The live set of backends. Reading it is one volatile read; a {@link #change} is made on a copy
 * and published at once, so that no request ever sees half of it. Safe for use by many threads at
 * once.
 *
 * <pre>{@code
 * pool.change(edit -> edit.add(web3).drain("web1").weight("web2", 10));
 * }</pre>
 */
public final class Pool {

  /** How many backends a pool can have. */
  public static final int MAX_SIZE = 10_000;

  private final String name;
  private final Spreading spreading;
  private final Map<String, WeakReference<Load>> loads = new HashMap<>();
  private final Environment environment;
  private final boolean counting;
  private final HeldRoutes heldRoutes = new HeldRoutes();
  private final ReentrantLock changing = new ReentrantLock();
  private volatile PoolSnapshot snapshot;

  Pool(PoolBuilder builder) {
    this.name = builder.name;
    this.environment = builder.environment;
    this.counting = builder.counting;
    this.spreading =
        new Spreading(builder.balancer, builder.slowStart, builder.environment.clock());
    this.snapshot = PoolSnapshot.of(List.of(), spreading, null);
    change(edit -> builder.backends.forEach(edit::add), Member.ALWAYS);
  }

  /**
   * {@return a pool that spreads new sessions by weighted round robin}
   *
   * @param name what tells the pool from others, 1..128 characters; LB cookies and their tokens
   *     depend on it
   * @param backends the backends, ready and up, with different ids
   * @throws IllegalArgumentException if the name is empty or too long, two ids are equal, or there
   *     are too many backends
   */
  public static Pool of(String name, Backend... backends) {
    return builder(name).backends(List.of(backends)).build();
  }

  /**
   * {@return a builder of a pool}
   *
   * @param name what tells the pool from others, 1..128 characters; LB cookies and their tokens
   *     depend on it
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

  /** {@return whether connections are counted, so that routes are to be closed} */
  public boolean counts() {
    return counting;
  }

  /** {@return the backends of this moment} */
  public PoolSnapshot snapshot() {
    return snapshot;
  }

  /**
   * Makes several changes at once. If the edit throws, nothing is changed. Changes by other threads
   * wait; requests do not.
   *
   * @param edit makes the changes; called once, on this thread
   * @return the backends as they are now
   * @throws FaultException if a backend has a limit of connections now, but this pool does not
   *     count them
   * @throws IllegalStateException if it is called from within an edit of this pool
   */
  public PoolSnapshot change(Consumer<PoolEdit> edit) {
    if (changing.isHeldByCurrentThread()) {
      throw new IllegalStateException("change: inside an edit (expected: one edit at a time)");
    }
    return change(edit, spreading.now());
  }

  /** {@return the routes that hold connections of this pool's backends} */
  HeldRoutes heldRoutes() {
    return heldRoutes;
  }

  private PoolSnapshot change(Consumer<PoolEdit> edit, long now) {
    changing.lock();
    try {
      PoolEdit draft = new PoolEdit(snapshot.members(), this::load, now);
      edit.accept(draft);
      List<Member> members = draft.close();
      if (!members.equals(snapshot.members())) {
        publish(PoolSnapshot.of(members, spreading, snapshot));
      }
      return snapshot;
    } finally {
      changing.unlock();
    }
  }

  private void publish(PoolSnapshot next) {
    if (!counting && next.isLimited()) {
      throw new FaultException(
          Fault.of("maxConnections", "set", "unset, or countConnections() on the pool's builder"));
    }
    snapshot = next;
    loads.values().removeIf(load -> load.get() == null);
  }

  /**
   * {@return the load of a name} There is one for as long as anybody can count on it: a snapshot, a
   * route, or a request that was sent to a backend which has left the pool meanwhile.
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
