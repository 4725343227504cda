package dev.limpet.core;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Ejects the backends of a pool whose requests fail, and readmits them. Thread-safe.
 *
 * @see PassiveHealth
 */
final class Ejections {
  /*
   * A report changes the pool at once or, if another thread is changing it, that thread makes the
   * change next. So no report waits and none is lost. By the time of the change, the backend may
   * have been reported down or up, ejected by another thread, or replaced. Then its streak of
   * failures or its ejection is another object, and nothing is changed.
   */

  private final Pool pool;
  private final PassiveHealth rules;
  private final NanoClock clock;
  private final LongAdder ejections = new LongAdder();
  private final LongAdder readmissions = new LongAdder();
  private final LongAdder prevented = new LongAdder();
  private final LongAdder listenerFailures = new LongAdder();

  Ejections(Pool pool, PassiveHealth rules, NanoClock clock) {
    this.pool = pool;
    this.rules = rules;
    this.clock = clock;
  }

  PassiveHealth rules() {
    return rules;
  }

  Duration grace() {
    return rules.grace();
  }

  long now() {
    return clock.nanos();
  }

  EjectionStats stats() {
    return new EjectionStats(
        ejections.sum(), readmissions.sum(), prevented.sum(), listenerFailures.sum());
  }

  /** Reports a failure, of a kind that counts, of a request that was routed to a member. */
  void fail(Member member, FailureKind kind) {
    Probe probe = member.probe();
    if (probe != null) {
      probe.fail(kind);
    } else if (member.failures().add(now(), rules.failures(), rules.window().toNanos())) {
      pool.changeSoon((edit, time) -> eject(edit, member, kind));
    }
  }

  /** Reports a success of a request that was routed to a member. */
  void succeed(Member member) {
    Probe probe = member.probe();
    if (probe != null) {
      probe.succeed();
    } else {
      member.failures().end();
    }
  }

  private void eject(PoolEdit edit, Member failing, FailureKind kind) {
    Member present = edit.member(failing.backend().id());
    if (present == null
        || present.failures() != failing.failures()
        || present.ejection() != null
        || present.down()) {
      return;
    }
    if (mayEject(present, edit.members())) {
      eject(edit, present, null, present.failures().nextEjection(now()), kind);
    } else {
      prevented.increment();
    }
  }

  private void eject(
      PoolEdit edit, Member member, @Nullable Ejection last, int times, FailureKind kind) {
    Duration time = Duration.ofNanos((long) (rules.time(times).toNanos() * (0.5 + rules.random())));
    Ejection ejection = new Ejection(this, last, time, times, kind);
    edit.put(member.ejected(ejection, FailureStreak.after(times, now())));
  }

  /**
   * Returns whether a member may be ejected: if then at most half of the members that would take
   * new sessions are. A member that takes none may be ejected as long as another one takes some.
   */
  private static boolean mayEject(Member member, Collection<Member> members) {
    long eligible = members.stream().filter(Member::isEligible).count();
    long ejected = members.stream().filter(Ejections::isEjectedEligible).count();
    return member.isEligible() ? ejected + 1 <= eligible / 2 : ejected < eligible;
  }

  private static boolean isEjectedEligible(Member member) {
    return member.isEligible() && member.ejection() != null;
  }

  /** Ejects a member again, after its probe has failed. */
  void ejectAgain(Member ejected, Ejection ended, FailureKind kind) {
    pool.changeSoon((edit, time) -> {
      Member present = present(edit, ejected, ended);
      if (present != null) {
        eject(edit, present, ended, ended.times() + 1, kind);
      }
    });
  }

  /** Readmits a member, after its probe has succeeded. */
  void readmit(Member ejected, Ejection ended) {
    pool.changeSoon((edit, time) -> {
      Member present = present(edit, ejected, ended);
      if (present != null) {
        readmit(edit, present, ended, time);
      }
    });
  }

  private void readmit(PoolEdit edit, Member member, Ejection ended, long time) {
    edit.put(member.readmitted(FailureStreak.after(ended.times(), now()), time));
  }

  /** {@return the member of that backend, or null if it does not have that ejection any more} */
  private static @Nullable Member present(PoolEdit edit, Member ejected, Ejection ended) {
    Member present = edit.member(ejected.backend().id());
    return (present != null && present.ejection() == ended) ? present : null;
  }

  /**
   * Readmits a member if only ejected ones are left that could take new sessions: the one whose
   * ejection ends first.
   *
   * @param time the time, in the pool's nanoseconds
   */
  void relieve(PoolEdit edit, long time) {
    Collection<Member> members = edit.members();
    if (members.stream().noneMatch(Member::acceptsNew)) {
      members.stream()
          .filter(Ejections::isEjectedEligible)
          .min(Comparator.comparingLong(this::untilEnd))
          .ifPresent(member -> readmit(edit, member, ejection(member), time));
    }
  }

  private long untilEnd(Member member) {
    return ejection(member).end() - now();
  }

  private static Ejection ejection(Member member) {
    Ejection ejection = member.ejection();
    if (ejection == null) {
      throw new IllegalStateException("member: " + member + " (expected: ejected)");
    }
    return ejection;
  }

  /** Tells the listener which members were ejected and readmitted by a change. */
  void tell(PoolSnapshot before, PoolSnapshot after) {
    if (before.hasEjected() || after.hasEjected()) {
      after.members().forEach(member -> tell(before.member(member.name()), member));
    }
  }

  private void tell(@Nullable Member before, Member after) {
    Ejection was = (before == null) ? null : before.ejection();
    Ejection is = after.ejection();
    if (is != null && is != was) {
      ejections.increment();
      tell(() -> rules.listener().ejected(after.backend(), is));
    } else if (is == null && was != null && !after.down()) {
      readmissions.increment();
      tell(() -> rules.listener().readmitted(after.backend()));
    }
  }

  private void tell(Runnable call) {
    try {
      call.run();
    } catch (Throwable thrown) {
      listenerFailures.increment();
    }
  }
}
