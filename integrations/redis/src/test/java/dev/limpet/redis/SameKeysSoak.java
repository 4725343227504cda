package dev.limpet.redis;

import org.junit.jupiter.api.Test;

/** At full size: 100,000 sessions. */
class SameKeysSoak {
  @Test
  void twoProcesses_agreeOnEveryNewSession() throws Exception {
    SameKeys.run(100_000);
  }
}
