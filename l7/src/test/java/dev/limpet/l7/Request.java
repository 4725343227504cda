package dev.limpet.l7;

import java.util.List;

/** A request as an embedder may have it: nothing but its Cookie fields. */
record Request(List<String> cookies) {

  static Request of(String... cookies) {
    return new Request(List.of(cookies));
  }
}
