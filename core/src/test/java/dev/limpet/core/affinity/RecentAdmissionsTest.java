package dev.limpet.core.affinity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RecentAdmissionsTest {
  private final RecentAdmissions admitted = new RecentAdmissions();

  @Test
  void key_isKnownUntilItIsRemoved() {
    admitted.add(1);
    assertThat(admitted.contains(1)).isTrue();
    assertThat(admitted.contains(2)).isFalse();
    admitted.remove(1);
    assertThat(admitted.contains(1)).isFalse();
  }

  @Test
  void ofKeysThatShareAPlace_theLaterIsKnown() {
    for (long key = 1; key <= 100_000; key++) {
      admitted.add(key);
      assertThat(admitted.contains(key)).isTrue();
    }
    LongStream.rangeClosed(1, 50_000).forEach(admitted::remove);
    assertThat(LongStream.rangeClosed(1, 100_000).filter(admitted::contains)).hasSize(1_024);
  }
}
