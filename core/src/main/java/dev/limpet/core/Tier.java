package dev.limpet.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The members of a tier that take new sessions. Tiers with higher numbers are used only if no
 * member of this tier can. Thread-safe.
 *
 * <p>The seen properties are in a HashMap, because it sorts names that have the same hash code. An
 * unmodifiable map would compare each of them with all others.
 *
 * @param number the tier's number
 * @param seen the properties of the members that the picker depends on, by their names
 * @param picker picks among them
 * @param rendezvous makes rendezvous choices among them
 */
record Tier(int number, Map<String, Spreading.Seen> seen, Picker picker, Rendezvous rendezvous) {

  /**
   * {@return the tiers that have members which take new sessions, in their order} A tier keeps its
   * picker if nothing in it changed.
   *
   * @param members all members
   * @param before the earlier tiers
   */
  static List<Tier> of(List<Member> members, Spreading spreading, List<Tier> before) {
    Map<Integer, List<Member>> byNumber = members.stream()
        .filter(Member::acceptsNew)
        .collect(Collectors.groupingBy(
            member -> member.backend().tier(), TreeMap::new, Collectors.toList()));
    List<Tier> tiers = new ArrayList<>();
    byNumber.forEach((number, same) -> tiers.add(of(number, same, spreading, before)));
    return List.copyOf(tiers);
  }

  /** Returns whether a member is not at capacity. */
  boolean hasRoom(Map<String, Member> members) {
    for (String name : seen.keySet()) {
      Member member = members.get(name);
      if (member != null && !member.isFull()) {
        return true;
      }
    }
    return false;
  }

  private static Tier of(int number, List<Member> members, Spreading spreading, List<Tier> before) {
    Map<String, Spreading.Seen> seen =
        members.stream().collect(Collectors.toMap(Member::name, spreading::seen));
    for (Tier tier : before) {
      if (tier.number == number && tier.seen.equals(seen)) {
        return tier;
      }
    }
    List<Backend> backends = members.stream().map(Member::backend).toList();
    return new Tier(number, seen, spreading.picker(members), new Rendezvous(backends));
  }
}
