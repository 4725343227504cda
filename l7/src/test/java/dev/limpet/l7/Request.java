package dev.limpet.l7;

import java.util.List;

/** A request as an embedder may have it: its Cookie fields, and whether it came over TLS. */
record Request(List<String> cookies, boolean overTls) {

  Request(List<String> cookies) {
    this(cookies, false);
  }

  static Request of(String... cookies) {
    return new Request(List.of(cookies));
  }

  /** The same request over TLS. */
  Request secure() {
    return new Request(cookies, true);
  }
}
