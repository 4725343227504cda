package dev.limpet.micrometer;

import dev.limpet.core.Member;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolSnapshot;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The meters of a pool's backends at one registry. The first backends have meters of their own, and
 * the rest have the meters of {@link #OTHER} together. Thread-safe; never waits.
 *
 * @param <T> the type of the object that the meters read
 */
final class BackendMeters<T> {
  /*
   * Registries announce no scrape, and a thread that looks at the pool now and then would belong to
   * somebody. So every reading of these meters compares the pool's snapshot, and the first one that
   * finds a new snapshot registers and removes meters. Registries allow that, because they hold no
   * lock while they read. New meters show at the same scrape or at the next one.
   *
   * The registry refers to this object, and a snapshot may refer to its pool. So this object refers
   * weakly to the snapshot that it compares.
   */

  /** The value of the tag {@code backend} for all backends without meters of their own. */
  static final String OTHER = "other";

  private final Meters meters;
  private final int most;
  private final Function<? super T, Pool> pool;
  private final Registration<T> registration;
  private final ReentrantLock following = new ReentrantLock();
  private final Map<String, Meters> byId = new HashMap<>(); // for one thread at a time
  private volatile View view = View.EMPTY;

  /**
   * Makes meters that follow no pool yet.
   *
   * @param most the number of backends that get meters of their own
   * @param pool finds the pool of the object that is read
   * @param registration registers the meters of a backend; called again and again
   */
  BackendMeters(
      Meters meters, int most, Function<? super T, Pool> pool, Registration<T> registration) {
    this.meters = meters;
    this.most = most;
    this.pool = pool;
    this.registration = registration;
  }

  /** Registers the meters of the backends that the pool has now, and those of the others. */
  void begin(T object) {
    registration.register(this, meters.group(TagValues.BACKEND, OTHER), object, OTHER);
    follow(object);
  }

  /** Brings the meters up to date, and returns which backends have meters of their own. */
  View follow(T object) {
    if (!view.isOf(snapshot(object)) && following.tryLock()) {
      try {
        update(object, snapshot(object));
      } finally {
        following.unlock();
      }
    }
    return view;
  }

  /** {@return the members that a value of the tag {@code backend} stands for} */
  List<Member> members(T object, String id) {
    View now = follow(object);
    PoolSnapshot snapshot = snapshot(object);
    if (id.equals(OTHER)) {
      return snapshot.members().stream()
          .filter(member -> !now.own().contains(member.name()))
          .toList();
    }
    String name = now.names().get(id);
    Member member = (name == null) ? null : snapshot.member(name);
    return (member == null) ? List.of() : List.of(member);
  }

  private PoolSnapshot snapshot(T object) {
    return pool.apply(object).snapshot();
  }

  private void update(T object, PoolSnapshot now) {
    if (view.isOf(now)) {
      return;
    }
    Map<String, String> names = chosen(now);
    view = new View(new WeakReference<>(now), names, Set.copyOf(names.values()));
    for (String id : Set.copyOf(byId.keySet())) {
      if (!names.containsKey(id)) {
        remove(id);
      }
    }
    for (String id : names.keySet()) {
      if (!byId.containsKey(id)) {
        add(object, id);
      }
    }
  }

  private void add(T object, String id) {
    Meters own = meters.group(TagValues.BACKEND, id);
    byId.put(id, own);
    registration.register(this, own, object, id);
  }

  private void remove(String id) {
    Meters removed = byId.remove(id);
    if (removed != null) {
      removed.remove();
    }
  }

  /**
   * {@return the names, by id, of the backends that get meters of their own} Those that have some
   * keep them. If there are fewer than allowed, the first of the others in the pool's order follow.
   */
  private Map<String, String> chosen(PoolSnapshot now) {
    Map<String, String> names = new HashMap<>();
    choose(names, now, byId::containsKey);
    choose(names, now, id -> !id.equals(OTHER));
    return names;
  }

  private void choose(Map<String, String> names, PoolSnapshot now, Predicate<String> isWanted) {
    for (Member member : now.members()) {
      String id = member.backend().id();
      if (names.size() == most) {
        return;
      }
      if (isWanted.test(id)) {
        names.put(id, member.name());
      }
    }
  }

  /** Registers the meters of a backend, or those of {@link #OTHER}. */
  @FunctionalInterface
  interface Registration<T> {
    void register(BackendMeters<T> all, Meters own, T object, String id);
  }

  /**
   * The backends that have meters of their own. Immutable.
   *
   * @param snapshot the pool's snapshot at that time
   * @param names their names by id
   * @param own their names
   */
  record View(WeakReference<PoolSnapshot> snapshot, Map<String, String> names, Set<String> own) {
    static final View EMPTY = new View(new WeakReference<>(null), Map.of(), Set.of());

    boolean isOf(PoolSnapshot now) {
      return snapshot.refersTo(now);
    }
  }
}
