package dev.limpet.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Members that take new sessions, and serve them in place of the tiers after theirs. Thread-safe.
 *
 * <p>What is seen is in a hash map that orders names with one hash code among themselves. An
 * unmodifiable one would compare each of them with all others.
 *
 * @param number the tier's number
 * @param seen what the picker sees of the members, by their names
 * @param picker picks among them
 * @param rendezvous chooses among them
 */
record Tier(int number, Map<String, Spreading.Seen> seen, Picker picker, Rendezvous rendezvous) {

  /**
   * {@return the tiers that have members which take new sessions, in their order} A tier in which
   * nothing changed keeps its picker.
   *
   * @param members all members
   * @param before the tiers as they were
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
