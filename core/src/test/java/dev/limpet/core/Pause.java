package dev.limpet.core;

import java.util.HashMap;
import java.util.Map;

/** Places in the middle of a call where a thread can be made to wait while others go on. */
public final class Pause {
  private static final ThreadLocal<Map<String, Pause>> PLANNED =
      ThreadLocal.withInitial(HashMap::new);

  private final Runnable meanwhile;
  private int passages;

  private Pause(int passages, Runnable meanwhile) {
    this.passages = passages;
    this.meanwhile = meanwhile;
  }

  /**
   * Makes this thread run something when it is next at a place.
   *
   * @param passage at which passage of the place, from 1
   */
  public static void at(String place, int passage, Runnable meanwhile) {
    PLANNED.get().put(place, new Pause(passage, meanwhile));
  }

  public static void at(String place, Runnable meanwhile) {
    at(place, 1, meanwhile);
  }

  /** What a place calls. */
  public static void here(String place) {
    Pause pause = PLANNED.get().get(place);
    if (pause != null && --pause.passages == 0) {
      PLANNED.get().remove(place);
      pause.meanwhile.run();
    }
  }
}
