package dev.limpet.examples.gateway;

import dev.limpet.core.StickyTable;
import dev.limpet.core.table.Restored;
import dev.limpet.examples.gateway.config.Durations;
import dev.limpet.examples.gateway.config.StickyConfig;
import dev.limpet.examples.gateway.operate.Preview;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Computes the effect of a change of stickiness on the live bindings. It copies them to a table of
 * the wanted durations, as the change does.
 *
 * @param present how the sessions stick; null if they do not
 * @param table the present table; null if the sessions have no table
 * @param wanted how they would stick; null if they would not
 */
record StickyPreview(
    @Nullable StickyConfig present,
    @Nullable StickyTable table,
    @Nullable StickyConfig wanted) {

  /** Returns the numbers of bindings, and what else would happen. */
  Preview.Effect effect() {
    List<String> notes = notes();
    if (table == null) {
      return new Preview.Effect(0, 0, 0, notes);
    }
    if (present == null || wanted == null || !StickyKinds.shareTable(present, wanted)) {
      return new Preview.Effect(0, 0, bindings(table), notes);
    }
    boolean keepsTimes = StickyKinds.shareTimes(present, wanted);
    if (!(table instanceof LiveTable live)) {
      return effect(keepsTimes, bindings(table), 0, notes);
    }
    Restored tried = live.tryChange(wanted.session());
    return effect(keepsTimes, tried.bindings(), tried.elapsed() + tried.leftOut(), notes);
  }

  private static Preview.Effect effect(
      boolean keepsTimes, long live, long end, List<String> notes) {
    return keepsTimes
        ? new Preview.Effect(live, 0, end, notes)
        : new Preview.Effect(0, live, end, notes);
  }

  private static long bindings(StickyTable table) {
    Map<String, Long> counts = table.bindings();
    return (counts == null)
        ? 0
        : counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (present != null && StickyKinds.hasTokens(present)) {
      notes.add(StickyKinds.tokens(present) + " are kept by clients and cannot be counted. "
          + fateOfTokens(present));
    }
    if (table instanceof LiveSharedTable) {
      notes.add("Each gateway of the fleet is changed by itself.");
      notes.add("Only sessions that this gateway knows are counted.");
      notes.add("Bindings in the shared store keep their time until the session is used.");
    }
    if (present != null && wanted != null && StickyKinds.shareTable(present, wanted)) {
      addSourceNotes(present, wanted, notes);
    }
    return notes;
  }

  private String fateOfTokens(StickyConfig from) {
    if (wanted == null) {
      return "They place no session any longer, until this type is switched on again.";
    }
    return StickyKinds.shareTokens(from, wanted)
        ? "Those in use stay, and expire by the new duration."
        : "Those in use place their session for up to "
            + Durations.plain(from.session().duration())
            + " more, and the session is bound anew with its next request.";
  }

  private static void addSourceNotes(
      StickyConfig present, StickyConfig wanted, List<String> notes) {
    if (!Objects.equals(present.ipv6Prefix(), wanted.ipv6Prefix())) {
      notes.add("Sessions of IPv6 addresses begin anew, because ipv6Prefix changes.");
    }
    if (wanted.quota() != null) {
      notes.add("What counts against the quota begins at 0.");
    }
  }
}
