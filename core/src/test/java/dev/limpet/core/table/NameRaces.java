package dev.limpet.core.table;

import dev.limpet.core.table.NameTable.Slot;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** Two threads at one name slot; run by {@code RacesTest}. */
public final class NameRaces {
  private NameRaces() {}

  /** One name slot, which belongs to a; nothing is bound to a. */
  abstract static class OneSlot {
    final NameTable names = new NameTable(2);

    OneSlot() {
      names.release(names.use("a"));
    }

    static String name(Slot slot) {
      return (slot == null) ? null : slot.name();
    }
  }

  /** A name is used while another name needs its slot. */
  @JCStressTest
  @State
  @Outcome(
      id = {"a, null, a 1", "null, b, b 1"},
      expect = Expect.ACCEPTABLE,
      desc = "one of them has the slot")
  @Outcome(expect = Expect.FORBIDDEN, desc = "both or none have it, or a use is lost")
  public static class UseAndGiveAway extends OneSlot {
    /** Uses it. */
    @Actor
    public void owner(LLL_Result r) {
      r.r1 = name(names.use("a"));
    }

    /** Needs it. */
    @Actor
    public void other(LLL_Result r) {
      r.r2 = name(names.use("b"));
    }

    /** Looks whose it is. */
    @Arbiter
    public void after(LLL_Result r) {
      r.r3 = names.at(1).name() + " " + names.uses();
    }
  }

  /** The last two uses of a name end, and another name needs its slot then. */
  @JCStressTest
  @State
  @Outcome(id = "null, null, b", expect = Expect.ACCEPTABLE, desc = "the slot is given away")
  @Outcome(expect = Expect.FORBIDDEN, desc = "nobody noticed that the slot is unused")
  public static class TwoLastUses extends OneSlot {
    private final Slot slot;

    /** Uses the slot twice, and asks for it in vain, so that its uses matter. */
    public TwoLastUses() {
      slot = names.use("a");
      names.use("a");
      names.use("b");
    }

    /** Ends one use. */
    @Actor
    public void one(LLL_Result r) {
      names.release(slot);
      r.r1 = null;
    }

    /** Ends the other. */
    @Actor
    public void another(LLL_Result r) {
      names.release(slot);
      r.r2 = null;
    }

    /** Asks again. */
    @Arbiter
    public void after(LLL_Result r) {
      r.r3 = name(names.use("b"));
    }
  }
}
