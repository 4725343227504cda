package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.examples.embedding.CookieExamples.MyAccess;
import dev.limpet.examples.embedding.Embedder.Headers;
import dev.limpet.examples.embedding.Embedder.Request;
import dev.limpet.examples.embedding.Embedder.Response;
import dev.limpet.l7.CookieKeys;
import dev.limpet.l7.HeaderAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.McpAffinity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The examples of headers.md and mcp.md do what those pages say. */
class HeaderExamplesTest extends ExampleFixture {
  private static final String ID = "X-Session-Id";
  private static final String MCP = "Mcp-Session-Id";

  private final MyAccess access = new MyAccess();
  private final HeaderExamples headers = new HeaderExamples();
  private final McpExamples mcp = new McpExamples();

  private static Request with(String name, String value) {
    Request request = new Request(address("192.0.2.1"));
    request.headers().set(name, List.of(value));
    return request;
  }

  private static Request plain() {
    return new Request(address("192.0.2.1"));
  }

  /** Lets a backend begin a session. Returns what the client gets. */
  private static String begin(HttpRouter<Request, Response> router, String name, Request request) {
    Response response = new Response(200, new Headers());
    response.headers().set(name, List.of("id-1"));
    router.onResponse(request, router.route(request), response);
    return response.headers().get(name).get(0);
  }

  @Test
  void headers_aLearnedIdIsForwardedUnchanged_andForgotten() {
    HttpRouter<Request, Response> router = headers.learned(pool, access);
    String id = begin(router, ID, plain());
    Request next = with(ID, id);

    assertThat(id).isEqualTo("id-1");
    assertThat(router.route(next).outcome()).isEqualTo(Outcome.KEPT);
    router.onResponse(next, router.route(next), new Response(404, new Headers()));
    assertThat(router.route(next).outcome()).isEqualTo(Outcome.KEPT);
    router.onResponse(next, router.route(next), new Response(410, new Headers()));
    assertThat(router.route(next).outcome()).isEqualTo(Outcome.HASHED);
  }

  @Test
  void headers_aSealedIdIsRestoredForTheBackend() {
    HttpRouter<Request, Response> router = headers.sealed(pool, access);
    String token = begin(router, ID, plain());

    assertThat(token).isNotEqualTo("id-1");
    assertThat(router.route(with(ID, token)).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(router.fieldsToBackend(with(ID, token))).isEqualTo(Map.of(ID, List.of("id-1")));
    Route invented = router.route(with(ID, "id-1"));
    assertThat(invented.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(router.statusWithoutBackend(invented)).isEqualTo(404);
  }

  @Test
  void headers_anIssuedFieldIsSetByTheRouter_butNotOn304() {
    HttpRouter<Request, Response> router = headers.issued(pool, access);
    Response notModified = new Response(304, new Headers());
    Response first = new Response(200, new Headers());
    router.onResponse(plain(), router.route(plain()), notModified);
    router.onResponse(plain(), router.route(plain()), first);
    Request next = with("X-Route", first.headers().get("X-Route").get(0));

    assertThat(notModified.headers().get("X-Route")).isEmpty();
    assertThat(router.route(next).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(router.fieldsToBackend(next)).isEqualTo(Map.of("X-Route", List.of()));
  }

  @Test
  void headersAndMcp_anIdOfAnotherUserIsUnknown() {
    Map<String, HeaderAffinity<Request, Response>> affinities =
        Map.of(ID, headers.ofUsers(pool, access), MCP, mcp.ofUsers(pool, access));
    affinities.forEach((name, affinity) -> {
      HttpRouter<Request, Response> router = HttpRouter.of(pool, affinity);
      String token = begin(router, name, by("alice", with("X-Other", "1")));
      assertThat(router.route(by("alice", with(name, token))).outcome()).isEqualTo(Outcome.KEPT);
      assertThat(router.route(by("bob", with(name, token))).outcome()).isEqualTo(Outcome.REFUSED);
    });
  }

  private static Request by(String user, Request request) {
    request.headers().set("X-Authenticated-User", List.of(user));
    return request;
  }

  @Test
  void headers_keysChangeWithoutLosingASession() {
    CookieKeys keys = CookieKeys.of(pool.environment());
    HeaderAffinity<Request, Response> affinity =
        HeaderAffinity.sealed(pool, access, ID).keys(keys).build();
    HttpRouter<Request, Response> router = HttpRouter.of(pool, affinity);
    String token = begin(router, ID, plain());

    headers.changeKeys(affinity, keys, new byte[33]);

    assertThat(router.route(with(ID, token)).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void mcp_aSessionStaysWithItsServer_andTheStatusTellsTheClientWhatToDo() {
    HttpRouter<Request, Response> router = mcp.sessions(List.of(web1, web2), SECRET, access);
    String id = begin(router, MCP, plain());
    String home = backend(router.route(with(MCP, id)));

    assertThat(mcp.handle(router, with(MCP, id)).status()).isEqualTo(200);
    assertThat(mcp.sent).containsExactly(home);
    mcp.unreachable.add(home);
    assertThat(mcp.handle(router, with(MCP, id)).status()).isEqualTo(503);
    assertThat(mcp.handle(router, plain()).status()).isEqualTo(200);
    router.pool().change(edit -> edit.remove(home));
    assertThat(mcp.handle(router, with(MCP, id)).status()).isEqualTo(404);
    assertThat(mcp.handle(router, with(MCP, "invented")).status()).isEqualTo(404);
  }

  @Test
  void mcp_aLearnedSessionKeepsTheServersId() {
    HttpRouter<Request, Response> router = mcp.learned(pool, access);

    assertThat(begin(router, MCP, plain())).isEqualTo("id-1");
    assertThat(router.route(with(MCP, "id-1")).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void mcp_serversThatShareSessionsTakeOverFromEachOther() {
    HttpRouter<Request, Response> router =
        mcp.withSharedSessions(pool, McpAffinity.of(pool, access));
    String id = begin(router, MCP, plain());
    String home = backend(router.route(with(MCP, id)));
    pool.change(edit -> edit.down(home));

    assertThat(backend(router.route(with(MCP, id)))).isNotEqualTo(home).isNotEqualTo("null");
  }

  @Test
  void mcp_aTaskIsFoundWhereItWasBound() {
    Pool servers = Pool.builder("mcp")
        .backends(List.of(web1, web2))
        .environment(Environment.of(SECRET))
        .build();
    KeyAffinity<Request> tasks = mcp.tasks(servers, access);
    HttpRouter<Request, Response> router = mcp.bothEras(servers, access, tasks);
    for (Backend server : List.of(web1, web2)) {
      mcp.bind(tasks, "task of " + server.id(), server);
    }

    for (Backend server : List.of(web1, web2)) {
      Route route = router.route(ofTask("task of " + server.id()));
      assertThat(route).hasToString("KEPT " + server.id());
    }
    String id = begin(router, MCP, plain());
    assertThat(router.route(with(MCP, id)).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(mcp.basket(access).key(ofBasket("7"), tasks.environment().hasher()))
        .isNotZero();
  }

  private static Request ofTask(String id) {
    Request request = with("MCP-Protocol-Version", "2026-07-28");
    request.headers().set("Mcp-Method", List.of("tasks/get"));
    request.headers().set("Mcp-Name", List.of(id));
    return request;
  }

  private static Request ofBasket(String id) {
    Request request = with("MCP-Protocol-Version", "2026-07-28");
    request.headers().set("Mcp-Param-Basket", List.of(id));
    return request;
  }
}
