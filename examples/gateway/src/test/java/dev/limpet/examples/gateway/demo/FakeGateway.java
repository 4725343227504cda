package dev.limpet.examples.gateway.demo;

import dev.limpet.core.Backend;
import dev.limpet.core.Member;
import dev.limpet.core.Pool;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A small proxy with maps of sessions, which can be made to do everything wrong that the story
 * looks for.
 */
final class FakeGateway implements Control {
  private static final String COOKIE = "FAKE";

  /** What a gateway may do wrong. */
  enum Flaw {
    FORGETS_SESSIONS,
    IGNORES_DRAINS,
    MOVES_SESSIONS_OF_DRAINED_BACKENDS,
    DOES_NOT_REROUTE,
    MOVES_EVERY_SESSION_WHEN_ONE_BACKEND_DIES,
    MOVES_SESSIONS_BACK,
    HAS_NO_HEALTH_CHECKS,
    STICKS_WITHOUT_BEING_ASKED,
    USES_ONE_BACKEND_ONLY
  }

  private final Map<String, DemoBackend> backends;
  private final Set<Flaw> flaws;
  private final HttpClient http;
  private final NetClient tcp;
  private final Map<Stickiness, Front> fronts = new EnumMap<>(Stickiness.class);

  FakeGateway(Vertx vertx, List<DemoBackend> backends, Flaw... flaws) {
    this.backends = backends.stream().collect(Collectors.toMap(DemoBackend::name, b -> b));
    this.flaws = Set.of(flaws);
    this.http = vertx.createHttpClient(new HttpClientOptions().setKeepAlive(false));
    this.tcp = vertx.createNetClient();
    for (Stickiness kind : Stickiness.values()) {
      fronts.put(kind, new Front(vertx, kind));
    }
  }

  @Override
  public int port(String listener) {
    return front(listener).port;
  }

  @Override
  public void drain(String pool, String backend) {
    front(pool).pool.change(edit -> edit.drain(backend));
  }

  @Override
  public void ready(String pool, String backend) {
    front(pool).pool.change(edit -> edit.ready(backend));
  }

  @Override
  public Member.State state(String pool, String backend) {
    if (!flaws.contains(Flaw.HAS_NO_HEALTH_CHECKS)) {
      boolean up = canConnect(backends.get(backend).tcpPort());
      front(pool).pool.change(edit -> {
        if (up) {
          edit.up(backend);
        } else {
          edit.down(backend);
        }
      });
    }
    return front(pool).pool.snapshot().member(backend).state();
  }

  private Front front(String listener) {
    return fronts.values().stream()
        .filter(front -> front.kind.listener().equals(listener))
        .findAny()
        .orElseThrow();
  }

