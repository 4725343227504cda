package dev.limpet.l7.golden;

/** A kind of token, in a cookie or a header field. */
enum Kind {
  LB_SIGNED(true, "limpet-web", 1),
  LB_ENCRYPTED(true, "limpet-web", 2),
  LB_DERIVED(true, "limpet-web", 0),
  PREFIX_SIGNED(true, Proxy.COOKIE, 1),
  PREFIX_ENCRYPTED(true, Proxy.COOKIE, 2),
  HEADER_SEALED(false, Proxy.FIELD, 1),
  HEADER_BOUND(false, Proxy.FIELD, 2),
  HEADER_ISSUED(false, Proxy.FIELD, 1),
  MCP_SEALED(false, "Mcp-Session-Id", 2);

  /** What the application sets, and gets back without a token. */
  static final String APPLICATION_ID = "0A1B2C3D4E5F";

  static final String ALICE = "alice";

  private final boolean isCookie;
  private final String field;
  private final int keyId;

  Kind(boolean isCookie, String field, int keyId) {
    this.isCookie = isCookie;
    this.field = field;
    this.keyId = keyId;
  }

  boolean isLbCookie() {
    return field.equals("limpet-web");
  }

  boolean isPrefix() {
    return field.equals(Proxy.COOKIE);
  }

  /** {@return the number of the key that makes the golden token} */
  int keyId() {
    return keyId;
  }

  /** {@return the name of the cookie or header field} */
  String field() {
    return field;
  }

  /** {@return a request of Alice with a value in the cookie or field} */
  Message request(String value) {
    return named(field, value);
  }

  Message named(String name, String value) {
    Message request = new Message().with(Proxy.USER, ALICE);
    return isCookie ? request.with("Cookie", name + '=' + value) : request.with(name, value);
  }

  /** {@return the first response of the application} */
  Message answer() {
    Message answer = new Message();
    return switch (this) {
      case PREFIX_SIGNED, PREFIX_ENCRYPTED ->
        answer.with("Set-Cookie", field + '=' + APPLICATION_ID + "; Path=/");
      case HEADER_SEALED, HEADER_BOUND, MCP_SEALED -> answer.with(field, APPLICATION_ID);
      default -> answer;
    };
  }

  /** {@return the value that a response has in the cookie or field} */
  String value(Message response) {
    String line = response.fields(isCookie ? "Set-Cookie" : field).get(0);
    if (!isCookie) {
      return line;
    }
    String pair = line.substring(0, line.indexOf(';'));
    int sign = pair.indexOf('=');
    if (!pair.substring(0, sign).equals(field)) {
      throw new AssertionError(pair + " (expected: the cookie " + field + ')');
    }
    return pair.substring(sign + 1);
  }
}
