package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.KeyHasher;
import dev.limpet.core.Pool;
import dev.limpet.core.Reason;
import dev.limpet.core.StickyRouter;
import dev.limpet.examples.embedding.Embedder.Request;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpKeyExamplesTest {
  private static final KeyHasher HASHER = Environment.local().hasher();

  private final HttpKeyExamples examples = new HttpKeyExamples();

  private static Request request(String field, String value) {
    Request request = new Request(InetAddress.getLoopbackAddress());
    request.headers().set(field, List.of(value));
    return request;
  }

  @Test
  void aSessionId_keepsItsBackend() {
    Pool pool = Pool.of("web", Backend.of("a", "10.0.0.1", 80), Backend.of("b", "10.0.0.2", 80));
    StickyRouter<Request> router = examples.bySessionId(pool, new CookieExamples.MyAccess());
    Backend first = router.route(request("X-Session-Id", "7")).backend();

    assertThat(router.route(request("X-Session-Id", "7")).backend()).isSameAs(first);
    assertThat(router.route(request("X-Session-Id", "7".repeat(257))).reason())
        .isEqualTo(Reason.UNUSABLE_KEY);
  }

  @Test
  void onlyAVerifiedClaim_isAKey() {
    KeyExtractor<Request> tenant =
        examples.byClaim((token, name) -> token.equals("good") ? name + "-1" : null);

    assertThat(tenant.key(request("Authorization", "good"), HASHER))
        .isEqualTo(HASHER.string("tenant-1"));
    assertThat(tenant.key(request("Authorization", "forged"), HASHER)).isEqualTo(KeyExtractor.NONE);
    assertThat(tenant.key(request("Cookie", "a=b"), HASHER)).isEqualTo(KeyExtractor.NONE);
  }

  @Test
  void aCookie_isAKey() {
    KeyExtractor<Request> device = examples.byCookie(new CookieExamples.MyAccess());

    assertThat(device.key(request("Cookie", "a=b; device=c"), HASHER))
        .isEqualTo(HASHER.string("c"));
    assertThat(
            examples.inThePath(new CookieExamples.MyAccess()).key(request("Cookie", "a=b"), HASHER))
        .isEqualTo(KeyExtractor.NONE);
  }
}
