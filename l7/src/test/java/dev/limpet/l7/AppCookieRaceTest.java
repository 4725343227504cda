package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Bound;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AppCookieRaceTest {
  private final AppFixture app = new AppFixture();

  @Test
  void aBindingThatChangesMeanwhile_isTakenOverAllTheSame() {
    for (Bound meanwhile : new Bound[] {Bound.held("another"), Bound.ABSENT}) {
      Interfering table = new Interfering(meanwhile);
      AppCookieAffinity<Request, Response> affinity = AppCookieAffinity.builder(Response.ACCESS)
          .session(StickySession.appCookie("SID"))
          .table((session, environment) -> table)
          .build();
      HttpRouter<Request, Response> router = HttpRouter.of(app.pool, affinity);

      Route route = router.route(Request.of());
      router.onResponse(Request.of(), route, AppFixture.sets("SID=x"));

      assertThat(table.expected).containsExactly("elsewhere", meanwhile.name());
      assertThat(table.bound).isEqualTo(Browser.id(route));
      assertThat(affinity.responseStats().learned()).isEqualTo(1);
    }
  }

  /** A table in which another thread is always first, once. */
  private static final class Interfering implements StickyTable {
    private final List<@Nullable String> expected = new ArrayList<>();
    private final Bound meanwhile;
    private @Nullable String bound = "elsewhere";

    Interfering(Bound meanwhile) {
      this.meanwhile = meanwhile;
    }

    @Override
    public @Nullable String lookup(long key) {
      return bound;
    }

    @Override
    public @Nullable String peek(long key) {
      return bound;
    }

    @Override
    public boolean wantsHash(long key) {
      return false;
    }

    @Override
    public Bound bind(long key, @Nullable String expectedName, String candidate, boolean byHash) {
      expected.add(expectedName);
      if (expected.size() == 1) {
        return meanwhile;
      }
      bound = candidate;
      return Bound.stored(candidate);
    }

    @Override
    public boolean unbind(long key, String expectedName) {
      return false;
    }
  }
}
