package dev.limpet.core;

import dev.limpet.core.internal.ElapsedTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The way in which a pool spreads new sessions: a balancer and, for a slow start, weights that grow
 * in ten equal steps from a tenth to the full weight after a backend came up. Immutable; its
 * pickers are thread-safe.
 */
final class Spreading {
  /*
   * The first thread that picks in a new step makes its picker, while the others continue with the
   * last one. Weights are whole numbers, so small ones are first multiplied by up to ten: a tenth
   * of weight 1 is then 1 of 10. The factor is smaller if the cycle of a round robin would become
   * too long.
   */

  private static final int STEPS = 10;
  private static final int TICKS_PER_STEP = 100;
  private static final long LONGEST_CYCLE = 100_000;

  private final Balancer balancer;
  private final long nanosPerStep;
  private final ElapsedTime time;

  /**
   * Makes the spreading of a pool.
   *
   * @param slowStart the time until a weight is full; zero for no slow start
   */
  Spreading(Balancer balancer, Duration slowStart, NanoClock clock) {
    this.balancer = balancer;
    this.nanosPerStep = slowStart.toNanos() / STEPS;
    this.time = new ElapsedTime(clock::nanos, nanosPerStep / TICKS_PER_STEP);
  }

  Balancer balancer() {
    return balancer;
  }

  /** {@return the present time, for members that come up now} */
  long now() {
    return time.nanos();
  }

  /**
   * {@return the properties of a member that a picker depends on} A picker stays in use as long as
   * they are the same for all members.
   */
  Seen seen(Member member) {
    Backend backend = member.backend();
    return new Seen(
        backend.weight(),
        balancer.needsConnections() ? backend.maxConnections() : 0,
        isSlow() ? member.upSince() : Member.ALWAYS);
  }

  /** {@return a picker over members that take new sessions} */
  Picker picker(List<Member> members) {
    return isSlow()
        ? new Growing(members)
        : picker(members, members.stream().map(Member::backend).toList());
  }

  private boolean isSlow() {
    return nanosPerStep > 0 && !balancer.picksByKey();
  }

  private Picker picker(List<Member> members, List<Backend> backends) {
    return balancer.picker(backends, members.stream().map(Member::load).toList());
  }

  private Picker picker(List<Member> members, long now) {
    int scale = scale(members);
    return picker(
        members,
        members.stream()
            .map(member -> member.backend().withWeight(weight(member, now, scale)))
            .toList());
  }

  private int weight(Member member, long now, int scale) {
    int whole = member.backend().weight() * scale;
    return Math.max(1, Math.round((float) whole * step(member, now) / STEPS));
  }

  /** {@return the step that a member is in, 1..10; the last one does not end} */
  private int step(Member member, long now) {
    if (member.upSince() == Member.ALWAYS) {
      return STEPS;
    }
    long before = (now - member.upSince()) / nanosPerStep;
    return (int) Math.max(1, Math.min(before + 1, STEPS));
  }

  private static int scale(List<Member> members) {
    int greatest = members.stream().mapToInt(m -> m.backend().weight()).max().orElse(1);
    long sum = members.stream().mapToLong(m -> m.backend().weight()).sum();
    long most = Math.min(Backend.MAX_WEIGHT / greatest, LONGEST_CYCLE / sum);
    return (int) Math.max(1, Math.min(most, STEPS));
  }

  /** Picks by the weights of the present step. */
  private final class Growing implements Picker {
    private final List<Member> members;
    private final ReentrantLock growing = new ReentrantLock();
    private volatile Step step;

    Growing(List<Member> members) {
      this.members = members;
      this.step = stepAt(time.nanos());
    }

    @Override
    public Backend pick(long key) {
      return pick(key, Purpose.NEW_SESSION);
    }

    @Override
    public Backend pick(long key, Purpose purpose) {
      return present().picker().pick(key, purpose);
    }

    private Step present() {
      Step now = step;
      if (!now.last() && time.nanos() >= now.end() && growing.tryLock()) {
        try {
          now = grown(time.nanos());
        } finally {
          growing.unlock();
        }
      }
      return now;
    }

    private Step grown(long now) {
      if (!step.last() && now >= step.end()) {
        step = stepAt(now);
      }
      return step;
    }

    private Step stepAt(long now) {
      return members.stream()
          .filter(member -> Spreading.this.step(member, now) < STEPS)
          .map(member -> endOfStep(member, now) - now)
          .min(Long::compare)
          .map(wait -> new Step(picker(members, now), now + wait, false))
          .orElseGet(() -> new Step(picker(members, backends()), now, true));
    }

    private List<Backend> backends() {
      return members.stream().map(Member::backend).toList();
    }

    private long endOfStep(Member member, long now) {
      return member.upSince() + Spreading.this.step(member, now) * nanosPerStep;
    }
  }

  /** The properties of a member that pickers depend on. */
  record Seen(int weight, int maxConnections, long upSince) {}

  private record Step(Picker picker, long end, boolean last) {}
}
