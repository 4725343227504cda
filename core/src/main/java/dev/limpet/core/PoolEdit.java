package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Changes to be published together. To be used within {@link Pool#change} only, by its thread. */
public final class PoolEdit {
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Function<String, Load> loads;
  private final long now;
  private boolean closed;

  /**
   * Makes an edit.
   *
   * @param members the members as they are
   * @param loads gives the load of a name
   * @param now when backends come up that do, or {@link Member#ALWAYS}
   */
  PoolEdit(List<Member> members, Function<String, Load> loads, long now) {
    this.loads = loads;
    this.now = now;
    members.forEach(this::put);
  }

  /**
   * Adds a backend, ready and up. If the pool has a slow start, the backend's weight grows from now
   * on.
   *
   * @param backend the backend
   * @return this edit
   * @throws IllegalArgumentException if the pool has its id already, or is full
   */
  public PoolEdit add(Backend backend) {
    checkOpen();
    if (members.containsKey(backend.id())) {
      throw new IllegalArgumentException(
          "backend: " + backend.id() + " (expected: an id that is not in the pool)");
    }
    if (members.size() == Pool.MAX_SIZE) {
      throw new IllegalArgumentException(
          "backends: more than " + Pool.MAX_SIZE + " (expected: 0.." + Pool.MAX_SIZE + ")");
    }
    put(ready(backend));
    return this;
  }

  /**
   * Replaces the backend of the same id. Its intent and health stay unless its generation changes:
   * a new generation begins ready and up.
   *
   * @param backend the backend
   * @return this edit
   * @throws IllegalArgumentException if the pool does not have its id
   */
  public PoolEdit replace(Backend backend) {
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
  public PoolEdit replaceAll(Collection<Backend> backends) {
    checkOpen();
    if (backends.isEmpty()) {
      throw new IllegalArgumentException(
          "backends: [] (expected: 1.." + Pool.MAX_SIZE + " backends)");
    }
    PoolEdit all = new PoolEdit(List.of(), loads, now);
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
  public PoolEdit remove(String id) {
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
   * @throws IllegalArgumentException if the pool does not have the id, or the weight is out of
   *     range
   */
  public PoolEdit weight(String id, int weight) {
    return update(id, member -> member.with(member.backend().withWeight(weight)));
  }

  /**
   * Drains a backend: it serves its own sessions and takes no new ones.
   *
   * @param id the backend's id
   * @return this edit
   * @throws IllegalArgumentException if the pool does not have it
   */
  public PoolEdit drain(String id) {
    return update(id, member -> member.drained(true));
  }

  /**
   * Ends a drain.
   *
   * @param id the backend's id
   * @return this edit
   * @throws IllegalArgumentException if the pool does not have it
   */
  public PoolEdit ready(String id) {
    return update(id, member -> member.drained(false));
  }

  /**
   * Reports a backend healthy. Does not end a drain. If it was down and the pool has a slow start,
   * its weight grows from now on.
   *
   * @param id the backend's id
   * @return this edit
   * @throws IllegalArgumentException if the pool does not have it
   */
  public PoolEdit up(String id) {
    return update(id, member -> member.health(false, now));
  }

  /**
   * Reports a backend unhealthy: nothing is sent to it.
   *
   * @param id the backend's id
   * @return this edit
   * @throws IllegalArgumentException if the pool does not have it
   */
  public PoolEdit down(String id) {
    return update(id, member -> member.health(true, now));
  }

  private Member replacement(Member known, Backend backend) {
    return known.name().equals(backend.name()) ? known.with(backend) : ready(backend);
  }

  private Member ready(Backend backend) {
    return Member.ready(backend, loads.apply(backend.name()), now);
  }

  private PoolEdit update(String id, UnaryOperator<Member> change) {
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

  List<Member> close() {
    closed = true;
    return List.copyOf(members.values());
  }
}
