package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.FaultException;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.KeyHasher;
import dev.limpet.core.Reason;
import dev.limpet.core.internal.HttpToken;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Extracts the key of a session from a header, a cookie, or a parameter of an HTTP request.
 * Immutable; safe for use by many threads at once.
 *
 * <pre>{@code
 * KeyExtractor<Request> session =
 *     HttpKey.header(access, "X-Session-Id").orElse(HttpKey.query(access, "session"));
 * KeyAffinity<Request> affinity = KeyAffinity.builder(session).build();
 * }</pre>
 *
 * <p>A request without the value, or with one that is empty or only white space, has no key, so
 * {@link KeyExtractor#orElse} asks the next extractor. A value that is too long is {@link
 * KeyExtractor#UNUSABLE}: the request belongs to no session, no other extractor or affinity is
 * asked, and the router counts it as {@link Reason#UNUSABLE_KEY}. Otherwise a client could choose
 * between two sessions by the length of a value.
 *
 * <p>Equal values have equal keys, wherever they are found, and the same key as {@link
 * KeyExtractor#string} makes of them. So a client may send an id as a parameter first and as a
 * header later. Values are taken octet by octet: an access has one character for each octet of a
 * field or a target.
 *
 * @param <Q> the embedder's type of request
 */
public final class HttpKey<Q> implements KeyExtractor<Q> {

  /** The maximum length of a value, unless you set another: 256 octets. */
  public static final int DEFAULT_MAX_LENGTH = 256;

  /** The greatest maximum length: 8,192 octets. */
  public static final int MAX_LENGTH = 8_192;

  private static final String PARTS_TARGET = ";/?#=";

  private final String source;
  private final Reader<Q> reader;
  private final int maxLength;

  private HttpKey(String source, Reader<Q> reader, int maxLength) {
    this.source = source;
    this.reader = reader;
    this.maxLength = maxLength;
  }

  /**
   * {@return an extractor of the value of a header} Spaces and tabs around it do not count. If the
   * request has several fields of the name, equal values count as one, and empty ones as absent;
   * different values are {@link KeyExtractor#UNUSABLE}, because the backend may use another one
   * than the router. A value with commas is one value.
   *
   * @param access reads requests
   * @param name the header's name, in any case: a token of RFC 9110, section 5.6.2
   * @param <Q> the embedder's type of request
   * @throws FaultException if the name is not a token
   */
  public static <Q> HttpKey<Q> header(HttpAccess<Q, ?> access, String name) {
    Messages<Q, ?> messages = new Messages<>(access);
    checkToken(name);
    return of(
        "header " + name,
        (request, hasher, max) -> ofFields(messages.requestFields(request, name), hasher, max));
  }

  /**
   * {@return an extractor of the value of a cookie} If the request has several cookies of the name,
   * the first one that is not empty counts, as browsers send the one with the longest path first.
   * Quotes belong to the value. The response is not changed, and no cookie is set.
   *
   * @param access reads requests
   * @param name the cookie's name, compared exactly: a token of RFC 9110, section 5.6.2
   * @param <Q> the embedder's type of request
   * @throws FaultException if the name is not a token
   */
  public static <Q> HttpKey<Q> cookie(HttpAccess<Q, ?> access, String name) {
    Messages<Q, ?> messages = new Messages<>(access);
    checkToken(name);
    return of(
        "cookie " + name,
        (request, hasher, max) -> ofCookie(messages.cookies(request), name, hasher, max));
  }

  /**
   * {@return an extractor of a parameter of the query, such as {@code /cart?id=7}} Parameters are
   * separated by {@code &}; the first one of the name counts, even if it is empty. Names and values
   * are compared after percent-decoding: {@code a%62c} and {@code abc} are one session, {@code +}
   * is a space, and a malformed escape stands for itself. A fragment is not read.
   *
   * <p>Needs {@link HttpAccess#target}. A target of more than 65,536 characters is {@link
   * KeyExtractor#UNUSABLE}.
   *
   * @param access reads requests
   * @param name the parameter's name without escapes, compared exactly
   * @param <Q> the embedder's type of request
   * @throws FaultException if the name is empty
   */
  public static <Q> HttpKey<Q> query(HttpAccess<Q, ?> access, String name) {
    return ofTarget("query", access, name, c -> true, TargetParameter.ofQuery(name));
  }

  /**
   * {@return an extractor of a parameter of the path, such as {@code /cart;id=7/items}} It may be
   * in any segment, and ends at {@code ;}, {@code /}, {@code ?} or {@code #}. The first one of the
   * name counts, even if it is empty. Values are compared after percent-decoding; {@code +} and
   * malformed escapes stand for themselves.
   *
   * <p>Needs {@link HttpAccess#target}. A target of more than 65,536 characters is {@link
   * KeyExtractor#UNUSABLE}.
   *
   * @param access reads requests
   * @param name the parameter's name as it is in the path, compared exactly
   * @param <Q> the embedder's type of request
   * @throws FaultException if the name is empty, or has one of {@code ; / ? # =}
   */
  public static <Q> HttpKey<Q> pathParameter(HttpAccess<Q, ?> access, String name) {
    IntPredicate legal = c -> PARTS_TARGET.indexOf(c) < 0;
    return ofTarget("path parameter", access, name, legal, TargetParameter.ofPath(name));
  }

  private static <Q> HttpKey<Q> ofTarget(
      String place,
      HttpAccess<Q, ?> access,
      String name,
      IntPredicate legal,
      TargetParameter parameter) {
    Messages<Q, ?> messages = new Messages<>(access);
    Faults faults = new Faults();
    faults.checkText("name", name, legal, "a parameter's name");
    faults.refuse();
    return of(
        place + ' ' + name,
        (request, hasher, max) -> parameter.key(messages.target(request), hasher, max));
  }

  private static <Q> HttpKey<Q> of(String source, Reader<Q> reader) {
    return new HttpKey<>(source, reader, DEFAULT_MAX_LENGTH);
  }

  private static void checkToken(String name) {
    Faults faults = new Faults();
    faults.checkText("name", name, HttpToken::isLegal, "an RFC 9110 token");
    faults.refuse();
  }

  /**
   * Returns an extractor with another maximum length of values. The length of a parameter is that
   * after percent-decoding. A character above U+00FF counts as its octets in UTF-8.
   *
   * @param octets the maximum length, 1..8,192 octets; default 256
   * @return the extractor
   * @throws FaultException if the maximum length is out of range
   */
  public HttpKey<Q> withMaxLength(int octets) {
    Faults faults = new Faults();
    if (octets < 1 || octets > MAX_LENGTH) {
      faults.add("maxLength", octets, "1.." + MAX_LENGTH + " octets");
    }
    faults.refuse();
    return new HttpKey<>(source, reader, octets);
  }

  @Override
  public long key(Q request, KeyHasher hasher) {
    return reader.key(request, requireNonNull(hasher, "hasher"), maxLength);
  }

  /** {@return the place and the name of the value} */
  @Override
  public String toString() {
    return "HttpKey[" + source + "]";
  }

  private static long ofFields(List<String> values, KeyHasher hasher, int maxLength) {
    long key = NONE;
    for (int i = 0; i < values.size(); i++) {
      String value = values.get(i);
      int from = CookiePair.skipBlanks(value, 0, value.length());
      int to = CookiePair.dropBlanks(value, from, value.length());
      long next = KeyText.key(value, from, to, hasher, maxLength);
      if (next == UNUSABLE || (key != NONE && next != NONE && next != key)) {
        return UNUSABLE;
      }
      key = (key == NONE) ? next : key;
    }
    return key;
  }

  private static long ofCookie(List<String> cookies, String name, KeyHasher hasher, int maxLength) {
    long at = CookieScan.nextNotEmpty(cookies, name, CookieScan.START);
    return (at == CookieScan.NONE)
        ? NONE
        : KeyText.key(
            CookieScan.field(cookies, at),
            CookieScan.from(at),
            CookieScan.to(at),
            hasher,
            maxLength);
  }

  /** Reads the key of a value from a request. */
  @FunctionalInterface
  private interface Reader<Q> {
    long key(Q request, KeyHasher hasher, int maxLength);
  }
}
