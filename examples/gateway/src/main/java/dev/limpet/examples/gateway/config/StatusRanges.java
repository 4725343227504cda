package dev.limpet.examples.gateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Statuses of final responses, as single numbers and ranges.
 *
 * @param ranges at least one
 */
public record StatusRanges(List<Range> ranges) {
  /** The statuses of a healthy backend if the file has none. */
  static final StatusRanges DEFAULT = new StatusRanges(List.of(new Range(200, 399)));

  private static final String RULE = "a status of 200..599, a range such as 200-399, or a list";
  private static final Pattern FORM = Pattern.compile("([2-5][0-9]{2})(?:-([2-5][0-9]{2}))?");
  private static final int MAX_RANGES = 20;

  /** Makes a set of statuses. */
  public StatusRanges {
    ranges = List.copyOf(ranges);
  }

  /**
   * All statuses from one to another.
   *
   * @param first the lowest
   * @param last the highest; as {@code first} for a single status
   */
  public record Range(int first, int last) {
    boolean contains(int status) {
      return first <= status && status <= last;
    }

    @Override
    public String toString() {
      return (first == last) ? String.valueOf(first) : first + "-" + last;
    }
  }

  /** Returns whether a status is among these. */
  public boolean contains(int status) {
    return ranges.stream().anyMatch(range -> range.contains(status));
  }

  /** Returns the statuses as the file spells them. */
  @Override
  public String toString() {
    return ranges.stream().map(Range::toString).collect(Collectors.joining(", "));
  }

  static @Nullable StatusRanges read(Setting setting) {
    if (!setting.isList()) {
      Range only = range(setting);
      return (only == null) ? null : new StatusRanges(List.of(only));
    }
    List<Setting> items = setting.items(MAX_RANGES, "statuses");
    List<Range> ranges = new ArrayList<>();
    for (Setting item : (items == null) ? List.<Setting>of() : items) {
      Range range = range(item);
      if (range != null) {
        ranges.add(range);
      }
    }
    return (items == null || ranges.size() < items.size()) ? null : new StatusRanges(ranges);
  }

  private static @Nullable Range range(Setting setting) {
    String text = setting.form(FORM, RULE);
    return (text == null) ? null : setting.orRefuse(parse(text), RULE);
  }

  /** Returns the range of a text of the {@link #FORM}; null if its end is before its beginning. */
  private static @Nullable Range parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      return null;
    }
    int first = Integer.parseInt(parts.group(1));
    int last = (parts.group(2) == null) ? first : Integer.parseInt(parts.group(2));
    return (last < first) ? null : new Range(first, last);
  }
}
