package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Affinity} knows of a request's session: the member it is bound to, or the reason
 * why there is none. Immutable. All but {@link #gone(String)} are canonical, so that recalling
 * allocates nothing.
 */
public final class Recall {
  private static final Map<Reason, Recall> NONE = canonical(false);
  private static final Map<Reason, Recall> HASHED = canonical(true);

  private final @Nullable Member member;
  private final @Nullable String name;
  private final @Nullable Reason reason;
  private final boolean byHash;

  private Recall(
      @Nullable Member member, @Nullable String name, @Nullable Reason reason, boolean byHash) {
    this.member = member;
    this.name = name;
    this.reason = reason;
    this.byHash = byHash;
  }

  /** The one recall of a member; see {@link Member#recall}. */
  static Recall to(Member member) {
    return new Recall(member, member.name(), null, false);
  }

  /**
   * Returns that the session is bound to a name.
   *
   * @param name the name
   * @param pool the backends of this moment
   * @return the recall of the member of that name, or {@link #gone} if the pool has none
   */
  public static Recall of(String name, PoolSnapshot pool) {
    Member member = pool.member(name);
    return (member != null) ? member.recall() : gone(name);
  }

  /**
   * {@return that the session is bound to nothing}
   *
   * @param reason why
   */
  public static Recall none(Reason reason) {
    return canonical(NONE, reason);
  }

  /**
   * {@return that the session is bound to nothing, but is to be served by the rendezvous choice of
   * its key because it may have been served so before}
   *
   * @param reason why it is not bound
   */
  public static Recall hashed(Reason reason) {
    return canonical(HASHED, reason);
  }

  /**
   * {@return that the session is bound to a name that is not in the pool}
   *
   * @param name the name
   */
  public static Recall gone(String name) {
    return new Recall(null, requireNonNull(name, "name"), Reason.BACKEND_GONE, false);
  }

  /** {@return the member that the session is bound to, or null if there is none in the pool} */
  public @Nullable Member member() {
    return member;
  }

  /**
   * {@return the name that the session is bound to, or null if there is none or it is not known}
   */
  public @Nullable String name() {
    return name;
  }

  /** {@return why there is no member; null exactly if there is one} */
  public @Nullable Reason reason() {
    return reason;
  }

  /** {@return whether the session is to be served by the rendezvous choice of its key} */
  public boolean byHash() {
    return byHash;
  }

  /** {@return the bound name, or the reason why there is none} */
  @Override
  public String toString() {
    return (member != null) ? member.name() : (byHash ? "by hash: " : "none: ") + reason;
  }

  private static Map<Reason, Recall> canonical(boolean byHash) {
    Map<Reason, Recall> recalls = new EnumMap<>(Reason.class);
    for (Reason reason : Reason.values()) {
      recalls.put(reason, new Recall(null, null, reason, byHash));
    }
    return recalls;
  }

  private static Recall canonical(Map<Reason, Recall> recalls, Reason reason) {
    return requireNonNull(recalls.get(requireNonNull(reason, "reason")));
  }
}
