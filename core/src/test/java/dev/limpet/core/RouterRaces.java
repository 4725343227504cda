package dev.limpet.core;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Two threads at one pool, picker or backend; run by {@link RacesTest}. */
public final class RouterRaces {
  private RouterRaces() {}

  /** A pool of which one backend takes the place of another while a request is routed. */
  @JCStressTest
  @State
  @Outcome(
      id = {"a, [a UP]", "b, [b UP]", "a, [b UP]"},
      expect = Expect.ACCEPTABLE,
      desc = "before, after, between")
  @Outcome(expect = Expect.FORBIDDEN, desc = "half a change, or one taken back")
  public static class PublicationAndRoute {
    private final Pool pool = Routing.pool("a");
    private final StickyRouter<String> router = StickyRouter.of(pool, Affinity.none());

    /** Changes the pool. */
    @Actor
    public void change() {
      pool.change(edit -> edit.remove("a").add(Routing.backend("b")));
    }

    /** Routes a request, and looks at the pool. */
    @Actor
    public void route(LL_Result r) {
      r.r1 = Routing.id(router.route("x"));
      r.r2 = pool.snapshot().toString();
    }
  }

  /** Two picks of two backends. */
  @JCStressTest
  @State
  @Outcome(
      id = {"a, b", "b, a"},
      expect = Expect.ACCEPTABLE,
      desc = "a turn each")
  @Outcome(expect = Expect.FORBIDDEN, desc = "one turn for both")
  public static class TwoPicks {
    private final Picker picker = new WeightedRoundRobin()
        .picker(List.of(Routing.backend("a"), Routing.backend("b")), List.of());

    /** Picks. */
    @Actor
    public void first(LL_Result r) {
      r.r1 = picker.pick(KeyExtractor.NONE).name();
    }

    /** Picks. */
    @Actor
    public void second(LL_Result r) {
      r.r2 = picker.pick(KeyExtractor.NONE).name();
    }
  }

  /** Two requests for one connection. */
  @JCStressTest
  @State
  @Outcome(
      id = {"1, 0, 1", "0, 1, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "one has it")
  @Outcome(expect = Expect.FORBIDDEN, desc = "both or none have it")
  public static class LastConnection {
    private final Load load = new Load();

    /** Asks for it. */
    @Actor
    public void first(III_Result r) {
      r.r1 = load.acquire(1) ? 1 : 0;
    }

    /** Asks for it. */
    @Actor
    public void second(III_Result r) {
      r.r2 = load.acquire(1) ? 1 : 0;
    }

    /** Counts. */
    @Arbiter
    public void after(III_Result r) {
      r.r3 = load.connections();
    }
  }

  /** Two threads close a route while another is held. */
  @JCStressTest
  @State
  @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "one connection is given back")
  @Outcome(expect = Expect.FORBIDDEN, desc = "one is held for ever, or given back twice")
  public static class CloseAndClose {
    private final Pool pool = Routing.counting(Routing.backend("a"));
    private final StickyRouter<String> router = StickyRouter.of(pool, Affinity.none());
    private final Route other = router.route("x");
    private final Route route = router.route("x");

    /** Closes it. */
    @Actor
    public void first() {
      route.close();
    }

    /** Closes it. */
    @Actor
    public void second() {
      route.close();
    }

    /** Counts, and counts again without the other route. */
    @Arbiter
    public void after(II_Result r) {
      r.r1 = Routing.connections(pool, "a");
      other.close();
      r.r2 = Routing.connections(pool, "a");
    }
  }

  /** A route that is closed while the request is routed again. */
  @JCStressTest
  @State
  @Outcome(
      id = "0, 1, 0",
      expect = Expect.ACCEPTABLE,
      desc = "the failed connection is given back, and the next one is held")
  @Outcome(expect = Expect.FORBIDDEN, desc = "one is held for ever, or given back twice")
  public static class CloseAndReroute {
    private final Pool pool = Routing.counting(Routing.backend("a"), Routing.backend("b"));
    private final StickyRouter<String> router = StickyRouter.of(pool, Affinity.none());
    private final Route failed = router.route("x");
    private Route next;

    /** Closes it. */
    @Actor
    public void close() {
      failed.close();
    }

    /** Goes on with another backend. */
    @Actor
    public void reroute() {
      next = router.reroute("x", failed);
    }

    /** Counts, and counts again without the next route. */
    @Arbiter
    public void after(III_Result r) {
      r.r1 = Routing.connections(pool, Routing.id(failed));
      r.r2 = Routing.connections(pool, Routing.id(next));
      next.close();
      r.r3 = pool.heldRoutes().size();
    }
  }

  /** A route that is closed while it begins to keep another session. */
  @JCStressTest
  @State
  @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "nothing is held")
  @Outcome(expect = Expect.FORBIDDEN, desc = "one is held for ever, or given back twice")
  public static class CloseAndKeep {
    private final StickyTable table = Routing.table(8);
    private final Pool pool = Routing.counting(Routing.backend("a"));
    private final Route route = StickyRouter.of(pool, Routing.affinity(table)).route("x");

