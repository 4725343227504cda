package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The backend that a request's session is bound to, or the reason why it is not bound, as an {@link
 * Affinity} found it. Immutable. All instances except those of {@link #gone(String)} are shared, so
 * finding a session allocates nothing.
 */
public final class Recall {
  private static final Map<Reason, Recall> NONE = canonical(Handling.NEW);
  private static final Map<Reason, Recall> HASHED = canonical(Handling.HASHED);
  private static final Map<Reason, Recall> REFUSED = canonical(Handling.REFUSED);

  /** The handling of a session that is not bound. */
  private enum Handling {
    NEW,
    HASHED,
    REFUSED
  }

  private final @Nullable Member member;
  private final @Nullable String name;
  private final @Nullable Reason reason;
  private final Handling handling;

  private Recall(
      @Nullable Member member, @Nullable String name, @Nullable Reason reason, Handling handling) {
    this.member = member;
    this.name = name;
    this.reason = reason;
    this.handling = handling;
  }

  /** Makes the only recall of a member; see {@link Member#recall}. */
  static Recall to(Member member) {
    return new Recall(member, member.name(), null, Handling.NEW);
  }

  /**
   * Returns the recall of a session that is bound to a name.
   *
   * @param name the name
   * @param pool the backends at this moment
   * @return the recall of the member with that name, or {@link #gone} if the pool has none
   */
  public static Recall of(String name, PoolSnapshot pool) {
    Member member = pool.member(name);
    return (member != null) ? member.recall() : gone(name);
  }

  /**
   * {@return the recall of a session that is not bound}
   *
   * @param reason the reason why there is no binding
   */
  public static Recall none(Reason reason) {
    return canonical(NONE, reason);
  }

  /**
   * {@return the recall of a session that is not bound, but may have fallen back to hashing before}
   * The router serves it by the rendezvous choice of its key.
   *
   * @param reason the reason why there is no binding
   */
  public static Recall hashed(Reason reason) {
    return canonical(HASHED, reason);
  }

  /**
   * {@return the recall of a session that is not bound and must not begin anew} The router refuses
   * the request with {@link Outcome#REFUSED}, regardless of the {@link Failover}.
   *
   * @param reason the reason why there is no binding
   */
  public static Recall refused(Reason reason) {
    return canonical(REFUSED, reason);
  }

  /**
   * {@return the recall of a session that is bound to a name that is not in the pool}
   *
   * @param name the name
   */
  public static Recall gone(String name) {
    return new Recall(null, requireNonNull(name, "name"), Reason.BACKEND_GONE, Handling.NEW);
  }

  /** {@return the member that the session is bound to; null if the pool has no such member} */
  public @Nullable Member member() {
    return member;
  }

  /**
   * {@return the name that the session is bound to; null if it is not bound, or the name is
   * unknown}
   */
  public @Nullable String name() {
    return name;
  }

  /** {@return the reason why there is no member; null if and only if there is one} */
  public @Nullable Reason reason() {
    return reason;
  }

  /** Returns whether the session is bound, to a backend of the pool or to one that has left it. */
  boolean isBound() {
    return member != null || reason == Reason.BACKEND_GONE;
  }

  /** Returns whether the request has no key, or none that can be used. */
  boolean hasNoKey() {
    return reason == Reason.NO_KEY || reason == Reason.UNUSABLE_KEY;
  }

  /** Returns whether no other affinity may serve the session. */
  boolean isFinal() {
    return isRefused() || reason == Reason.UNUSABLE_KEY;
  }

  /** Returns whether the session is unknown or has expired. */
  boolean isUnknown() {
    return reason == Reason.UNKNOWN || reason == Reason.EXPIRED;
  }

  /** {@return true if the session must be served by the rendezvous choice of its key} */
  public boolean byHash() {
    return handling == Handling.HASHED;
  }

  /** {@return true if the request must be refused} */
  public boolean isRefused() {
    return handling == Handling.REFUSED;
  }

  /** {@return the bound name, or the reason why the session is not bound} */
  @Override
  public String toString() {
    return (member != null)
        ? member.name()
        : switch (handling) {
          case NEW -> "none: " + reason;
          case HASHED -> "by hash: " + reason;
          case REFUSED -> "refused: " + reason;
        };
  }

  private static Map<Reason, Recall> canonical(Handling handling) {
    Map<Reason, Recall> recalls = new EnumMap<>(Reason.class);
    for (Reason reason : Reason.values()) {
      recalls.put(reason, new Recall(null, null, reason, handling));
    }
    return recalls;
  }

  private static Recall canonical(Map<Reason, Recall> recalls, Reason reason) {
    return requireNonNull(recalls.get(requireNonNull(reason, "reason")));
  }
}
