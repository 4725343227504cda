package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Extracts the key of a request's session. Called by many threads at once. If it throws, the
 * exception reaches the caller of the router, and nothing is bound.
 *
 * <pre>{@code
 * KeyExtractor<Request> tenant = KeyExtractor.string(r -> r.header("X-Tenant"));
 * KeyExtractor<Request> tenantOrAddress =
 *     tenant.orElse(KeyExtractor.address(Request::remoteAddress));
 * }</pre>
 *
 * <p>Embedders may implement it; methods that are added later have defaults.
 *
 * @param <R> the embedder's type of request or connection
 */
@FunctionalInterface
public interface KeyExtractor<R> {

  /** The result for a request without a key. */
  long NONE = 0;

  /**
   * The result for a request with a key that cannot be used, for example because it is too long.
   * The request belongs to no session ({@link Reason#UNUSABLE_KEY}), and no other extractor or
   * affinity of a chain is asked.
   */
  long UNUSABLE = -1;

  /**
   * Returns the key of the request's session. All requests of a session must have the same key.
   *
   * @param request the request
   * @param hasher makes the key. To combine several values, hash one text that shows where each
   *     value ends, such as {@code "3:abc,2:de"}
   * @return the key; {@link #NONE} if this request has none, {@link #UNUSABLE} if it has one that
   *     cannot be used
   */
  long key(R request, KeyHasher hasher);

  /**
   * {@return an extractor that uses this one first, and the other if this one finds no key}
   *
   * @param other the extractor to use next
   */
  default KeyExtractor<R> orElse(KeyExtractor<? super R> other) {
    requireNonNull(other, "other");
    return (request, hasher) -> {
      long key = key(request, hasher);
      return (key != NONE) ? key : other.key(request, hasher);
    };
  }

  /**
   * {@return an extractor of a text, such as a header} Null or an empty text means no key.
   *
   * @param text gets the text from a request
   * @param <R> the embedder's type of request or connection
   */
  static <R> KeyExtractor<R> string(Function<? super R, ? extends @Nullable CharSequence> text) {
    requireNonNull(text, "text");
    return (request, hasher) -> {
      CharSequence found = text.apply(request);
      return (found == null || found.isEmpty()) ? NONE : hasher.string(found);
    };
  }

  /**
   * {@return an extractor of an IP address} Null means no key.
   *
   * @param address gets the address from a request
   * @param <R> the embedder's type of request or connection
   */
  static <R> KeyExtractor<R> address(Function<? super R, ? extends @Nullable InetAddress> address) {
    requireNonNull(address, "address");
    return (request, hasher) -> {
      InetAddress found = address.apply(request);
      return (found == null) ? NONE : hasher.address(found);
    };
  }

  /**
   * {@return an extractor of bytes} Null or an empty array means no key.
   *
   * @param bytes gets the bytes from a request
   * @param <R> the embedder's type of request or connection
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
   * @param number gets the number from a request
   * @param <R> the embedder's type of request or connection
   */
  static <R> KeyExtractor<R> number(ToLongFunction<? super R> number) {
    requireNonNull(number, "number");
    return (request, hasher) -> hasher.number(number.applyAsLong(request));
  }
}
