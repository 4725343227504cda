package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The live set of backends. Reading it is one volatile read; a {@link #change} is made on a copy and
 * published at once, so that no request ever sees half of it. Safe for use by many threads at once.
 *
 * <pre>{@code
 * pool.change(edit -> edit.add(web3).drain("web1").weight("web2", 10));
 * }</pre>
 */
public final class Pool {

  /** How many backends a pool can have. */
  public static final int MAX_SIZE = 10_000;

  private static final int MAX_NAME_LENGTH = 128;

  private final String name;
  private final Balancer balancer;
  private final ReentrantLock changing = new ReentrantLock();
  private volatile PoolSnapshot snapshot;

  private Pool(String name, Balancer balancer) {
    this.name = name;
    this.balancer = balancer;
    this.snapshot = PoolSnapshot.of(List.of(), balancer, null);
  }

  /**
   * {@return a pool that spreads new sessions by weighted round robin}
   *
   * @param name what tells the pool from others, 1..128 characters; LB cookies and their tokens depend on it
   * @param backends the backends, ready and up, with different ids
   * @throws IllegalArgumentException if the name is empty or too long, two ids are equal, or there are too
   *     many backends
   */
  public static Pool of(String name, Backend... backends) {
    return of(name, new WeightedRoundRobin(), List.of(backends));
  }

  /**
   * {@return a pool}
   *
   * @param name what tells the pool from others, 1..128 characters; LB cookies and their tokens depend on it
   * @param balancer how new sessions are spread
   * @param backends the backends, ready and up, with different ids; may be empty
   * @throws IllegalArgumentException if the name is empty or too long, two ids are equal, or there are too
   *     many backends
   */
  public static Pool of(String name, Balancer balancer, Collection<Backend> backends) {
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          "name: " + Tokens.quoted(name) + " (expected: 1.." + MAX_NAME_LENGTH + " characters)");
    }
    Pool pool = new Pool(name, requireNonNull(balancer, "balancer"));
    pool.change(edit -> backends.forEach(edit::add));
    return pool;
  }

  /** {@return the pool's name} */
  public String name() {
    return name;
  }

  /** {@return the balancer} */
  public Balancer balancer() {
    return balancer;
  }

  /** {@return the backends of this moment} */
  public PoolSnapshot snapshot() {
    return snapshot;
  }

  /**
   * Makes several changes at once. If the edit throws, nothing is changed. Changes by other threads wait;
   * requests do not.
   *
   * @param edit makes the changes; called once, on this thread
   * @return the backends as they are now
   * @throws IllegalStateException if it is called from within an edit of this pool
   */
  public PoolSnapshot change(Consumer<Edit> edit) {
    if (changing.isHeldByCurrentThread()) {
      throw new IllegalStateException("change: inside an edit (expected: one edit at a time)");
    }
    changing.lock();
    try {
      Edit draft = new Edit(snapshot.members());
      edit.accept(draft);
      List<Member> members = draft.close();
      if (!members.equals(snapshot.members())) {
        snapshot = PoolSnapshot.of(members, balancer, snapshot);
      }
      return snapshot;
    } finally {
      changing.unlock();
    }
  }

  /** {@return the name and the members with their states} */
  @Override
  public String toString() {
    return name + ' ' + snapshot;
  }

  /** Changes to be published together. To be used within {@link Pool#change} only, by its thread. */
  public static final class Edit {
    private final Map<String, Member> members = new LinkedHashMap<>();
    private boolean closed;

    private Edit(List<Member> now) {
      now.forEach(this::put);
    }

    /**
     * Adds a backend, ready and up.
     *
     * @param backend the backend
     * @return this edit
     * @throws IllegalArgumentException if the pool has its id already, or is full
     */
    public Edit add(Backend backend) {
      checkOpen();
      if (members.containsKey(backend.id())) {
        throw new IllegalArgumentException(
            "backend: " + backend.id() + " (expected: an id that is not in the pool)");
      }
      if (members.size() == MAX_SIZE) {
        throw new IllegalArgumentException(
            "backends: more than " + MAX_SIZE + " (expected: 0.." + MAX_SIZE + ")");
      }
      put(new Member(backend, false, false));
      return this;
    }

    /**
     * Replaces the backend of the same id. Its intent and health stay unless its generation changes: a
     * new generation begins ready and up.
     *
     * @param backend the backend
     * @return this edit
     * @throws IllegalArgumentException if the pool does not have its id
     */
    public Edit replace(Backend backend) {
      return update(backend.id(), member -> replacement(member, backend));
    }

    /**
     * Replaces all backends, as {@link #replace} for the ids that stay.
     *
     * @param backends at least one backend, with different ids, in their new order
     * @return this edit
     * @throws IllegalArgumentException if there is none, two ids are equal, or there are too many; to
     *     empty a pool, {@link #remove} what it has
     */
    public Edit replaceAll(Collection<Backend> backends) {
      checkOpen();
      if (backends.isEmpty()) {
        throw new IllegalArgumentException("backends: [] (expected: 1.." + MAX_SIZE + " backends)");
      }
      Edit all = new Edit(List.of());
      backends.forEach(all::add);
      all.members.replaceAll((id, added) -> {
        Member known = members.get(id);
        return (known == null) ? added : replacement(known, added.backend());
      });
      members.clear();
      members.putAll(all.members);
      return this;
    }

    /**
     * Removes a backend. Its sessions move with their next request, whatever the {@link Failover}.
     *
     * @param id the backend's id
     * @return this edit
     * @throws IllegalArgumentException if the pool does not have it
     */
    public Edit remove(String id) {
      checkOpen();
      require(id);
      members.remove(id);
      return this;
    }

    /**
     * Sets a backend's weight.
     *
     * @param id the backend's id
     * @param weight 0..256; at 0 it serves its own sessions only
     * @return this edit
     * @throws IllegalArgumentException if the pool does not have the id, or the weight is out of range
     */
    public Edit weight(String id, int weight) {
      return update(id, member -> member.with(member.backend().withWeight(weight)));
    }

    /**
     * Drains a backend: it serves its own sessions and takes no new ones.
     *
     * @param id the backend's id
     * @return this edit
     * @throws IllegalArgumentException if the pool does not have it
     */
    public Edit drain(String id) {
      return update(id, member -> member.drained(true));
    }

    /**
     * Ends a drain.
     *
     * @param id the backend's id
     * @return this edit
     * @throws IllegalArgumentException if the pool does not have it
     */
    public Edit ready(String id) {
      return update(id, member -> member.drained(false));
    }

    /**
     * Reports a backend healthy. Does not end a drain.
     *
     * @param id the backend's id
     * @return this edit
     * @throws IllegalArgumentException if the pool does not have it
     */
    public Edit up(String id) {
      return update(id, member -> member.health(false));
    }

    /**
     * Reports a backend unhealthy: nothing is sent to it.
     *
     * @param id the backend's id
     * @return this edit
     * @throws IllegalArgumentException if the pool does not have it
     */
    public Edit down(String id) {
      return update(id, member -> member.health(true));
    }

    private static Member replacement(Member known, Backend backend) {
      return known.name().equals(backend.name())
          ? known.with(backend)
          : new Member(backend, false, false);
    }

    private Edit update(String id, UnaryOperator<Member> change) {
      checkOpen();
      put(change.apply(require(id)));
      return this;
    }

    private Member require(String id) {
      Member member = members.get(requireNonNull(id, "id"));
      if (member == null) {
        throw new IllegalArgumentException(
            "backend: " + id + " (expected: one of " + members.keySet() + ")");
      }
      return member;
    }

    private void put(Member member) {
      members.put(member.backend().id(), member);
    }

    private void checkOpen() {
      if (closed) {
        throw new IllegalStateException("edit: published (expected: used within its change only)");
      }
    }

    private List<Member> close() {
      closed = true;
      return List.copyOf(members.values());
    }
  }
}
