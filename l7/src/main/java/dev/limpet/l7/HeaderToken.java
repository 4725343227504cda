package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Reason;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the token in a field says, or why it says nothing. Immutable. */
final class HeaderToken {
  /*
   * A token has its key, because an exchange may outlive the ring by which its request was read.
   */

  private static final Map<Reason, HeaderToken> FAULTY = faulty();

  private final @Nullable TokenKey key;
  private final long issuedAt;
  private final long tag;
  private final @Nullable String original;
  private final @Nullable Reason fault;

  private HeaderToken(
      @Nullable TokenKey key,
      long issuedAt,
      long tag,
      @Nullable String original,
      @Nullable Reason fault) {
    this.key = key;
    this.issuedAt = issuedAt;
    this.tag = tag;
    this.original = original;
    this.fault = fault;
  }

  /**
   * {@return a genuine token}
   *
   * @param fault the reason why it is not valid now; null if it is
   */
  static HeaderToken genuine(
      TokenKey key, long issuedAt, long tag, String original, @Nullable Reason fault) {
    return new HeaderToken(key, issuedAt, tag, original, fault);
  }

  /** {@return what is known of a value that no key made} */
  static HeaderToken faulty(Reason fault) {
    HeaderToken faulty = FAULTY.get(fault);
    return (faulty != null) ? faulty : new HeaderToken(null, 0, 0, null, fault);
  }

  /** {@return the members of a snapshot by their tags under the token's key; only if genuine} */
  TagIndex index(PoolSnapshot pool) {
    return requireNonNull(key, "key").index(pool);
  }

  /** {@return the number of the token's key; only if genuine} */
  int keyId() {
    return requireNonNull(key, "key").id();
  }

  /** {@return the time when the token was made, in seconds since 2024-01-01T00:00:00Z} */
  long issuedAt() {
    return issuedAt;
  }

  /** {@return the tag of the backend's name under the token's key} */
  long tag() {
    return tag;
  }

  /** {@return the value that the token replaces; null if it is not genuine} */
  @Nullable
  String original() {
    return original;
  }

  /** {@return the reason why the token is not valid; null if it is} */
  @Nullable
  Reason fault() {
    return fault;
  }

  /** Returns a text that does not reveal the token's content. */
  @Override
  public String toString() {
    return "HeaderToken";
  }

  private static Map<Reason, HeaderToken> faulty() {
    Map<Reason, HeaderToken> faulty = new EnumMap<>(Reason.class);
    for (Reason reason : Reason.values()) {
      faulty.put(reason, new HeaderToken(null, 0, 0, null, reason));
    }
    return faulty;
  }
}
