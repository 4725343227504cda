package dev.limpet.testkit;

/**
 * An answer of a backend that proxies treat differently: with an interim response, or with octets
 * beyond its end, which look like the answer to another request.
 */
public enum WireTrial {
  /** 103 Early Hints before the final response. */
  EARLY_HINTS("GET", interim("103 Early Hints"), first(), false),
  /** 102 Processing before the final response. */
  PROCESSING("GET", interim("102 Processing"), first(), false),
  /** An interim response of an unknown status before the final one. */
  UNKNOWN_INTERIM("GET", interim("199 Unknown"), first(), false),
  /** 100 Continue before the final response, although the client does not expect it. */
  UNASKED_CONTINUE("GET", interim("100 Continue"), first(), false),
  /** 101 Switching Protocols, although the client did not ask for it. */
  UNASKED_SWITCH("GET", switching(), planted(), false),
  /** Octets after the length that the response declares, in one piece with it. */
  BEYOND_ITS_LENGTH("GET", "", first() + planted(), false),
  /** Octets after the response, when the client has read it. */
  AFTER_ITS_END("GET", "", first(), true),
  /** Octets after 204 No Content, which has no body. */
  AFTER_NO_CONTENT("GET", "", bodyless("204 No Content") + planted(), false),
  /** Octets after 304 Not Modified, which has no body. */
  AFTER_NOT_MODIFIED("GET", "", bodyless("304 Not Modified") + planted(), false),
  /** Octets after the answer to a HEAD, which has no body. */
  AFTER_THE_HEAD("HEAD", "", head(planted().length()) + planted(), false);

  static final String OWN = "own";

  private final String method;
  private final String interim;
  private final String answer;
  private final boolean isLate;

  WireTrial(String method, String interim, String answer, boolean isLate) {
    this.method = method;
    this.interim = interim;
    this.answer = answer;
    this.isLate = isLate;
  }

  /** {@return the method of the request} */
  String method() {
    return method;
  }

  /** {@return what comes first, in a piece of its own; empty if nothing does} */
  String interim() {
    return interim;
  }

  /** {@return the rest} */
  String answer() {
    return answer;
  }

  /** {@return true if more octets follow when the client has read the answer} */
  boolean isLate() {
    return isLate;
  }

  /** {@return the answer to a request of somebody else} */
  static String own() {
    return answer("own"); // not the constant, which is not there yet when the values are made
  }

  /** {@return the answer to the request of the trial} */
  private static String first() {
    return answer("first");
  }

  static String planted() {
    return answer("planted");
  }

  private static String answer(String body) {
    return head(body.length()) + body;
  }

  private static String head(int length) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n";
  }

  private static String interim(String status) {
    return "HTTP/1.1 " + status + "\r\nLink: </style.css>; rel=preload\r\n\r\n";
  }

  private static String bodyless(String status) {
    return "HTTP/1.1 " + status + "\r\n\r\n";
  }

  private static String switching() {
    return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n";
  }
}
