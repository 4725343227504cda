package dev.limpet.benchmarks;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.ThreadParams;

/** The new sessions of a thread. Checks that they are treated as a benchmark expects. */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by begin
public class Newcomers {
  private static final int MAX_BATCH = 1024;
  private static final int BATCHES_PER_DURATION = 64;
  private static final int TOLERATED_PERCENT = 1;

  private SplittableRandom random;
  private int batch;
  private int sinceMoved;
  private long asked;
  private long unexpected;

  /** Makes a state. */
  public Newcomers() {}

  /** Chooses the sessions. */
  @Setup
  public void begin(BindBenchmark benchmark, ThreadParams thread) {
    random = new SplittableRandom(thread.getThreadIndex() + 1);
    int share = benchmark.sessions / (thread.getThreadCount() * BATCHES_PER_DURATION);
    batch = Math.min(MAX_BATCH, 1 + share);
  }

  long nextKey() {
    return random.nextLong();
  }

  InetAddress nextAddress() {
    int bits = random.nextInt();
    byte[] bytes = {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Advances a clock with the sessions of this thread, several at a time. */
  void arrive(ArrivalClock clock) {
    if (++sinceMoved == batch) {
      sinceMoved = 0;
      clock.arrived(batch);
    }
  }

  void expect(boolean asExpected) {
    asked++;
    if (!asExpected) {
      unexpected++;
    }
  }

  /** Checks that the benchmark measured what it claims. */
  @TearDown(Level.Iteration)
  public void check() {
    if (unexpected * 100 > asked * TOLERATED_PERCENT + 100) {
      throw new IllegalStateException("unexpected: " + unexpected + " of " + asked
          + " (expected: at most " + TOLERATED_PERCENT + " %)");
    }
    asked = 0;
    unexpected = 0;
  }
}
