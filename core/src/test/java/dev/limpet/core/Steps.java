package dev.limpet.core;

import org.jspecify.annotations.Nullable;

/** Says in words what a decision wants, so that a specification can be written in words. */
final class Steps {
  private Steps() {}

  static String words(NextStep step) {
    if (step instanceof BindAttempt p) {
      return bind(
          p.expected(),
          p.candidate().name(),
          p.byHash(),
          answer(p.outcome(), null, p.reason()),
          p.session().found());
    }
    if (step instanceof Rollback r) {
      return restore(r.expected(), r.found(), r.route().toString());
    }
    return step.toString();
  }

  static String bind(
      @Nullable String expected,
      String candidate,
      boolean byHash,
      String then,
      @Nullable String found) {
    return "bind " + expected + " -> " + candidate + (byHash ? " by hash" : "") + ", then " + then
        + ", found " + found;
  }

  static String restore(String expected, @Nullable String found, String then) {
    return "restore " + expected + " -> " + found + ", then " + then;
  }

  static String answer(Outcome outcome, @Nullable String name, @Nullable Reason reason) {
    return outcome + (name == null ? "" : " " + name) + (reason == null ? "" : " (" + reason + ")");
  }
}
