package dev.limpet.core.table;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A search without a lock while a word moves; run by {@code RacesTest}. */
public final class MoveRaces {
  private static final long PROBE = BindingWord.probe(42);

  private MoveRaces() {}

  /** Two buckets, and a word in the one that is searched last. */
  abstract static class Buckets {
    final BucketArray words = new BucketArray(64);
    final int first = 0;
    final int other = words.other(PROBE, 0, first);

    Buckets() {
      words.set(other, BindingWord.of(PROBE, 1, 0));
    }

    int found() {
      int at = words.search(PROBE, 0, first);
      return (at == first) ? 1 : (at == other) ? 2 : at;
    }
  }

  /** It moves to the bucket that is searched first. */
  @JCStressTest
  @State
  @Outcome(
      id = {"1", "2", "-2"},
      expect = Expect.ACCEPTABLE,
      desc = "found in one of them, or it moves")
  @Outcome(expect = Expect.FORBIDDEN, desc = "lost")
  public static class MovesThere extends Buckets {
    /** Searches it. */
    @Actor
    public void reader(I_Result r) {
      r.r1 = found();
    }

    /** Moves it. */
    @Actor
    public void writer() {
      words.move(0, other, first);
    }
  }
}
