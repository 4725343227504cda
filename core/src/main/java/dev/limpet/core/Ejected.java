package dev.limpet.core;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ejected members of a snapshot that new sessions may probe: those of the first tier that would
 * take new sessions if no member were ejected. Immutable.
 */
final class Ejected {
  /*
   * If sessions are chosen by their keys, a probe must be a session that belongs to the ejected
   * backend. Others would be sent to a backend that is not theirs.
   */

  private final List<Member> members;
  private final List<Member> ofAllTiers;
  private final Rendezvous all;
  private final boolean picksByKey;

  private Ejected(
      List<Member> members, List<Member> ofAllTiers, Rendezvous all, boolean picksByKey) {
    this.members = members;
    this.ofAllTiers = ofAllTiers;
    this.all = all;
    this.picksByKey = picksByKey;
  }

  static Ejected of(List<Member> members, boolean picksByKey) {
    List<Member> eligible = members.stream().filter(Member::isEligible).toList();
    int first = eligible.stream().mapToInt(Ejected::tier).min().orElse(0);
    List<Member> tier =
        eligible.stream().filter(member -> tier(member) == first).toList();
    return new Ejected(
        ejected(tier),
        ejected(eligible),
        new Rendezvous(tier.stream().map(Member::backend).toList()),
        picksByKey);
  }

  private static List<Member> ejected(List<Member> members) {
    return members.stream().filter(member -> member.ejection() != null).toList();
  }

  private static int tier(Member member) {
    return member.backend().tier();
  }

  /** {@return a member that a request with a key may probe now, or null} */
  @Nullable
  Member probe(long key) {
    if (picksByKey && key != KeyExtractor.NONE) {
      return probeOfChoice(key, null);
    }
    return probeAny(members, null);
  }

  /** {@return a member of any tier that a request may probe now and has not tried, or null} */
  @Nullable
  Member probeAny(@Nullable Route tried) {
    return probeAny(ofAllTiers, tried);
  }

  private static @Nullable Member probeAny(List<Member> members, @Nullable Route tried) {
    for (Member member : members) {
      boolean isTried = tried != null && tried.leadsTo(member.name());
      Member probe = isTried ? null : probe(member);
      if (probe != null) {
        return probe;
      }
    }
    return null;
  }

  /**
   * {@return the rendezvous choice of a key among all members, if it is one that may be probed now}
   * Otherwise null.
   *
   * @param left the name of a member that this must not return, or null
   */
  @Nullable
  Member probeOfChoice(long key, @Nullable String left) {
    Backend choice = (key == KeyExtractor.NONE) ? null : all.choose(key, backend -> false);
    for (Member member : members) {
      if (choice != null
          && member.name().equals(choice.name())
          && !member.name().equals(left)) {
        return probe(member);
      }
    }
    return null;
  }

  private static @Nullable Member probe(Member member) {
    return member.isFull() ? null : member.probe(Duration.ZERO);
  }
}
