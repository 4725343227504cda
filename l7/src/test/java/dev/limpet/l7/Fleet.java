package dev.limpet.l7;

import dev.limpet.core.Outcome;
import dev.limpet.core.Profile;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Proxies that share secrets, and clients that visit one after the other. */
final class Fleet {
  private static final int PROXIES = 3;

  final LbFixture web = new LbFixture();
  final List<LbCookieAffinity<Request, Response>> affinities = new ArrayList<>();
  private final List<HttpRouter<Request, Response>> routers = new ArrayList<>();
  private final List<Browser> clients = new ArrayList<>();
  private final List<String> homes = new ArrayList<>();
  private int lost;
  private int setCookies;

  Fleet(UnaryOperator<LbCookieAffinityBuilder<Request, Response>> settings) {
    for (int i = 0; i < PROXIES; i++) {
      LbCookieAffinity<Request, Response> affinity = web.affinity(settings);
      affinities.add(affinity);
      routers.add(HttpRouter.builder(web.pool, affinity).profile(Profile.OPEN).build());
    }
  }

  /** Replaces a proxy by one of other settings. */
  void restart(int proxy, UnaryOperator<LbCookieAffinityBuilder<Request, Response>> settings) {
    affinities.set(proxy, web.affinity(settings));
    routers.set(
        proxy,
        HttpRouter.builder(web.pool, affinities.get(proxy))
            .profile(Profile.OPEN)
            .build());
  }

  /** At each proxy begins a session. */
  void begin() {
    for (HttpRouter<Request, Response> router : routers) {
      Browser client = new Browser();
      homes.add(Browser.id(client.visit(router)));
      clients.add(client);
    }
  }

  /** Every client visits every proxy. */
  void visitAll() {
    for (HttpRouter<Request, Response> router : routers) {
      for (int i = 0; i < clients.size(); i++) {
        visit(i, router);
      }
      web.clock.advance(Duration.ofSeconds(1));
    }
  }

  /** Every client visits all proxies again and again for some time. */
  void visitFor(Duration duration) {
    for (int i = 0; i < 20; i++) {
      web.clock.advance(duration.dividedBy(20));
      visitAll();
    }
  }

  /** How many requests did not find the backend of their session. */
  int lost() {
    return lost;
  }

  /** How many responses to sessions that go on set a cookie. */
  int setCookies() {
    return setCookies;
  }

  long rejected(Reason reason) {
    return routers.stream().mapToLong(router -> router.stats().count(reason)).sum();
  }

  private void visit(int client, HttpRouter<Request, Response> router) {
    Route route = clients.get(client).visit(router);
    if (route.outcome() == Outcome.KEPT && Browser.id(route).equals(homes.get(client))) {
      setCookies += clients.get(client).setCookies().size();
      return;
    }
    lost++;
    homes.set(client, Browser.id(route));
  }
}
