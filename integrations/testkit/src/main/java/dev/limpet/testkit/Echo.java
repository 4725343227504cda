package dev.limpet.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The content of a {@link RawBackend}'s answer: its id, and the request as it was received.
 * Immutable.
 */
public final class Echo {
  static final String BACKEND = "Kit-Backend";
  static final String BODY_DIGEST = "Kit-Body-Digest";

  private final String backend;
  private final RawMessage request;
  private final String bodyDigest;

  private Echo(String backend, RawMessage request, String bodyDigest) {
    this.backend = backend;
    this.request = request;
    this.bodyDigest = bodyDigest;
  }

  /**
   * {@return the content of an answer}
   *
   * @param answer as it came through the proxy
   * @throws AssertionError if it is the answer of another, such as the proxy's own 503
   */
  public static Echo of(RawMessage answer) {
    String backend = answer.field(BACKEND);
    String bodyDigest = answer.field(BODY_DIGEST);
    if (backend == null || bodyDigest == null) {
      throw new AssertionError(
          "answer: " + answer.startLine() + ' ' + answer.text() + " (expected: one of a backend)");
    }
    return new Echo(backend, RawMessage.ofHead(answer.text()), bodyDigest);
  }

  /** {@return the id of the backend that answered} */
  public String backend() {
    return backend;
  }

  /** {@return the request as the backend received it, without its body} */
  public RawMessage request() {
    return request;
  }

  /** {@return the {@link #digest} of the body that the backend received} */
  public String bodyDigest() {
    return bodyDigest;
  }

  /**
   * {@return the digest of a body: its length and its SHA-256}
   *
   * @param body without its framing
   */
  public static String digest(byte[] body) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return body.length + "-" + HexFormat.of().formatHex(sha.digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the fields of an answer that carry it, each line with its end. */
  static String fields(String backend, RawMessage request) {
    return BACKEND + ": " + backend + "\r\n" + BODY_DIGEST + ": " + digest(request.body()) + "\r\n";
  }

  /** Returns the body of an answer that carries it. */
  static byte[] body(RawMessage request) {
    return request.head().getBytes(ISO_8859_1);
  }
}