    /** Closes it. */
    @Actor
    public void close() {
      route.close();
    }

    /** Keeps another session. */
    @Actor
    public void keep() {
      route.keep(table, 42);
    }

    /** Counts. */
    @Arbiter
    public void after(II_Result r) {
      r.r1 = pool.heldRoutes().size();
      r.r2 = Routing.connections(pool, "a");
    }
  }

  /** A route that begins to keep two sessions, and is closed then. */
  @JCStressTest
  @State
  @Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "it is held once until it is closed")
  @Outcome(expect = Expect.FORBIDDEN, desc = "it is held twice, or for ever")
  public static class KeepAndKeep {
    private final StickyTable table = Routing.table(8);
    private final Pool pool = Routing.counting(Routing.backend("a"));
    private final Route route = StickyRouter.of(pool, Routing.affinity(table)).route("x");

    /** Keeps a session. */
    @Actor
    public void first() {
      route.keep(table, 42);
    }

    /** Keeps another one. */
    @Actor
    public void second() {
      route.keep(table, 43);
    }

    /** Counts, and counts again when it is closed. */
    @Arbiter
    public void after(III_Result r) {
      r.r1 = pool.heldRoutes().size();
      route.close();
      r.r2 = pool.heldRoutes().size();
      r.r3 = Routing.connections(pool, "a");
    }
  }

  /** A session that is let go while its route is closed. */
  @JCStressTest
  @State
  @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "nothing is held")
  @Outcome(expect = Expect.FORBIDDEN, desc = "one is held for ever, or given back twice")
  public static class CloseAndLetGo {
    private final Pool pool = Routing.counting(Routing.backend("a"));
    private final Route route =
        StickyRouter.of(pool, Routing.affinity(Routing.table(8))).route("x");

    /** Closes it. */
    @Actor
    public void close() {
      route.close();
    }

    /** Lets its session go. */
    @Actor
    public void letGo() {
      route.letGo();
    }

    /** Counts. */
    @Arbiter
    public void after(II_Result r) {
      r.r1 = pool.heldRoutes().size();
      r.r2 = Routing.connections(pool, "a");
    }
  }

  /** A caller that cancels its wait for a route while the table answers. */
  @JCStressTest
  @State
  @Outcome(
      id = {"1, 0, 0", "0, 1, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "it was cancelled and holds nothing, or was answered and holds a connection")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a connection is lost, or held by nobody")
  public static class CancelAndAnswer {
    private final Pool pool = Routing.counting(Routing.backend("a"));
    private final LateTable table = new LateTable(Routing.table(1));
    private final CompletableFuture<Route> asked =
        StickyRouter.of(pool, Routing.affinity(table)).routeAsync("x").toCompletableFuture();

    /** Gives up. */
    @Actor
    public void cancel(III_Result r) {
      r.r1 = asked.cancel(false) ? 1 : 0;
    }

    /** RouteRecorder. */
    @Actor
    public void answer() {
      table.answer();
    }

    /** Counts routes that arrived, and connections. */
    @Arbiter
    public void after(III_Result r) {
      r.r2 = asked.isCancelled() ? 0 : 1;
      r.r3 = Routing.connections(pool, "a");
    }
  }

  /** A hit is charged while its backend is passed over for the hit before. */
  @JCStressTest
  @State
  @Outcome(
      id = {"1, 0", "1, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "the debt is paid once, and may be made again")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a debt is lost or paid twice")
  public static class ChargeAndPay {
    private final Load load = new Load();

    /** Owes a turn from the beginning. */
    public ChargeAndPay() {
      load.charge();
    }

    /** Is charged once more. */
    @Actor
    public void charge() {
      load.charge();
    }

    /** Pays. */
    @Actor
    public void pay(II_Result r) {
      r.r1 = load.pay() ? 1 : 0;
    }

    /** Pays what is left. */
    @Arbiter
    public void after(II_Result r) {
      r.r2 = load.pay() ? 1 : 0;
    }
  }
}
