package dev.limpet.examples.embedding;

import dev.limpet.l7.CookieKeys;
import java.util.List;

/** The example of {@code docs/keys.md}. */
final class KeyExamples extends Embedder {

  /** Returns the rings of the three steps. */
  List<CookieKeys> steps(CookieKeys keys, byte[] newSecret) {
    CookieKeys prepared = keys.with(2, newSecret); // step 1: 1 signs, 2 verifies
    CookieKeys changed = prepared.signingBy(2); // step 2: 2 signs, 1 verifies
    CookieKeys cleaned = changed.without(1); // step 3, when no cookie of 1 is valid any more
    return List.of(prepared, changed, cleaned);
  }
}
