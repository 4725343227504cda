package dev.limpet.core.affinity;

/** Looks into a quota. */
public final class PendingAdmissions {
  private PendingAdmissions() {}

  /** {@return how many admitted sessions are neither bound nor given up} */
  public static int of(KeyAffinity<?> affinity) {
    return affinity.pendingAdmissions();
  }
}