  private static boolean canConnect(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** A listener with its pool and its sessions. */
  private final class Front {
    final Stickiness kind;
    final Pool pool;
    final int port;
    private final Map<String, String> bound = new ConcurrentHashMap<>();
    private final Map<String, String> first = new ConcurrentHashMap<>();
    private final AtomicInteger turns = new AtomicInteger();
    private final AtomicInteger cookies = new AtomicInteger();

    Front(Vertx vertx, Stickiness kind) {
      this.kind = kind;
      this.pool = Pool.of(kind.listener());
      pool.change(edit -> backends.keySet().stream()
          .sorted()
          .forEach(id -> edit.add(Backend.of(id, "127.0.0.1", 1))));
      this.port = kind.tcp() ? listenTcp(vertx) : listenHttp(vertx);
    }

    private int listenTcp(Vertx vertx) {
      NetServer server = vertx.createNetServer().connectHandler(this::connected);
      return server.listen(0, "127.0.0.1").await().actualPort();
    }

    private int listenHttp(Vertx vertx) {
      HttpServer server = vertx.createHttpServer().requestHandler(this::requested);
      return server.listen(0, "127.0.0.1").await().actualPort();
    }

    private void connected(NetSocket client) {
      client.pause();
      connect(client, client.remoteAddress().hostAddress(), new HashSet<>());
    }

    private void connect(NetSocket client, String key, Set<String> tried) {
      String backend = route(key, tried);
      if (backend == null) {
        client.close();
        return;
      }
      tcp.connect(backends.get(backend).tcpPort(), "127.0.0.1")
          .onSuccess(server -> join(client, server))
          .onFailure(e -> connect(client, key, tried));
    }

    private static void join(NetSocket client, NetSocket server) {
      client.handler(server::write).closeHandler(end -> server.close());
      server.handler(client::write).closeHandler(end -> client.close());
      client.resume();
    }

    private void requested(HttpServerRequest request) {
      Cookie cookie =
          request.getCookie((kind == Stickiness.APP_COOKIE) ? HttpLogin.SESSION_COOKIE : COOKIE);
      boolean hasKey = cookie != null;
      forward(
          request,
          hasKey ? cookie.getValue() : "new" + cookies.getAndIncrement(),
          hasKey,
          new HashSet<>());
    }

    private void forward(HttpServerRequest request, String key, boolean hasKey, Set<String> tried) {
      String backend = route(key, tried);
      if (backend == null) {
        request.response().setStatusCode(503).end("no backend");
        return;
      }
      http.request(request.method(), backends.get(backend).httpPort(), "127.0.0.1", request.uri())
          .compose(toServer -> {
            String field = request.getHeader("Cookie");
            if (field != null) {
              toServer.putHeader("Cookie", field);
            }
            return toServer.send();
          })
          .compose(response -> response
              .body()
              .onSuccess(body -> answer(request, response, body, key, hasKey, backend)))
          .onFailure(e -> forward(request, key, hasKey, tried));
    }

    private void answer(
        HttpServerRequest request,
        HttpClientResponse response,
        Buffer body,
        String key,
        boolean hasKey,
        String backend) {
      for (String field : response.cookies()) {
        request.response().headers().add("Set-Cookie", field);
        if (kind == Stickiness.APP_COOKIE) {
          bind(field.replaceFirst("^[^=]*=([^;]*).*", "$1"), backend);
        }
      }
      if (!hasKey && kind != Stickiness.APP_COOKIE) {
        request
            .response()
            .headers()
            .add("Set-Cookie", COOKIE + "=" + key + "; Path=/; SameSite=Lax");
      }
      request.response().putHeader("X-Backend", response.getHeader("X-Backend"));
      request.response().setStatusCode(response.statusCode()).end(body);
    }

    private @Nullable String route(String key, Set<String> tried) {
      if (!tried.isEmpty() && flaws.contains(Flaw.DOES_NOT_REROUTE)) {
        return null;
      }
      if (!tried.isEmpty() && flaws.contains(Flaw.MOVES_EVERY_SESSION_WHEN_ONE_BACKEND_DIES)) {
        bound.clear();
      }
      String backend = recalled(key, tried);
      if (backend == null) {
        backend = turn(tried);
      }
      if (backend != null) {
        tried.add(backend);
        bind(key, backend);
      }
      return backend;
    }

    private void bind(String key, String backend) {
      first.putIfAbsent(key, backend);
      bound.put(key, backend);
    }

    private @Nullable String recalled(String key, Set<String> tried) {
      boolean sticky = kind.sticky() || flaws.contains(Flaw.STICKS_WITHOUT_BEING_ASKED);
      if (!sticky || flaws.contains(Flaw.FORGETS_SESSIONS)) {
        return null;
      }
      String backend = (flaws.contains(Flaw.MOVES_SESSIONS_BACK) ? first : bound).get(key);
      return (backend == null || tried.contains(backend) || !accepts(backend)) ? null : backend;
    }

    private boolean accepts(String backend) {
      Member member = pool.snapshot().member(backend);
      return flaws.contains(Flaw.MOVES_SESSIONS_OF_DRAINED_BACKENDS)
          ? member.acceptsNew()
          : member.acceptsBound();
    }

    private @Nullable String turn(Set<String> tried) {
      List<String> eligible = pool.snapshot().members().stream()
          .filter(member -> member.acceptsNew() || flaws.contains(Flaw.IGNORES_DRAINS))
          .map(Member::name)
          .filter(name -> !tried.contains(name))
          .toList();
      int turn = flaws.contains(Flaw.USES_ONE_BACKEND_ONLY) ? 0 : turns.getAndIncrement();
      return eligible.isEmpty() ? null : eligible.get(turn % eligible.size());
    }
  }
}
