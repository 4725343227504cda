package dev.limpet.l7;

import dev.limpet.core.Member;
import dev.limpet.core.PoolSnapshot;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** An index of a snapshot's members by the tags of their names under one key. Immutable. */
final class TagIndex {
  /*
   * This is a hash table with open addressing in two arrays, at most half full. The low bits of a
   * tag are its first index; if that is taken, the next free one is used. Tags are parts of MACs,
   * so they are as good as random.
   */

  private static final long FREE = -1; // no tag: tags have 56 bits, or are keys of a hasher

  private final PoolSnapshot pool;
  private final Map<String, Long> tags = new HashMap<>();
  private final long[] places;
  private final @Nullable Member[] members; // null if two members have the same tag

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
   * @param before an earlier index under the same key, whose tags are reused; or null
   * @param tagger computes the tag of a name
   */
  static TagIndex of(PoolSnapshot pool, @Nullable TagIndex before, ToLongFunction<String> tagger) {
    TagIndex index = new TagIndex(pool);
    for (Member member : pool.members()) {
      Long known = (before == null) ? null : before.tags.get(member.name());
      index.put(member, (known != null) ? known : tagger.applyAsLong(member.name()));
    }
    return index;
  }

  /** Returns whether this is the index of a snapshot. */
  boolean isOf(PoolSnapshot snapshot) {
    return pool == snapshot;
  }

  /** {@return the only member with a tag; null if no member has it, or more than one} */
  @Nullable
  Member member(long tag) {
    return members[place(tag)];
  }

  /** Returns whether more than one member has a tag. */
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

  /** {@return the index of a tag, or the free index where it would be} */
  private int place(long tag) {
    int last = places.length - 1;
    int place = (int) tag & last;
    while (places[place] != tag && places[place] != FREE) {
      place = (place + 1) & last;
    }
    return place;
  }
}
