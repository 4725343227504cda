package dev.limpet.redis;

import org.junit.jupiter.api.Test;

/** At full size: 100,000 calls. */
class LateReplySoak {
  @Test
  void lateReplies_areGivenToNobodyElse() throws Exception {
    Delays.run(100_000);
  }
}
