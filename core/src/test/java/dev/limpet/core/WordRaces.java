package dev.limpet.core;

import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.core.table.StickyTableRaceContract;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Two threads at one word of a compact table; run by {@link RacesTest}. */
public final class WordRaces {
  private WordRaces() {}

  /** A table of eight places in which key 1 is bound to a. */
  abstract static class Table {
    private final StickyTableRaceContract.ManualClock clock =
        new StickyTableRaceContract.ManualClock(0);
    final CompactStickyTable table = CompactStickyTable.of(StickySession.custom(), 8, clock);

    Table() {
      table.bind(1, null, "a", true);
      clock.advance(StickySession.custom().duration().dividedBy(2));
    }
  }

  /** A session that is looked up while it is unbound and begins again elsewhere. */
  @JCStressTest
  @State
  @Outcome(
      id = {"a, b", "null, b", "b, b"},
      expect = Expect.ACCEPTABLE,
      desc = "before, between, after")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a name that it was not bound to, or a lost bind")
  public static class LookupAndNewBind extends Table {
    /** Uses the session. */
    @Actor
    public void reader(LL_Result r) {
      r.r1 = table.lookup(1);
    }

    /** Ends it and begins it again. */
    @Actor
    public void writer() {
      table.unbind(1, "a");
      table.bind(1, null, "b", true);
    }

    /** Looks where it is. */
    @Arbiter
    public void after(LL_Result r) {
      r.r2 = table.peek(1);
    }
  }

  /** A use that is recorded while the session is bound to another name. */
  @JCStressTest
  @State
  @Outcome(
      id = {"a, STORED b, b", "b, STORED b, b"},
      expect = Expect.ACCEPTABLE,
      desc = "before, after")
  @Outcome(expect = Expect.FORBIDDEN, desc = "the use or the bind is lost")
  public static class UseAndRebind extends Table {
    /** Uses the session. */
    @Actor
    public void reader(LLL_Result r) {
      r.r1 = table.lookup(1);
    }

    /** Moves it. */
    @Actor
    public void writer(LLL_Result r) {
      Bound bound = table.bind(1, "a", "b", false);
      r.r2 = bound.status() + " " + bound.name();
    }

    /** Looks where it is. */
    @Arbiter
    public void after(LLL_Result r) {
      r.r3 = table.peek(1);
    }
  }

  /** A use that is recorded while the session ends. */
  @JCStressTest
  @State
  @Outcome(
      id = {"a, true, null", "null, true, null"},
      expect = Expect.ACCEPTABLE,
      desc = "before, after")
  @Outcome(expect = Expect.FORBIDDEN, desc = "the session lives again")
  public static class UseAndUnbind extends Table {
    /** Uses the session. */
    @Actor
    public void reader(LLL_Result r) {
      r.r1 = table.lookup(1);
    }

    /** Ends it. */
    @Actor
    public void writer(LLL_Result r) {
      r.r2 = table.unbind(1, "a");
    }

    /** Looks where it is. */
    @Arbiter
    public void after(LLL_Result r) {
      r.r3 = table.peek(1);
    }
  }

  /** Two binds of one key. */
  @JCStressTest
  @State
  @Outcome(
      id = {"STORED x, HELD x, x", "HELD y, STORED y, y"},
      expect = Expect.ACCEPTABLE,
      desc = "one is first")
  @Outcome(expect = Expect.FORBIDDEN, desc = "two are stored, or none, or they disagree")
  public static class TwoBinds extends Table {
    /** Binds. */
    @Actor
    public void one(LLL_Result r) {
      r.r1 = bind("x");
    }

    /** Binds. */
    @Actor
    public void other(LLL_Result r) {
      r.r2 = bind("y");
    }

    /** Looks where the session is. */
    @Arbiter
    public void after(LLL_Result r) {
      r.r3 = table.peek(2);
    }

    private String bind(String name) {
      Bound bound = table.bind(2, null, name, true);
      return bound.status() + " " + bound.name();
    }
  }

  /** A pool in which a is replaced by b: a reader that sees one of them does not see the other. */
  @JCStressTest
  @State
  @Outcome(
      id = {"true, false", "false, true"},
      expect = Expect.ACCEPTABLE,
      desc = "the old one, the new one")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a mix of two snapshots")
  public static class OldOrNewSnapshot {
    private final Pool pool = Pool.of("web", Backend.of("a", "host", 80));

    /** Changes two things at once. */
    @Actor
    public void editor() {
      pool.change(edit -> edit.remove("a").add(Backend.of("b", "host", 80)));
    }

    /** Reads both. */
    @Actor
    public void reader(LL_Result r) {
      PoolSnapshot now = pool.snapshot();
      r.r1 = now.member("a") != null;
      r.r2 = now.member("b") != null;
    }
  }
}
