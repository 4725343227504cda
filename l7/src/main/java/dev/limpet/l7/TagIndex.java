package dev.limpet.l7;

import dev.limpet.core.Member;
import dev.limpet.core.PoolSnapshot;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The members of a snapshot by the tags of their names under one key. Immutable. */
final class TagIndex {
  /*
   * A hash table in two arrays, at most half full: a tag stands at the place that its low bits
   * name, or at the next free one. Tags are parts of MACs, as good as random.
   */

  private static final long FREE = -1; // no tag: they have 56 bits

  private final PoolSnapshot pool;
  private final Map<String, Long> tags = new HashMap<>();
  private final long[] places;
  private final @Nullable Member[] members; // null where two members have one tag

  private TagIndex(PoolSnapshot pool) {
    int members = pool.members().size();
    this.pool = pool;
    this.places = new long[Integer.highestOneBit(Math.max(1, members)) << 2];
    this.members = new Member[places.length];
    Arrays.fill(places, FREE);
  }

  /**
   * {@return the index of a snapshot}
   *
   * @param before an index under the same key, whose names need not be tagged again; or null
   * @param tagger makes the tag of a name
   */
  static TagIndex of(PoolSnapshot pool, @Nullable TagIndex before, ToLongFunction<String> tagger) {
    TagIndex index = new TagIndex(pool);
    for (Member member : pool.members()) {
      Long known = (before == null) ? null : before.tags.get(member.name());
      index.put(member, (known != null) ? known : tagger.applyAsLong(member.name()));
    }
    return index;
  }

  /** {@return whether this is the index of the snapshot} */
  boolean isOf(PoolSnapshot snapshot) {
    return pool == snapshot;
  }

  /** {@return the one member with the tag; null if there is none, or more than one} */
  @Nullable
  Member member(long tag) {
    return members[place(tag)];
  }

  /** {@return whether more than one member has the tag} */
  boolean isAmbiguous(long tag) {
    int place = place(tag);
    return places[place] == tag && members[place] == null;
  }

  /** {@return the tag of a member's name, or null if there is no such member} */
  @Nullable
  Long tag(String name) {
    return tags.get(name);
  }

  private void put(Member member, long tag) {
    int place = place(tag);
    members[place] = (places[place] == FREE) ? member : null;
    places[place] = tag;
    tags.put(member.name(), tag);
  }

  /** {@return where the tag stands, or the free place where it would} */
  private int place(long tag) {
    int last = places.length - 1;
    int place = (int) tag & last;
    while (places[place] != tag && places[place] != FREE) {
      place = (place + 1) & last;
    }
    return place;
  }
}
