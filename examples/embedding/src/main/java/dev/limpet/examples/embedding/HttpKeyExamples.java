package dev.limpet.examples.embedding;

import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Pool;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpKey;
import org.jspecify.annotations.Nullable;

/** The examples of {@code docs/http-keys.md}. */
final class HttpKeyExamples extends Embedder {

  /** Your own verification of tokens, such as JWTs. */
  interface TokenVerifier {
    /** Returns a claim of a token; null if the token is not valid or has no such claim. */
    @Nullable
    String claim(String token, String name);
  }

  StickyRouter<Request> bySessionId(Pool pool, HttpAccess<Request, Response> access) {
    KeyExtractor<Request> session =
        HttpKey.header(access, "X-Session-Id").orElse(HttpKey.query(access, "session"));

    StickyRouter<Request> router =
        StickyRouter.of(pool, KeyAffinity.builder(session).build());
    return router;
  }

  KeyExtractor<Request> inThePath(HttpAccess<Request, Response> access) {
    KeyExtractor<Request> session = HttpKey.pathParameter(access, "jsessionid").withMaxLength(64);
    return session;
  }

  KeyExtractor<Request> byCookie(HttpAccess<Request, Response> access) {
    KeyExtractor<Request> device = HttpKey.cookie(access, "device");
    return device;
  }

  KeyExtractor<Request> byClaim(TokenVerifier verifier) {
    KeyExtractor<Request> tenant = KeyExtractor.string(request -> {
      String token = request.header("Authorization");
      return (token == null) ? null : verifier.claim(token, "tenant");
    });
    return tenant;
  }
}
