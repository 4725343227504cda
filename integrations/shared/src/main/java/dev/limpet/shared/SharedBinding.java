package dev.limpet.shared;

import static java.util.Objects.requireNonNull;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A binding as all proxies know it. Immutable. */
public final class SharedBinding {
  private final String name;
  private final int version;
  private final long end;

  private SharedBinding(String name, int version, long end) {
    this.name = requireNonNull(name, "name");
    this.version = version;
    this.end = end;
  }

  /**
   * {@return a binding that a store has read}
   *
   * @param name the backend's name
   * @param version 1 when the session is bound, and one more each time it is bound to another name
   * @param end when the session expires however much it is used, in seconds since 1970; 0 for never
   */
  public static SharedBinding of(String name, int version, long end) {
    return new SharedBinding(name, version, end);
  }

  /** {@return the first binding of a session} */
  static SharedBinding first(String name, long end) {
    return new SharedBinding(name, 1, end);
  }

  /** {@return the binding that follows this one when the session moves} */
  SharedBinding movedTo(String next) {
    return new SharedBinding(next, version + 1, end);
  }

  /** {@return the backend's name} */
  public String name() {
    return name;
  }

  /** {@return 1 when the session is bound, and one more each time it is bound to another name} */
  public int version() {
    return version;
  }

  /**
   * {@return the time when the session expires however much it is used, in seconds since 1970; 0
   * for never}
   */
  public long end() {
    return end;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SharedBinding that
        && name.equals(that.name)
        && version == that.version
        && end == that.end;
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, version, end);
  }

  /** {@return the name, the version and the end} */
  @Override
  public String toString() {
    return name + " version " + version + (end == 0 ? "" : ", until " + end);
  }
}
