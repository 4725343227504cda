package dev.limpet.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** The one request that finds out whether an ejected backend serves again. Thread-safe. */
final class Probe {
  private static final long LONGEST_NANOS = 30_000_000_000L;
  private static final VarHandle ENDED;

  static {
    try {
      ENDED = MethodHandles.lookup().findVarHandle(Probe.class, "ended", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Member ejected;
  private final Ejection ejection;
  private final Ejections ejections;
  private final long begun;

  @SuppressWarnings("UnusedVariable") // used by its handle
  private volatile boolean ended;

  /** Begins a probe of an ejected member. */
  Probe(Member ejected, Ejection ejection, Ejections ejections) {
    this.ejected = ejected;
    this.ejection = ejection;
    this.ejections = ejections;
    this.begun = ejections.now();
  }

  /** Reports that the backend serves again. */
  void succeed() {
    if (end()) {
      ejections.readmit(ejected, ejection);
    }
  }

  /** Reports that the backend still fails. */
  void fail(FailureKind kind) {
    if (end()) {
      ejections.ejectAgain(ejected, ejection, kind);
    }
  }

  /**
   * Reports success if the request has not failed for a long time, or if the change of the pool
   * that its end has caused failed.
   */
  void endIfOverdue() {
    if (ejections.now() - begun >= LONGEST_NANOS) {
      end();
      ejections.readmit(ejected, ejection);
    }
  }

  /** Reports nothing about the backend; another request may probe it. */
  void giveBack() {
    if (end()) {
      ejection.giveBack(this);
    }
  }

  /** Ends the probe. Returns whether this call did. */
  private boolean end() {
    return ENDED.compareAndSet(this, false, true);
  }
}
