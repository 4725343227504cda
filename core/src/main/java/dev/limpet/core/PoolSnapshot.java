package dev.limpet.core;

import dev.limpet.core.Picker.Purpose;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The backends of a pool and their states at one moment. Each routing decision uses one snapshot.
 * Immutable.
 */
public final class PoolSnapshot {
  private final List<Member> members;
  private final Map<String, Member> byName;
  private final List<Tier> tiers;
  private final boolean limited;
  private final boolean chargesHits;
  private final boolean hasEjected;
  private final @Nullable Ejected ejected;

  private PoolSnapshot(
      List<Member> members, List<Tier> tiers, boolean chargesHits, boolean picksByKey) {
    this.members = members;
    this.byName = new HashMap<>(
        members.stream().collect(Collectors.toMap(Member::name, Function.identity())));
    this.tiers = tiers;
    this.limited = members.stream().anyMatch(m -> m.backend().maxConnections() > 0);
    this.chargesHits = chargesHits;
    this.hasEjected = members.stream().anyMatch(member -> member.ejection() != null);
    this.ejected = hasEjected ? Ejected.of(members, picksByKey) : null;
  }

  static PoolSnapshot of(List<Member> members, Spreading spreading, @Nullable PoolSnapshot before) {
    List<Tier> tiers = Tier.of(members, spreading, (before == null) ? List.of() : before.tiers);
    Balancer balancer = spreading.balancer();
    return new PoolSnapshot(members, tiers, chargesHits(balancer), balancer.picksByKey());
  }

  private static boolean chargesHits(Balancer balancer) {
    return balancer instanceof WeightedRoundRobin turns && turns.chargesHits();
  }

  /** {@return the members in the pool's order; unmodifiable} */
  public List<Member> members() {
    return members;
  }

  /**
   * Returns the member with a name.
   *
   * @param name a {@link Backend#name}
   * @return the member, or null if the pool has none with that name
   */
  public @Nullable Member member(String name) {
    return byName.get(name);
  }

  /** {@return the member with a name and an address, or null} */
  @Nullable
  Member member(String name, InetSocketAddress address) {
    Member member = byName.get(name);
    return (member != null && member.backend().address().equals(address)) ? member : null;
  }

  /** Returns whether a backend that was once a member takes new sessions now, or is probed. */
  boolean takesNew(Member once) {
    return forNew(once) != null;
  }

  /**
   * {@return the member for a new session of a backend that was once a member: if that was for a
   * probe, the same one} Null if the backend takes no new sessions now.
   */
  @Nullable
  Member forNew(Member once) {
    Member now = byName.get(once.name());
    if (now == null || now.acceptsNew()) {
      return now;
    }
    return (once.probe() != null && now.isEligible() && now.ejection() == once.ejection())
        ? once
        : null;
  }

  /** Returns whether any member is ejected. */
  boolean hasEjected() {
    return hasEjected;
  }

  /**
   * Returns whether an earlier tier than that of a member takes new sessions and is not at
   * capacity.
   */
  boolean servesEarlierThan(Member member) {
    for (Tier tier : tiers) {
      if (tier.number() >= member.backend().tier()) {
        return false;
      }
      if (tier.hasRoom(byName)) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether any member has a maximum number of connections. */
  boolean isLimited() {
    return limited;
  }

  /** Returns whether there are members that take new sessions, but all of them are at capacity. */
  boolean isFull() {
    return limited
        && !tiers.isEmpty()
        && members.stream().noneMatch(member -> member.acceptsNew() && !member.isFull());
  }

  /** Returns whether a member may take a new session, perhaps as a probe. */
  boolean hasRoom() {
    return !tiers.isEmpty() && (hasEjected || !isFull());
  }

  /** Returns whether requests of bound sessions count against their backend's next turn. */
  boolean chargesHits() {
    return chargesHits;
  }

  /**
   * {@return the balancer's pick in the first tier; if it is at capacity, the choice of another
   * member} Null if no member takes new sessions, or all are at capacity.
   */
  @Nullable
  Member pick(long key, Purpose purpose) {
    Member probe = (ejected == null) ? null : ejected.probe(key);
    if (probe != null) {
      return probe;
    }
    if (tiers.isEmpty()) {
      return null;
    }
    Member picked = picked(tiers.get(0), key, purpose);
    return picked.isFull() ? choose(key, null) : picked;
  }

  /** {@return the choice for a request whose session is not bound} */
  @Nullable
  Member choose(long key, @Nullable Route tried) {
    return choose(key, tried, null);
  }

  /**
   * {@return the weighted rendezvous choice among the members that take new sessions, are not at
   * capacity and have not been tried by this request, in the first tier that has any; null without
   * such a member} Without a key the choice is random by weight. If nobody else can serve the
   * request, it probes any ejected member.
   *
   * @param left the name that the session is bound to, which it does not probe because of its hash
   */
  @Nullable
  Member choose(long key, @Nullable Route tried, @Nullable String left) {
    Member probe = (ejected == null || tried != null) ? null : ejected.probeOfChoice(key, left);
    if (probe != null) {
      return probe;
    }
    Member chosen = chooseServing(key, tried);
    return (chosen != null || ejected == null) ? chosen : ejected.probeAny(tried);
  }

  /** {@return the choice among the members that serve; never a probe} */
  @Nullable
  Member chooseServing(long key, @Nullable Route tried) {
    long drawn = (key != KeyExtractor.NONE) ? key : ThreadLocalRandom.current().nextLong();
    for (Tier tier : tiers) {
      Backend backend = tier.rendezvous().choose(drawn, b -> isOut(b, tried));
      if (backend != null) {
        return byName.get(backend.name());
      }
    }
    return null;
  }

  private boolean isOut(Backend backend, @Nullable Route tried) {
    if (tried != null && tried.leadsTo(backend.name())) {
      return true;
    }
    Member member = limited ? byName.get(backend.name()) : null;
    return member != null && member.isFull();
  }

  private Member picked(Tier tier, long key, Purpose purpose) {
    Backend picked = tier.picker().pick(key, purpose);
    Member member = (picked == null) ? null : byName.get(picked.name());
    if (member == null || !member.acceptsNew()) {
      throw new IllegalStateException(
          "pick: " + picked + " (expected: one of " + tier.seen().keySet() + ")");
    }
    return member;
  }

  /** {@return the members with their states} */
  @Override
  public String toString() {
    return members.toString();
  }
}
