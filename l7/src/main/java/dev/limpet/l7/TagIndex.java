package dev.limpet.l7;

import dev.limpet.core.Member;
import dev.limpet.core.PoolSnapshot;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The members of a snapshot by the tags of their names under one key. Immutable. */
final class TagIndex {
  private final PoolSnapshot pool;
  private final Map<String, Long> tags;
  private final long[] sorted;
  private final @Nullable Member[] members; // null where two members have one tag

  private TagIndex(
      PoolSnapshot pool, Map<String, Long> tags, SortedMap<Long, @Nullable Member> byTag) {
    this.pool = pool;
    this.tags = tags;
    this.sorted = byTag.keySet().stream().mapToLong(Long::longValue).toArray();
    this.members = byTag.values().toArray(new Member[0]);
  }

  /**
   * {@return the index of a snapshot}
   *
   * @param before an index under the same key, whose names need not be tagged again; or null
   * @param tagger makes the tag of a name
   */
  static TagIndex of(PoolSnapshot pool, @Nullable TagIndex before, ToLongFunction<String> tagger) {
    Map<String, Long> tags = new HashMap<>();
    SortedMap<Long, @Nullable Member> byTag = new TreeMap<>();
    for (Member member : pool.members()) {
      Long known = (before == null) ? null : before.tags.get(member.name());
      long tag = (known != null) ? known : tagger.applyAsLong(member.name());
      tags.put(member.name(), tag);
      byTag.put(tag, byTag.containsKey(tag) ? null : member);
    }
    return new TagIndex(pool, tags, byTag);
  }

  /** {@return whether this is the index of the snapshot} */
  boolean isOf(PoolSnapshot snapshot) {
    return pool == snapshot;
  }

  /** {@return the one member with the tag; null if there is none, or more than one} */
  @Nullable
  Member member(long tag) {
    int at = Arrays.binarySearch(sorted, tag);
    return (at < 0) ? null : members[at];
  }

  /** {@return whether more than one member has the tag} */
  boolean isAmbiguous(long tag) {
    int at = Arrays.binarySearch(sorted, tag);
    return at >= 0 && members[at] == null;
  }

  /** {@return the tag of a member's name, or null if there is no such member} */
  @Nullable
  Long tag(String name) {
    return tags.get(name);
  }
}
