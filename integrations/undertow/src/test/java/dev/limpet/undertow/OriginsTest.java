package dev.limpet.undertow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Affinity;
import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which connections a request gets, if its backend was changed after it was chosen. */
final class OriginsTest {
  private final Backend web1 = Backend.of("web1", "127.0.0.1", 8081);
  private final Backend web2 = Backend.of("web2", "127.0.0.1", 8082);
  private final Pool pool = Pool.builder("web").backends(List.of(web1, web2)).build();
  private final Origins origins = new Origins(new StickyProxyBuilder(
      HttpRouter.of(pool, HttpAffinity.of(Affinity.none(), UndertowAccess.INSTANCE))));

  @Test
  void aBackendHasConnectionsOfItsOwn() {
    assertThat(origins.of(web1)).isSameAs(origins.of(web1)).isNotSameAs(origins.of(web2));
  }

  @Test
  void aBackendOfAnotherWeightHasTheSameConnections() {
    OriginConnections before = origins.of(web1);

    pool.change(edit -> edit.weight("web1", 7));

    assertThat(origins.of(pool.snapshot().member("web1").backend())).isSameAs(before);
    assertThat(origins.of(web1)).as("chosen before the change").isSameAs(before);
  }

  @Test
  void anEqualBackendHasTheSameConnections() {
    assertThat(origins.of(Backend.of("web1", "127.0.0.1", 8081))).isSameAs(origins.of(web1));
  }

  @Test
  void aBackendAtAnotherAddressHasOtherConnections() {
    OriginConnections before = origins.of(web1);

    pool.change(edit -> edit.remove("web1").add(Backend.of("web1", "127.0.0.1", 9091)));

    assertThat(origins.of(pool.snapshot().member("web1").backend())).isNotSameAs(before);
    assertThat(origins.of(web1)).as("chosen before the change").isNotSameAs(before);
  }

  @Test
  void twoBackendsAtOneAddressShareConnections() {
    Backend twin = Backend.of("twin", "127.0.0.1", 8081);

    pool.change(edit -> edit.add(twin));

    assertThat(origins.of(twin)).isSameAs(origins.of(web1));
  }
}
