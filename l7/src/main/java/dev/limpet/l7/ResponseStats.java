package dev.limpet.l7;

/**
 * What an affinity did in the response phase so far. Immutable; while responses are handled its
 * numbers may be some responses apart.
 */
public final class ResponseStats {

  /** Nothing done. */
  public static final ResponseStats NONE = new ResponseCounts().stats();

  private final long issued;
  private final long refreshed;
  private final long learned;
  private final long learnRejected;
  private final long unlearned;
  private final long foreignSetCookies;
  private final long foreignCookies;
  private final long ambiguousTags;

  ResponseStats(ResponseCounts counts) {
    this.issued = counts.issued.sum();
    this.refreshed = counts.refreshed.sum();
    this.learned = counts.learned.sum();
    this.learnRejected = counts.learnRejected.sum();
    this.unlearned = counts.unlearned.sum();
    this.foreignSetCookies = counts.foreignSetCookies.sum();
    this.foreignCookies = counts.foreignCookies.sum();
    this.ambiguousTags = counts.ambiguousTags.sum();
  }

  /** {@return LB cookies set for new and moved sessions} */
  public long issued() {
    return issued;
  }

  /** {@return LB cookies set for sessions that go on} */
  public long refreshed() {
    return refreshed;
  }

  /** {@return values of app cookies that were bound, or bound elsewhere} */
  public long learned() {
    return learned;
  }

  /** {@return values of app cookies that the table had no slot for} */
  public long learnRejected() {
    return learnRejected;
  }

  /** {@return app cookies that were deleted and therefore unbound} */
  public long unlearned() {
    return unlearned;
  }

  /** {@return fields of backends that set a cookie of the LB cookie's name, and were removed} */
  public long foreignSetCookies() {
    return foreignSetCookies;
  }

  /**
   * {@return requests whose cookies of the LB cookie's name are not this pool's} They are another
   * pool's, such as that of a proxy before this one, forged, of an unknown key, or no token; nobody
   * can tell another pool's from a forged one.
   */
  public long foreignCookies() {
    return foreignCookies;
  }

  /** {@return requests whose token names two backends at once, and therefore none} */
  public long ambiguousTags() {
    return ambiguousTags;
  }

  /** {@return all numbers} */
  @Override
  public String toString() {
    return "issued " + issued
        + ", refreshed " + refreshed
        + ", learned " + learned
        + ", learn rejected " + learnRejected
        + ", unlearned " + unlearned
        + ", foreign Set-Cookies " + foreignSetCookies
        + ", foreign cookies " + foreignCookies
        + ", ambiguous tags " + ambiguousTags;
  }
}
