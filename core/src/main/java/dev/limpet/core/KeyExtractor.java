package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds what identifies the session of a request and hashes it. Called by many threads at once. An
 * exception that an extractor throws reaches the caller of the router, and nothing is bound.
 *
 * <pre>{@code
 * KeyExtractor<Request> tenant = KeyExtractor.string(r -> r.header("X-Tenant"));
 * KeyExtractor<Request> tenantOrAddress =
 *     tenant.orElse(KeyExtractor.address(Request::remoteAddress));
 * }</pre>
 *
 * <p>Embedders may implement it; methods that are added later have defaults.
 *
 * @param <R> the embedder's request
 */
@FunctionalInterface
public interface KeyExtractor<R> {

  /** The key of a request that has none. */
  long NONE = 0;

  /**
   * Returns the key of the request's session: the same for the session's whole life.
   *
   * @param request the request
   * @param hasher makes the key; an extractor of several inputs hashes a text that tells where each
   *     ends
   * @return the key, or {@link #NONE} if this request carries none
   */
  long key(R request, KeyHasher hasher);

  /**
   * {@return an extractor that asks this one first and the other where this one finds no key}
   *
   * @param other what to ask next
   */
  default KeyExtractor<R> orElse(KeyExtractor<? super R> other) {
    requireNonNull(other, "other");
    return (request, hasher) -> {
      long key = key(request, hasher);
      return (key != NONE) ? key : other.key(request, hasher);
    };
  }

  /**
   * {@return an extractor of a text, such as a header} Null and the empty text are no key.
   *
   * @param text finds the text
   * @param <R> the embedder's request
   */
  static <R> KeyExtractor<R> string(Function<? super R, ? extends @Nullable CharSequence> text) {
    requireNonNull(text, "text");
    return (request, hasher) -> {
      CharSequence found = text.apply(request);
      return (found == null || found.isEmpty()) ? NONE : hasher.string(found);
    };
  }

  /**
   * {@return an extractor of an IP address} Null is no key.
   *
   * @param address finds the address
   * @param <R> the embedder's request
   */
  static <R> KeyExtractor<R> address(Function<? super R, ? extends @Nullable InetAddress> address) {
    requireNonNull(address, "address");
    return (request, hasher) -> {
      InetAddress found = address.apply(request);
      return (found == null) ? NONE : hasher.address(found);
    };
  }

  /**
   * {@return an extractor of bytes} Null and an empty array are no key.
   *
   * @param bytes finds the bytes
   * @param <R> the embedder's request
   */
  static <R> KeyExtractor<R> bytes(Function<? super R, byte @Nullable []> bytes) {
    requireNonNull(bytes, "bytes");
    return (request, hasher) -> {
      byte[] found = bytes.apply(request);
      return (found == null || found.length == 0) ? NONE : hasher.bytes(found);
    };
  }

  /**
   * {@return an extractor of a number} Every number is a key.
   *
   * @param number finds the number
   * @param <R> the embedder's request
   */
  static <R> KeyExtractor<R> number(ToLongFunction<? super R> number) {
    requireNonNull(number, "number");
    return (request, hasher) -> hasher.number(number.applyAsLong(request));
  }
}
