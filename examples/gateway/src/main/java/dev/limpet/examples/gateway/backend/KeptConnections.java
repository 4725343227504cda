package dev.limpet.examples.gateway.backend;

import io.netty.channel.EventLoop;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The idle connections of one event loop. For that event loop. */
final class KeptConnections {
  /*
   * Each event loop has its own connections, so a request and its response never change threads.
   * The most recently used connection is taken first, so connections that are not needed become old
   * and are closed.
   */

  /** The longest time that a connection waits for its next request. */
  static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final Pattern TIMEOUT =
      Pattern.compile("(?i)(?:^|.*[,\\s])timeout=(\\d{1,5})\\b.*");
  private static final long SWEEP_SECONDS = 1;

  private final EventLoop loop;
  private final BackendCounts counts;
  private final Consumer<Throwable> reports;
  private final Map<SocketAddress, ArrayDeque<Waiting>> waiting = new HashMap<>();
  private boolean isSweeping;

  KeptConnections(EventLoop loop, BackendCounts counts, Consumer<Throwable> reports) {
    this.loop = loop;
    this.counts = counts;
    this.reports = reports;
  }

  /** Returns how long a connection may wait according to the Keep-Alive field of a response. */
  static long nanos(@Nullable String keepAlive) {
    Matcher timeout = (keepAlive == null) ? null : TIMEOUT.matcher(keepAlive);
    return (timeout != null && timeout.matches())
        ? Math.min(LIMIT_NANOS, TimeUnit.SECONDS.toNanos(Long.parseLong(timeout.group(1))))
        : LIMIT_NANOS;
  }

  /** Takes a connection on which nothing has arrived since its last response, or returns null. */
  @Nullable
  BackendConnection take(SocketAddress address) {
    ArrayDeque<Waiting> same = waiting.get(address);
    long now = System.nanoTime();
    while (same != null && !same.isEmpty()) {
      Waiting last = same.pop();
      if (!last.isOver(now) && isFit(last.connection())) {
        return last.connection();
      }
    }
    return null;
  }

  /** Keeps a connection for its next request. */
  void keep(BackendConnection connection, long nanos) {
    waiting
        .computeIfAbsent(connection.address(), address -> new ArrayDeque<>())
        .push(new Waiting(connection, System.nanoTime() + nanos));
    if (!isSweeping) {
      isSweeping = true;
      sweepLater();
    }
  }

  private boolean isFit(BackendConnection connection) {
    BackendSocket.State state = connection.socket().probe();
    if (state == BackendSocket.State.SPOKE) {
      countSurplus();
    }
    if (state != BackendSocket.State.SILENT) {
      connection.close();
    }
    return state == BackendSocket.State.SILENT;
  }

  void countSurplus() {
    counts.surplus();
  }

  void report(Throwable cause) {
    reports.accept(cause);
  }

  private void sweepLater() {
    var unused = loop.schedule(this::sweep, SWEEP_SECONDS, TimeUnit.SECONDS);
  }

  private void sweep() {
    long now = System.nanoTime();
    waiting.values().forEach(same -> same.removeIf(kept -> kept.isOver(now)));
    waiting.values().removeIf(Collection::isEmpty);
    isSweeping = !waiting.isEmpty();
    if (isSweeping) {
      sweepLater();
    }
  }

  private record Waiting(BackendConnection connection, long end) {
    /** Returns whether the connection is closed. Closes it if it has waited too long. */
    boolean isOver(long now) {
      if (now - end >= 0) {
        connection.close();
      }
      return !connection.socket().isActive();
    }
  }
}
