package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Outcome;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.examples.embedding.Embedder.Request;
import java.net.Socket;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The examples of source-addresses.md and custom-keys.md do what those pages say. */
class RoutingExamplesTest extends ExampleFixture {
  @Test
  void sourceAddresses_readmeReroutesToTheOtherBackend() {
    ReadmeExample example = new ReadmeExample() {
      @Override
      boolean connect(Backend backend) {
        return backend.id().equals("db2");
      }
    };

    assertThat(backend(example.example(client("192.0.2.1")))).isEqualTo("db2");
  }

  @Test
  void sourceAddresses_addressesOfOneNetworkAreOneSession_lentWhileItsBackendIsDown() {
    StickyRouter<Socket> router = new SourceAddressExamples().byNetwork(pool);
    Route first = router.route(client("2001:db8::1"));

    Route second = router.route(client("2001:db8::2"));
    pool.change(edit -> edit.down(backend(first)));

    assertThat(second.outcome()).isEqualTo(Outcome.KEPT);
    assertThat(router.route(client("2001:db8::3")).outcome()).isEqualTo(Outcome.LENT);
  }

  @Test
  void sourceAddresses_bytesAreTheAddress() {
    StickyRouter<SourceAddressExamples.Connection> router =
        StickyRouter.of(pool, new SourceAddressExamples().ofBytes());

    router.route(() -> new byte[] {10, 0, 0, 1});

    assertThat(router.route(() -> new byte[] {10, 0, 0, 1}).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void customKeys_aTenantIsASession_andARequestWithoutOneGoesByItsAddress() {
    StickyRouter<Request> router = new CustomKeyExamples().byTenant(pool);
    Request anonymous = new Request(address("192.0.2.1"));
    router.route(ofTenant("blue"));
    router.route(anonymous);

    assertThat(router.route(ofTenant("blue")).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(router.route(anonymous).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void customKeys_anyBalancerAndDurationIsAllowed() {
    StickyRouter<Request> router =
        new CustomKeyExamples().forEightHours(List.of(web1, web2), TENANT);

    assertThat(router.route(ofTenant("blue")).outcome()).isEqualTo(Outcome.NEW);
  }

  @Test
  void customKeys_withoutSessionsAKeyGoesToOneBackend() {
    StickyRouter<Request> router =
        new CustomKeyExamples().withoutSessions(List.of(web1, web2), TENANT);

    assertThat(IntStream.range(0, 20).mapToObj(i -> router.route(ofTenant("blue"))))
        .extracting(ExampleFixture::backend)
        .containsOnly(backend(router.route(ofTenant("blue"))));
    assertThat(router.stats().count(Outcome.UNBOUND)).isEqualTo(21);
  }
}
