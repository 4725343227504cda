package dev.limpet.redis;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import org.junit.jupiter.api.Test;

class RedisLinkTest {
  private static final RedisURI NOWHERE = RedisURI.create("redis://127.0.0.1:1");

  @Test
  void clientsThatKeepCommandsWhileTheyAreDisconnected_areRefused() {
    RedisClient client = RedisClient.create();
    RedisClusterClient cluster = RedisClusterClient.create(NOWHERE);
    String message = "disconnectedBehavior: DEFAULT"
        + " (expected: REJECT_COMMANDS, as RedisLink.options sets it)";
    try {
      assertThatThrownBy(() -> RedisLink.of(client, NOWHERE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(message);
      assertThatThrownBy(() -> RedisLink.of(cluster))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(message);
    } finally {
      client.shutdown();
      cluster.shutdown();
    }
  }
}
