package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecallTest {

  @Test
  void toString_isTheNameOrWhyThereIsNone() {
    PoolSnapshot pool = Routing.pool("a").snapshot();
    assertThat(Recall.of("a", pool)).hasToString("a");
    assertThat(Recall.none(Reason.NO_KEY)).hasToString("none: NO_KEY");
    assertThat(Recall.hashed(Reason.UNKNOWN)).hasToString("by hash: UNKNOWN");
  }
}
