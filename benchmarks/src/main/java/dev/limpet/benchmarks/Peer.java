package dev.limpet.benchmarks;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the backends of sessions through the public interface of one library. Backends are
 * identified by id, and sessions by number. All sessions have been placed when the peer is made.
 * Many threads may route at once while the backends stay the same.
 */
interface Peer {
  /** The libraries. */
  List<String> NAMES = List.of("limpet", "springCloud", "vertx", "armeria", "undertow", "grpc");

  /**
   * Makes a peer whose sessions have been placed.
   *
   * @param name one of {@link #NAMES}
   * @param backends the ids of its backends
   * @param sessions the number of sessions
   */
  static Peer of(String name, List<String> backends, int sessions) {
    String[] ids = ids(sessions);
    Peer peer = switch (name) {
      case "limpet" -> new LimpetPeer(backends, ids);
      case "springCloud" -> new SpringCloudPeer(backends, ids);
      case "vertx" -> new VertxPeer(backends, ids);
      case "armeria" -> new ArmeriaPeer(backends, ids);
      case "undertow" -> new UndertowPeer(backends, ids);
      case "grpc" -> new GrpcPeer(backends, ids);
      default ->
        throw new IllegalArgumentException("peer: " + name + " (expected: one of " + NAMES + ")");
    };
    peer.visit();
    return peer;
  }

  /**
   * Finds the backend of a session that has been placed; returns the library's own object for it.
   */
  Object route(int session);

  /**
   * Routes a request of each session and its response, as a proxy that uses this library would. A
   * session may be placed again.
   *
   * @return the ids of their backends
   */
  List<String> visit();

  /** Adds a backend permanently. */
  void join(String id);

  /** Removes a backend permanently. */
  void leave(String id);

  /**
   * Marks a backend as down, as a health check does. If the library has no such state, the backend
   * is removed.
   */
  void down(String id);

  /** Marks a backend as up, as a health check does. */
  void up(String id);

  /**
   * Lets a backend take no new sessions but serve those it has.
   *
   * @return the reason why the library cannot express it, or null if it can
   */
  @Nullable
  String drain(String id);

  private static String[] ids(int sessions) {
    Random random = new Random(42);
    return Stream.generate(() -> String.format("%016X%016X", random.nextLong(), random.nextLong()))
        .limit(sessions)
        .toArray(String[]::new);
  }
}
