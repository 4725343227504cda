package dev.limpet.redis;

import org.junit.jupiter.api.Test;

class LateReplyTest {
  @Test
  void lateReplies_areGivenToNobodyElse() throws Exception {
    Delays.run(3_000);
  }
}
