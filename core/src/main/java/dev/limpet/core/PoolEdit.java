package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A set of changes to a pool that are published together. Use it only inside {@link Pool#change},
 * on its thread.
 */
public final class PoolEdit {
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Function<String, Load> loads;
  private final long now;
  private boolean closed;

  /**
   * Makes an edit.
   *
   * @param members the present members
   * @param loads returns the load of a backend's name
   * @param now the start time of backends that come up by this edit, or {@link Member#ALWAYS}
   */
  PoolEdit(List<Member> members, Function<String, Load> loads, long now) {
    this.loads = loads;
    this.now = now;
    members.forEach(this::put);
  }

  /**
   * Adds a backend, which begins ready and up. If the pool has a slow start, the backend's weight
   * grows from now on.
   *
   * @param backend the backend
   * @return this edit
   * @throws IllegalArgumentException if the pool already has the id, or has the maximum number of
   *     backends
   */
  public PoolEdit add(Backend backend) {
    checkOpen();
    if (members.containsKey(backend.id())) {
      throw new IllegalArgumentException(
          "backend: " + backend.id() + " (expected: an id that is not in the pool)");
    }
    checkSize(members.size() + 1);
    put(ready(backend));
    return this;
  }

  /**
   * Replaces the backend with the same id. Its drain and health stay, unless its generation
   * changes: a new generation begins ready and up. Another address ends an ejection.
   *
   * @param backend the backend
   * @return this edit
   * @throws IllegalArgumentException if the pool does not have the id
   */
  public PoolEdit replace(Backend backend) {
    return update(backend.id(), member -> replacement(member, backend));
  }

  /**
   * Replaces all backends. Those whose ids stay are replaced as by {@link #replace}.
   *
   * @param backends at least one backend, with different ids, in their new order
   * @return this edit
   * @throws IllegalArgumentException if the collection is empty, two ids are equal, or there are
   *     too many; to empty a pool, {@link #follow} an empty list
   */
  public PoolEdit replaceAll(Collection<Backend> backends) {
    checkOpen();
    if (backends.isEmpty()) {
      throw new IllegalArgumentException(
          "backends: [] (expected: 1.." + Pool.MAX_SIZE + " backends)");
    }
    Map<String, Backend> all = byId(backends);
    Map<String, Member> before = new LinkedHashMap<>(members);
    members.clear();
    all.forEach((id, backend) -> {
      Member known = before.get(id);
      put((known == null) ? ready(backend) : replacement(known, backend));
    });
    return this;
  }

  /**
   * Makes the pool's backends those of a complete list, such as the answer of a registry.
   *
   * <ul>
   *   <li>A backend that is not in the list is removed, as by {@link #remove}. If its id comes back
   *       later, it begins ready and up.
   *   <li>A backend with a new id is added, as by {@link #add}.
   *   <li>A backend with a known id is replaced. Its drain and its health stay, even if its address
   *       or its generation changes, in contrast to {@link #replace}: a drain lasts until {@link
   *       #ready}, and a backend that is down stays down until {@link #up}. If the pool has a slow
   *       start, the weight of a new generation grows from now on.
   * </ul>
   *
   * <p>Everything else, including the weights, is taken from the list. Its order does not matter:
   * backends that stay keep their positions, and new ones follow in the order of the list.
   *
   * @param backends backends with different ids; none empties the pool
   * @return this edit
   * @throws FaultException if two ids are equal, or there are too many backends
   */
  public PoolEdit follow(Collection<Backend> backends) {
    checkOpen();
    Map<String, Backend> all = byId(backends);
    members.keySet().retainAll(all.keySet());
    all.forEach((id, backend) -> put(follower(members.get(id), backend)));
    return this;
  }

  /**
   * Removes a backend. Each of its sessions moves with its next request, regardless of the {@link
   * Failover}.
   *
   * @param id the backend's id
   * @return this edit
   * @throws IllegalArgumentException if the pool does not have the id
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
   * @param weight 0..256; at 0 the backend serves only its bound sessions
   * @return this edit
   * @throws IllegalArgumentException if the pool does not have the id, or the weight is out of
   *     range
   */
  public PoolEdit weight(String id, int weight) {
    return update(id, member -> member.with(member.backend().withWeight(weight), now));
  }

  /**
   * Drains a backend: it serves its bound sessions and takes no new ones.
   *
   * @param id the backend's id
   * @return this edit
   * @throws IllegalArgumentException if the pool does not have the id
   */
  public PoolEdit drain(String id) {
    return update(id, member -> member.drained(true));
  }

  /**
   * Ends the drain of a backend.
   *
   * @param id the backend's id
   * @return this edit
   * @throws IllegalArgumentException if the pool does not have the id
   */
  public PoolEdit ready(String id) {
    return update(id, member -> member.drained(false));
  }

  /**
   * Reports a backend as healthy. This ends an ejection, but not a drain. If the backend was down
   * or ejected and the pool has a slow start, its weight grows from now on.
   *
   * @param id the backend's id
   * @return this edit
   * @throws IllegalArgumentException if the pool does not have the id
   */
  public PoolEdit up(String id) {
    return update(id, member -> member.health(false, now));
  }

  /**
   * Reports a backend as unhealthy: no requests are sent to it.
   *
   * @param id the backend's id
   * @return this edit
   * @throws IllegalArgumentException if the pool does not have the id
   */
  public PoolEdit down(String id) {
    return update(id, member -> member.health(true, now));
  }

  private Member replacement(Member known, Backend backend) {
    return known.name().equals(backend.name()) ? known.with(backend, now) : ready(backend);
  }

  private Member follower(@Nullable Member known, Backend backend) {
    if (known == null) {
      return ready(backend);
    }
    return known.name().equals(backend.name())
        ? known.with(backend, now)
        : ready(backend).drained(known.draining()).health(known.down(), now);
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

  private static Map<String, Backend> byId(Collection<Backend> backends) {
    checkSize(backends.size());
    Map<String, Backend> all = new LinkedHashMap<>();
    for (Backend backend : backends) {
      if (all.put(backend.id(), backend) != null) {
        throw new FaultException(Fault.of("backends", backend.id() + " twice", "each id once"));
      }
    }
    return all;
  }

  private static void checkSize(int size) {
    if (size > Pool.MAX_SIZE) {
      throw new FaultException(
          Fault.of("backends", "more than " + Pool.MAX_SIZE, "0.." + Pool.MAX_SIZE));
    }
  }

  /** {@return the member with an id, or null} */
  @Nullable
  Member member(String id) {
    return members.get(id);
  }

  /** {@return all members, in their order} */
  Collection<Member> members() {
    return members.values();
  }

  /** Replaces the member of a backend, or adds it. */
  void put(Member member) {
    members.put(member.backend().id(), member);
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("edit: published (expected: used only inside Pool.change)");
    }
  }

  List<Member> close() {
    closed = true;
    return List.copyOf(members.values());
  }
}
