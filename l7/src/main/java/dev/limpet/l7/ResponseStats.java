package dev.limpet.l7;

/**
 * The statistics of an affinity's responses so far. Immutable. While responses are handled, the
 * numbers may differ by a few responses from each other.
 */
public final class ResponseStats {

  /** The statistics of no responses. */
  public static final ResponseStats NONE = new ResponseCounts().stats();

  private final long issued;
  private final long refreshed;
  private final long learned;
  private final long learnRejected;
  private final long learnConflicts;
  private final long unlearned;
  private final long unsealed;
  private final long foreignSetCookies;
  private final long foreignCookies;
  private final long ambiguousTags;
  private final long marked;
  private final long unmarked;

  ResponseStats(ResponseCounts counts) {
    this.issued = counts.issued.sum();
    this.refreshed = counts.refreshed.sum();
    this.learned = counts.learned.sum();
    this.learnRejected = counts.learnRejected.sum();
    this.learnConflicts = counts.learnConflicts.sum();
    this.unlearned = counts.unlearned.sum();
    this.unsealed = counts.unsealed.sum();
    this.foreignSetCookies = counts.foreignSetCookies.sum();
    this.foreignCookies = counts.foreignCookies.sum();
    this.ambiguousTags = counts.ambiguousTags.sum();
    this.marked = counts.marked.sum();
    this.unmarked = counts.unmarked.sum();
  }

  private ResponseStats(ResponseStats one, ResponseStats other) {
    this.issued = one.issued + other.issued;
    this.refreshed = one.refreshed + other.refreshed;
    this.learned = one.learned + other.learned;
    this.learnRejected = one.learnRejected + other.learnRejected;
    this.learnConflicts = one.learnConflicts + other.learnConflicts;
    this.unlearned = one.unlearned + other.unlearned;
    this.unsealed = one.unsealed + other.unsealed;
    this.foreignSetCookies = one.foreignSetCookies + other.foreignSetCookies;
    this.foreignCookies = one.foreignCookies + other.foreignCookies;
    this.ambiguousTags = one.ambiguousTags + other.ambiguousTags;
    this.marked = one.marked + other.marked;
    this.unmarked = one.unmarked + other.unmarked;
  }

  /** {@return the sum of this and other statistics} */
  ResponseStats plus(ResponseStats other) {
    return new ResponseStats(this, other);
  }

  /**
   * {@return the number of LB cookies and header tokens that were set for new and moved sessions}
   */
  public long issued() {
    return issued;
  }

  /** {@return the number of LB cookies and header tokens that were set to refresh a session} */
  public long refreshed() {
    return refreshed;
  }

  /**
   * {@return the number of application cookies and headers that were bound, or bound to another
   * backend}
   */
  public long learned() {
    return learned;
  }

  /**
   * {@return the number of application cookies and headers that were not bound because no slot was
   * free}
   */
  public long learnRejected() {
    return learnRejected;
  }

  /**
   * {@return the number of headers that were not bound because they are bound to another backend of
   * the pool}
   */
  public long learnConflicts() {
    return learnConflicts;
  }

  /**
   * {@return the number of application cookies and headers that were unbound because of a response}
   */
  public long unlearned() {
    return unlearned;
  }

  /**
   * {@return the number of headers of backends that were not sealed because they are too long, have
   * an illegal character, or are several}
   */
  public long unsealed() {
    return unsealed;
  }

  /**
   * {@return the number of {@code Set-Cookie} fields that were removed because a backend used the
   * LB cookie's name}
   */
  public long foreignSetCookies() {
    return foreignSetCookies;
  }

  /**
   * {@return the number of requests whose LB cookie or header token is not valid for this pool} The
   * value is malformed, forged, made with an unknown key, or another pool's, such as that of a
   * proxy in front of this one. A cookie of another pool cannot be told from a forged one.
   */
  public long foreignCookies() {
    return foreignCookies;
  }

  /**
   * {@return the number of requests whose token matches two backends, and therefore refers to
   * neither}
   */
  public long ambiguousTags() {
    return ambiguousTags;
  }

  /**
   * {@return the number of application cookies in responses that got the prefix of a {@link
   * PrefixCookieAffinity} or the route of a {@link RouteSuffixAffinity}}
   */
  public long marked() {
    return marked;
  }

  /**
   * {@return the number of application cookies in responses that were left without a prefix or a
   * route} The cookie would have been too long for browsers, or the backend has no route that can
   * be part of a cookie.
   */
  public long unmarked() {
    return unmarked;
  }

  /** {@return all numbers} */
  @Override
  public String toString() {
    return "issued " + issued
        + ", refreshed " + refreshed
        + ", learned " + learned
        + ", learn rejected " + learnRejected
        + ", learn conflicts " + learnConflicts
        + ", unlearned " + unlearned
        + ", unsealed " + unsealed
        + ", foreign Set-Cookies " + foreignSetCookies
        + ", foreign cookies " + foreignCookies
        + ", ambiguous tags " + ambiguousTags
        + ", marked " + marked
        + ", unmarked " + unmarked;
  }
}
