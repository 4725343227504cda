package dev.limpet.redis;

import org.junit.jupiter.api.Test;

class SameKeysTest {
  @Test
  void twoProcesses_agreeOnEveryNewSession() throws Exception {
    SameKeys.run(10_000);
  }
}
