package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Member;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.examples.embedding.DiscoveryExamples.Instance;
import dev.limpet.examples.embedding.Embedder.Request;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of discovery.md do what that page says. */
class DiscoveryExamplesTest extends ExampleFixture {
  private final DiscoveryExamples example = new DiscoveryExamples();
  private final Instance one = new Instance("web@1", "10.0.0.1", 8080, true, 70_000);
  private final Instance two = new Instance("web@2", "10.0.0.2", 8080, false, 10);

  @Test
  void discovery_thePoolFollowsTheList() {
    example.refresh(pool, List.of(one, two));
    example.refresh(pool, List.of(two));

    assertThat(pool.snapshot().members()).extracting(Member::name).containsExactly("web%402");
    example.refresh(pool, List.of());
    assertThat(pool.snapshot().members()).isEmpty();
  }

  @Test
  void discovery_weightsAreScaled() {
    example.refreshByWeight(pool, List.of(one, two));

    assertThat(pool.snapshot().members())
        .extracting(member -> member.backend().weight())
        .containsExactly(256, 1);
  }

  @Test
  void discovery_aRouteCarriesTheInstance() {
    example.refresh(pool, List.of(one));
    StickyRouter<Request> router = StickyRouter.of(pool, byTenant());

    Route route = router.route(ofTenant("blue"));

    assertThat(example.instance(route)).isSameAs(one);
    assertThat(route.backend().scheme()).isEqualTo("https");
    assertThat(route.backend().authority()).isEqualTo("10.0.0.1:8080");
  }

  @Test
  void discovery_aLateResultOfACheckIsNoted() {
    example.refresh(pool, List.of(one));
    Backend checked = DiscoveryExamples.backend(one);
    example.report(pool, checked, false);
    example.refresh(pool, List.of(two));

    example.report(pool, checked, true);

    assertThat(example.lines).containsExactly("web%401: left the pool while it was checked");
  }
}
