package dev.limpet.examples.gateway.config;

import dev.limpet.core.StickySession;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * The result of reading the deadline of a drain.
 *
 * @param deadline the time until then; null if there are faults, or the text is null
 * @param faults why it could not be read; empty if it could
 */
public record DeadlineReading(@Nullable Duration deadline, List<ConfigFault> faults) {
  private static final String RULE = "1ms.." + StickySession.MAX_DURATION.toDays() + 'd';
  private static final Mark NOWHERE = new Mark("deadline", 0, 0, 0, new int[0], 0);

  /** Makes a result. */
  public DeadlineReading {
    faults = List.copyOf(faults);
  }

  /**
   * Reads a deadline.
   *
   * @param text a duration as in the file; null for no deadline
   */
  public static DeadlineReading of(@Nullable String text) {
    if (text == null) {
      return new DeadlineReading(null, List.of());
    }
    Faults faults = new Faults(null);
    ScalarNode node = new ScalarNode(Tag.STR, text, NOWHERE, NOWHERE, ScalarStyle.PLAIN);
    Duration deadline = read(new Setting("deadline", node, 1, faults, false));
    return new DeadlineReading(deadline, faults.withoutLines());
  }

  private static @Nullable Duration read(Setting setting) {
    Duration deadline = Values.duration(setting);
    if (deadline == null) {
      return null;
    }
    boolean inRange = !deadline.isZero() && deadline.compareTo(StickySession.MAX_DURATION) <= 0;
    return setting.orRefuse(inRange ? deadline : null, RULE);
  }
}
