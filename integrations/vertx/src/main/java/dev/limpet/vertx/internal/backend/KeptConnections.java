package dev.limpet.vertx.internal.backend;

import io.netty.channel.EventLoop;
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
  private final Map<Peer, ArrayDeque<Waiting>> waiting = new HashMap<>();
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
  BackendConnection take(Peer peer) {
    ArrayDeque<Waiting> same = waiting.get(peer);
    return (same == null) ? null : take(same, System.nanoTime());
  }

  /** Takes one that is fit, and closes those on top of it that are not. */
  private @Nullable BackendConnection take(ArrayDeque<Waiting> same, long now) {
    Waiting busy = null; // at most one: its response is being handled right now
    BackendConnection fit = null;
    while (fit == null && !same.isEmpty()) {
      Waiting last = same.pop();
      if (last.isOver(now)) {
        continue;
      }
      BackendSocket.State state = state(last.connection());
      fit = (state == BackendSocket.State.SILENT) ? last.connection() : null;
      busy = (state == BackendSocket.State.BUSY) ? last : busy;
    }
    if (busy != null) {
      same.push(busy);
    }
    return fit;
  }

  /** Keeps a connection for its next request. */
  void keep(BackendConnection connection, long nanos) {
    waiting
        .computeIfAbsent(connection.peer(), peer -> new ArrayDeque<>())
        .push(new Waiting(connection, System.nanoTime() + nanos));
    if (!isSweeping) {
      isSweeping = true;
      sweepLater();
    }
  }

  /** Returns the state of a connection, and closes it if it cannot be used again. */
  private BackendSocket.State state(BackendConnection connection) {
    BackendSocket.State state = connection.probe();
    if (state == BackendSocket.State.SPOKE) {
      countSurplus();
    }
    if (state == BackendSocket.State.SPOKE || state == BackendSocket.State.GONE) {
      connection.close();
    }
    return state;
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
      boolean isOver = now - end >= 0;
      if (isOver) {
        connection.close();
      }
      return isOver || !connection.socket().isActive();
    }
  }
}
