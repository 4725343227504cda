package dev.limpet.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.util.concurrent.CompletionStage;

/** How to reach Redis, be it one server or many. Blocks nobody. */
interface Topology {

  /** {@return a connection for scripts} */
  CompletionStage<StatefulConnection<byte[], byte[]>> connect();

  /** {@return a connection for messages} */
  CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> connectPubSub();

  /** {@return whether scripts can go nowhere while the connection for them is broken} */
  boolean isOneServer();

  /** {@return what the client works with} */
  ClientResources resources();

  /**
   * Watches for servers that were out of reach behind a connection that holds.
   *
   * @param back run whenever one is there again, or others serve in its place
   * @return ends it
   */
  Runnable watch(Runnable back);

  /** One server, or those that Sentinels name. */
  record Standalone(RedisClient client, RedisURI uri) implements Topology {
    @Override
    public CompletionStage<StatefulConnection<byte[], byte[]>> connect() {
      return client.connectAsync(ByteArrayCodec.INSTANCE, uri).thenApply(made -> made);
    }

    @Override
    public CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> connectPubSub() {
      return client.connectPubSubAsync(ByteArrayCodec.INSTANCE, uri);
    }

    @Override
    public boolean isOneServer() {
      return true;
    }

    @Override
    public ClientResources resources() {
      return client.getResources();
    }

    @Override
    public Runnable watch(Runnable back) {
      return () -> {};
    }
  }
}
