package dev.limpet.core;

import static dev.limpet.core.Picker.Purpose.NEW_SESSION;
import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.counting;
import static dev.limpet.core.Routing.limited;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PoolSnapshotTest {
  private static final int KEYS = 100;

  private final PoolSnapshot pool =
      counting(limited("a", 1), limited("b", 2), backend("c")).snapshot();

  private void fill(String id) {
    Member member = pool.member(id);
    for (int i = 0; i < member.backend().maxConnections(); i++) {
      member.load().acquire(0);
    }
  }

  @Test
  void choice_isNoFullMember() {
    fill("a");
    fill("b");
    for (long key = 1; key <= KEYS; key++) {
      assertThat(pool.choose(key, null).backend().id()).isEqualTo("c");
      assertThat(pool.pick(key, NEW_SESSION).backend().id()).isEqualTo("c");
    }
  }

  @Test
  void choice_mayBeAMemberThatHasAConnectionLeft() {
    fill("a");
    pool.member("b").load().acquire(0);
    assertThat(Routing.requests(KEYS))
        .extracting(session -> pool.choose(Routing.key(session), null).backend().id())
        .containsOnly("b", "c")
        .contains("b", "c");
  }

  @Test
  void choice_isNobodyWhereAllAreFull() {
    PoolSnapshot one = counting(limited("a", 1)).snapshot();
    one.member("a").load().acquire(0);
    assertThat(one.choose(1, null)).isNull();
    assertThat(one.pick(1, NEW_SESSION)).isNull();
  }
}
