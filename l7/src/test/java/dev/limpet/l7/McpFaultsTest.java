package dev.limpet.l7;

import static dev.limpet.l7.HeaderFixture.id;
import static dev.limpet.l7.HeaderFixture.mcp;
import static dev.limpet.l7.HeaderFixture.mcpSets;
import static dev.limpet.l7.HeaderFixture.mcpValue;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.core.table.CaffeineStickyTable;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MCP sessions in routers with other settings. */
class McpFaultsTest {
  private final HeaderFixture web = new HeaderFixture();

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSessionOfALaterTier_doesNotLeaveItsServer(boolean sealed) {
    Pool pool = Pool.builder("web")
        .backends(List.of(LbFixture.backend("a"), LbFixture.backend("b").withTier(1)))
        .environment(web.environment)
        .build();
    HttpRouter<Call, Response> router = HttpRouter.builder(
            pool, sealed ? McpAffinity.of(pool, Call.ACCESS) : web.mcpLearned().build())
        .returnToEarlierTier(true)
        .build();
    pool.change(edit -> edit.down("a"));
    Response response = mcpSets("session-1");
    Call.post().answered(router, response);
    pool.change(edit -> edit.up("a"));

    Route route = router.route(mcp(mcpValue(response)));

    assertThat(route).hasToString("KEPT b");
  }

  @Test
  void whileTheStoreIsSilent_aSessionIsRefusedAndMayTryAgain() {
    LateTable late = new LateTable(CaffeineStickyTable.of(StickySession.custom(), 100));
    HttpRouter<Call, Response> router = web.router(
        McpAffinity.learned(Call.ACCESS, (session, given) -> late).environment(web.environment));
    late.share(web.affinity.key(mcp("x")), "a");
    CompletableFuture<Route> asked = router.routeAsync(mcp("x")).toCompletableFuture();
    late.fail();

    Route route = asked.join();

    assertThat(id(route)).isEqualTo("none");
    assertThat(route).hasToString("REFUSED (STORE_UNAVAILABLE)");
    assertThat(router.statusWithoutBackend(route)).isEqualTo(503);
  }
}
