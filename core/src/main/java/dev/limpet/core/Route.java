package dev.limpet.core;

import org.jspecify.annotations.Nullable;

/**
 * The router's answer to one request: which backend, what happened to the session, and why. Immutable.
 */
public final class Route implements Step {
  private final @Nullable Member member;
  private final Outcome outcome;
  private final @Nullable Reason reason;
  private final @Nullable Route failed;
  private final @Nullable String found;

  /**
   * Makes a route.
   *
   * @param found the name that the session was bound to before this request changed anything, to be
   *     restored if nothing can be reached
   */
  Route(
      @Nullable Member member,
      Outcome outcome,
      @Nullable Reason reason,
      @Nullable Route failed,
      @Nullable String found) {
    this.member = member;
    this.outcome = outcome;
    this.reason = reason;
    this.failed = failed;
    this.found = found;
  }

  /**
   * {@return the backend to send the request to; null exactly for {@link Outcome#REFUSED} and {@link
   * Outcome#NO_BACKEND}}
   */
  public @Nullable Backend backend() {
    return (member == null) ? null : member.backend();
  }

  /** {@return what happened} */
  public Outcome outcome() {
    return outcome;
  }

  /**
   * {@return why; null exactly for {@link Outcome#KEPT} where it is the first answer to the request}
   */
  public @Nullable Reason reason() {
    return reason;
  }

  /** {@return the route of the same request that failed before this one, or null if this is the first} */
  public @Nullable Route failed() {
    return failed;
  }

  @Nullable
  Member member() {
    return member;
  }

  @Nullable
  String found() {
    return found;
  }

  /** {@return whether the session is bound to the backend that this route leads to} */
  boolean isBound() {
    return switch (outcome) {
      case NEW, KEPT, MOVED -> true;
      case LENT, HASHED, UNBOUND, REFUSED, NO_BACKEND -> false;
    };
  }

  /** {@return whether this route or one that failed before it leads to the named backend} */
  boolean leadsTo(String name) {
    for (Route route = this; route != null; route = route.failed) {
      if (route.member != null && route.member.name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** {@return the outcome, the backend's name and the reason} */
  @Override
  public String toString() {
    return outcome
        + (member == null ? "" : " " + member.name())
        + (reason == null ? "" : " (" + reason + ")");
  }
}
