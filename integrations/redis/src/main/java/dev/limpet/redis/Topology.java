package dev.limpet.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.util.concurrent.CompletionStage;

/** A way to connect to Redis, whether it is one server or many. Never blocks. */
interface Topology {

  /** {@return a connection for scripts} */
  CompletionStage<StatefulConnection<byte[], byte[]>> connect();

  /** {@return a connection for messages} */
  CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> connectPubSub();

  /**
   * Returns whether all scripts go to one server, so that none can be sent while the connection for
   * them is broken.
   */
  boolean isOneServer();

  /** {@return the client's resources} */
  ClientResources resources();

  /**
   * Watches servers that can become unreachable while the connection itself holds.
   *
   * @param back runs whenever such a server is reachable again, or others have taken its place
   * @return ends the watch
   */
  Runnable watch(Runnable back);

  /** One server, or the servers that Sentinels name. */
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
