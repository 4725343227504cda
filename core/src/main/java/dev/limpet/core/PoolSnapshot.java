package dev.limpet.core;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The backends of a pool and their states at one moment. A request is judged by one. Immutable. */
public final class PoolSnapshot {
  private final List<Member> members;
  private final Map<String, Member> byName;
  private final Map<String, Integer> weights;
  private final @Nullable Picker picker;
  private final Rendezvous rendezvous;

  private PoolSnapshot(
      List<Member> members,
      Map<String, Integer> weights,
      @Nullable Picker picker,
      Rendezvous rendezvous) {
    this.members = members;
    this.byName = new HashMap<>(
        members.stream().collect(Collectors.toMap(Member::name, Function.identity())));
    this.weights = weights;
    this.picker = picker;
    this.rendezvous = rendezvous;
  }

  static PoolSnapshot of(List<Member> members, Balancer balancer, @Nullable PoolSnapshot before) {
    List<Backend> eligible =
        members.stream().filter(Member::acceptsNew).map(Member::backend).toList();
    Map<String, Integer> weights =
        eligible.stream().collect(Collectors.toUnmodifiableMap(Backend::name, Backend::weight));
    if (before != null && before.weights.equals(weights)) {
      return new PoolSnapshot(members, weights, before.picker, before.rendezvous);
    }
    Picker picker = eligible.isEmpty() ? null : balancer.picker(eligible);
    return new PoolSnapshot(members, weights, picker, new Rendezvous(eligible));
  }

  /** {@return the members in the order in which the pool lists them; unmodifiable} */
  public List<Member> members() {
    return members;
  }

  /**
   * Returns the member with a name.
   *
   * @param name a {@link Backend#name}
   * @return the member, or null if the pool has none of that name
   */
  public @Nullable Member member(String name) {
    return byName.get(name);
  }

  /** {@return the balancer's pick for a new session, or null if no member takes new sessions} */
  @Nullable
  Member pick(long key) {
    return (picker == null) ? null : memberOf(picker.pick(key));
  }

  /**
   * {@return the weighted rendezvous choice among the members that take new sessions and that no route
   * of this request led to, or null if there is none} Without a key the choice is random by weight.
   */
  @Nullable
  Member choose(long key, @Nullable Route tried) {
    long drawn = (key != KeyExtractor.NONE) ? key : ThreadLocalRandom.current().nextLong();
    Backend backend = rendezvous.choose(drawn, b -> tried != null && tried.leadsTo(b.name()));
    return (backend == null) ? null : byName.get(backend.name());
  }

  private Member memberOf(@Nullable Backend picked) {
    Member member = (picked == null) ? null : byName.get(picked.name());
    if (member == null || !member.acceptsNew()) {
      throw new IllegalStateException(
          "pick: " + picked + " (expected: one of " + weights.keySet() + ")");
    }
    return member;
  }

  /** {@return the members with their states} */
  @Override
  public String toString() {
    return members.toString();
  }
}
