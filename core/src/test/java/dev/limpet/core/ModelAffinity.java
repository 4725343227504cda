package dev.limpet.core;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An affinity of a chain, which does as the test says and notes what is asked of it. A request has
 * a text for each affinity: its session there, or null if absent. For one thread.
 */
final class ModelAffinity implements Affinity<ModelAffinity.Request> {

  /** What an affinity does with a new session. */
  enum Kind {
    BINDS,
    /** As an LB cookie does: its sessions have no key until they are bound. */
    BINDS_WITHOUT_KEY,
    FULL,
    NOT_KEPT,
    NOT_KEPT_WITHOUT_KEY,
    UNAVAILABLE,
    OVER_QUOTA;

    boolean binds() {
      return this == BINDS || this == BINDS_WITHOUT_KEY;
    }

    boolean hasKey() {
      return this != BINDS_WITHOUT_KEY && this != NOT_KEPT_WITHOUT_KEY;
    }

    @Nullable
    Bound refusal() {
      return switch (this) {
        case FULL -> Bound.FULL;
        case NOT_KEPT, NOT_KEPT_WITHOUT_KEY -> Bound.NOT_KEPT;
        case UNAVAILABLE -> Bound.UNAVAILABLE;
        default -> null;
      };
    }
  }

  /** A request and its sessions, one for each affinity. */
  static final class Request {
    private final @Nullable String[] sessions;

    Request(@Nullable String... sessions) {
      this.sessions = sessions.clone();
    }

    /** A request that has the same session at each affinity. */
    static Request everywhere(String session) {
      String[] sessions = new String[Affinity.MAX_CHAIN];
      Arrays.fill(sessions, session);
      return new Request(sessions);
    }

    @Nullable
    String session(int position) {
      return (position < sessions.length) ? sessions[position] : null;
    }

    @Override
    public String toString() {
      return Arrays.toString(sessions);
    }
  }

  final int position;
  final Map<Long, String> bound = new HashMap<>();
  int recalls;
  int admitted;
  int ended;
  int binds;
  Kind kind;
  Remaining remaining = Remaining.NOTHING;

  /** Where binds wait that are to be answered later; null to answer them at once. */
  @Nullable
  Queue<Runnable> late;

  ModelAffinity(int position, Kind kind) {
    this.position = position;
    this.kind = kind;
  }

  /** {@return a chain of these kinds} */
  static Affinity<Request> chain(ModelAffinity... parts) {
    Affinity<Request> chain = parts[0];
    for (int i = 1; i < parts.length; i++) {
      chain = chain.orElse(parts[i]);
    }
    return chain;
  }

  static ModelAffinity[] parts(Kind... kinds) {
    ModelAffinity[] parts = new ModelAffinity[kinds.length];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = new ModelAffinity(i, kinds[i]);
    }
    return parts;
  }

  /** Answers binds of several affinities, and those that follow from the answers. */
  static void answer(Queue<Runnable> late) {
    for (Runnable next = late.poll(); next != null; next = late.poll()) {
      next.run();
    }
  }

  static Queue<Runnable> answerLater(ModelAffinity... parts) {
    Queue<Runnable> late = new ArrayDeque<>();
    for (ModelAffinity part : parts) {
      part.late = late;
    }
    return late;
  }

  @Override
  public Recall recall(Request request, PoolSnapshot pool) {
    recalls++;
    return peek(request, pool);
  }

  @Override
  public Recall peek(Request request, PoolSnapshot pool) {
    if (request.session(position) == null) {
      return Recall.none(Reason.NO_KEY);
    }
    String name = bound.get(sessionKey(request));
    return (name == null) ? Recall.none(Reason.UNKNOWN) : Recall.of(name, pool);
  }

  @Override
  public long key(Request request) {
    return kind.hasKey() ? sessionKey(request) : KeyExtractor.NONE;
  }

  private long sessionKey(Request request) {
    String session = request.session(position);
    return (session == null) ? KeyExtractor.NONE : Routing.key(session + position);
  }

  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    binds++;
    Bound refusal = kind.refusal();
    if (refusal != null) {
      return refusal;
    }
    if (key == KeyExtractor.NONE) {
      return Bound.stored(candidate);
    }
    String name = bound.get(key);
    if (name == null) {
      return (expected == null) ? store(key, candidate) : Bound.ABSENT;
    }
    return name.equals(expected) ? store(key, candidate) : Bound.held(name);
  }

  private Bound store(long key, String candidate) {
    bound.put(key, candidate);
    return Bound.stored(candidate);
  }

  @Override
  public CompletionStage<Bound> bindAsync(
      long key, @Nullable String expected, String candidate, boolean byHash) {
    if (late == null) {
      return CompletableFuture.completedStage(bind(key, expected, candidate, byHash));
    }
    CompletableFuture<Bound> answer = new CompletableFuture<>();
    late.add(() -> answer.complete(bind(key, expected, candidate, byHash)));
    return answer;
  }

  @Override
  public boolean unbind(long key, String expected) {
    return bound.remove(key, expected);
  }

  @Override
  public boolean admits(Request request, long key) {
    if (kind == Kind.OVER_QUOTA) {
      return false;
    }
    admitted++;
    return true;
  }

  @Override
  public void endAdmission(long key) {
    ended++;
  }

  @Override
  public Remaining remaining(String name) {
    return remaining;
  }

  @Override
  public @Nullable StickySession session() {
    return null;
  }

  @Override
  public String toString() {
    return kind + "@" + position;
  }
}
