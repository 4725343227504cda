package dev.limpet.benchmarks;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.HttpRouter;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** This library, by app cookie. */
final class LimpetPeer implements Peer {
  private static final String COOKIE = "JSESSIONID";

  private final Pool pool;
  private final HttpRouter<Request, Response> router;
  private final String[] ids;
  private final Request[] requests;

  LimpetPeer(List<String> backends, String[] ids) {
    this.pool = Pool.builder("web")
        .backends(backends.stream().map(LimpetPeer::backend).toList())
        .build();
    this.router = HttpRouter.of(
        pool,
        AppCookieAffinity.builder(new Response.Access())
            .session(StickySession.appCookie(COOKIE))
            .table((session, environment) ->
                CompactStickyTable.of(session, Tables.capacity(ids.length), environment.clock()))
            .build());
    this.ids = ids;
    this.requests = new Request[ids.length];
    Arrays.fill(requests, new Request(InetAddress.getLoopbackAddress(), "", List.of()));
  }

  /** Returns a Cookie field with a value among others. */
  static String cookies(String value) {
    return "theme=dark; " + COOKIE + '=' + value + "; _ga=GA1.1.1234567890";
  }

  @Override
  public Object route(int session) {
    return requireNonNull(router.route(requests[session]).backend());
  }

  @Override
  public List<String> visit() {
    return IntStream.range(0, ids.length).mapToObj(this::request).toList();
  }

  private String request(int session) {
    Route route = router.route(requests[session]);
    if (requests[session].cookies().isEmpty()) {
      router.onResponse(
          requests[session], route, new Response(COOKIE + '=' + ids[session] + "; Path=/"));
      requests[session] = requests[session].withCookies(cookies(ids[session]));
    }
    return requireNonNull(route.backend()).id();
  }

  @Override
  public void join(String id) {
    pool.change(edit -> edit.add(backend(id)));
  }

  @Override
  public void leave(String id) {
    pool.change(edit -> edit.remove(id));
  }

  @Override
  public void down(String id) {
    pool.change(edit -> edit.down(id));
  }

  @Override
  public void up(String id) {
    pool.change(edit -> edit.up(id));
  }

  @Override
  public @Nullable String drain(String id) {
    pool.change(edit -> edit.drain(id));
    return null;
  }

  private static Backend backend(String id) {
    return Backend.of(id, id, 8080);
  }
}
