package dev.limpet.redis;

import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The subscribers of the channels on one connection for messages. */
@SuppressWarnings("FutureReturnValueIgnored") // the tasks of the timer never throw
final class Subscriptions extends RedisPubSubAdapter<byte[], byte[]> {

  /** Receives the messages of a channel, on Lettuce's threads. */
  interface Subscriber {
    void message(byte[] message);

    /** Notes that messages may have been missed. */
    void resumed();
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Subscription(byte[] channel, Subscriber subscriber) {}

  /*
   * After a reconnect, Lettuce repeats only subscriptions that a server has confirmed before. A
   * first SUBSCRIBE that fails is therefore repeated here, until it is confirmed or the link is
   * closed.
   */
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService executor;
  private final Backoff backoff = new Backoff();

  private volatile @Nullable StatefulRedisPubSubConnection<byte[], byte[]> connection;
  private volatile boolean closed;

  Subscriptions(ScheduledExecutorService executor) {
    this.executor = executor;
  }

  void add(byte[] channel, Subscriber subscriber) {
    Subscription subscription = new Subscription(channel, subscriber);
    subscriptions.add(subscription);
    StatefulRedisPubSubConnection<byte[], byte[]> now = connection;
    if (now != null) {
      subscribe(now, subscription);
    }
  }

  void opened(StatefulRedisPubSubConnection<byte[], byte[]> opened) {
    opened.addListener(this);
    connection = opened;
    for (Subscription subscription : subscriptions) {
      subscribe(opened, subscription);
    }
  }

  /** Stops repeating subscriptions. */
  void close() {
    closed = true;
  }

  void resumed() {
    for (Subscription subscription : subscriptions) {
      subscription.subscriber.resumed();
    }
  }

  @Override
  public void message(byte[] channel, byte[] message) {
    for (Subscription subscription : subscriptions) {
      if (Arrays.equals(subscription.channel, channel)) {
        subscription.subscriber.message(message);
      }
    }
  }

  @Override
  public void subscribed(byte[] channel, long count) {
    for (Subscription subscription : subscriptions) {
      if (Arrays.equals(subscription.channel, channel)) {
        subscription.subscriber.resumed();
      }
    }
  }

  private void subscribe(
      StatefulRedisPubSubConnection<byte[], byte[]> to, Subscription subscription) {
    if (!isCurrent(to)) {
      return;
    }
    if (!to.isOpen()) {
      subscribeLater(to, subscription);
      return;
    }
    to.async().subscribe(subscription.channel).whenComplete((done, failure) -> {
      if (failure != null) {
        subscribeLater(to, subscription);
      } else {
        backoff.reset();
      }
    });
  }

  @SuppressWarnings("ReferenceEquality") // a connection is equal only to itself
  private boolean isCurrent(StatefulRedisPubSubConnection<byte[], byte[]> other) {
    return !closed && connection == other;
  }

  private void subscribeLater(
      StatefulRedisPubSubConnection<byte[], byte[]> to, Subscription subscription) {
    try {
      executor.schedule(() -> subscribe(to, subscription), backoff.next(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      connection = null;
    }
  }
}
