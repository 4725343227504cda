package dev.limpet.benchmarks;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the backend of each of a number of sessions, by the public interface of one library. Its
 * backends are known by id; its sessions, by number, have been placed when it is made. Sessions may
 * be routed by many threads at once while the backends stay the same.
 */
interface Peer {
  /** The libraries. */
  List<String> NAMES = List.of("limpet", "springCloud", "vertx", "armeria", "undertow", "grpc");

  /**
   * Makes a peer whose sessions have been placed.
   *
   * @param name one of {@link #NAMES}
   * @param backends the ids of its backends
   * @param sessions how many sessions there are
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

  /** Decides for a session that has been placed; returns the backend as the library holds it. */
  Object route(int session);

  /**
   * Routes a request of each session and its response, as a proxy on this library would, so that a
   * session may be placed anew.
   *
   * @return the ids of their backends
   */
  List<String> visit();

  /** Adds a backend for good. */
  void join(String id);

  /** Removes a backend for good. */
  void leave(String id);

  /** Lets a health check find that a backend cannot serve; where there is none, it is removed. */
  void down(String id);

  /** Lets a health check find that a backend can serve again. */
  void up(String id);

  /**
   * Lets a backend take no new sessions and serve those it has.
   *
   * @return why the library cannot express it, or null if it can
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
