package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Member;
import dev.limpet.core.Pool;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TagIndexTest {
  private final Pool pool = Pool.of("web", backend("a"), backend("b"), backend("c"), backend("d"));

  @Test
  void findsEachMemberByItsTag() {
    TagIndex index = TagIndex.of(pool.snapshot(), null, TagIndexTest::tag);

    for (Member member : pool.snapshot().members()) {
      assertThat(index.member(tag(member.name()))).isSameAs(member);
      assertThat(index.tag(member.name())).isEqualTo(tag(member.name()));
    }
    assertThat(index.member(0)).isNull();
    assertThat(index.isAmbiguous(0)).isFalse();
    assertThat(index.tag("e")).isNull();
  }

  @Test
  void twoMembersWithOneTagAreBothGone() {
    TagIndex index =
        TagIndex.of(pool.snapshot(), null, name -> name.equals("c") ? tag("a") : tag(name));

    assertThat(index.member(tag("a"))).isNull();
    assertThat(index.isAmbiguous(tag("a"))).isTrue();
    assertThat(index.member(tag("b"))).isNotNull();
    assertThat(index.isAmbiguous(tag("b"))).isFalse();
  }

  @Test
  void tagsOfEqualLowBitsAreToldApart() {
    for (int low = 0; low < 64; low++) {
      long bits = low;
      TagIndex index =
          TagIndex.of(pool.snapshot(), null, name -> (long) name.charAt(0) << 40 | bits);

      for (Member member : pool.snapshot().members()) {
        assertThat(index.member((long) member.name().charAt(0) << 40 | bits)).isSameAs(member);
      }
      assertThat(index.member(bits)).isNull();
      assertThat(index.isAmbiguous(bits)).isFalse();
    }
  }

  @Test
  void threeMembersWithOneTagAreAllGone() {
    TagIndex index = TagIndex.of(pool.snapshot(), null, name -> 1);

    assertThat(index.member(1)).isNull();
    assertThat(index.isAmbiguous(1)).isTrue();
  }

  @Test
  void tagsNewNamesOnly() {
    List<String> tagged = new ArrayList<>();
    TagIndex first = TagIndex.of(pool.snapshot(), null, TagIndexTest::tag);
    pool.change(edit -> edit.remove("a").add(backend("e")).down("b"));

    TagIndex second = TagIndex.of(pool.snapshot(), first, name -> {
      tagged.add(name);
      return tag(name);
    });

    assertThat(tagged).containsExactly("e");
    assertThat(second.member(tag("a"))).isNull();
    assertThat(second.member(tag("b"))).isSameAs(pool.snapshot().member("b"));
    assertThat(second.member(tag("e"))).isSameAs(pool.snapshot().member("e"));
  }

  @Test
  void aKeyMakesItsIndexOncePerSnapshot() {
    TokenKey key = new TokenKey(0, new byte[32], "c", "p");
    TagIndex first = key.index(pool.snapshot());
    assertThat(key.index(pool.snapshot())).isSameAs(first);

    pool.change(edit -> edit.down("b"));

    assertThat(key.index(pool.snapshot())).isNotSameAs(first);
    assertThat(key.index(pool.snapshot()).isOf(pool.snapshot())).isTrue();
  }

  private static long tag(String name) {
    return name.charAt(0) * 7919L;
  }

  private static Backend backend(String id) {
    return Backend.of(id, "127.0.0.1", 80);
  }
}
