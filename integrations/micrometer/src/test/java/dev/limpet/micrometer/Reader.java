package dev.limpet.micrometer;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;

/** Reads a registry, as something does that publishes it. */
record Reader(MeterRegistry registry) {

  /** Reads all meters once, which is what a scrape does. */
  void scrape() {
    registry.getMeters().forEach(Reader::value);
  }

  /** Returns the value of a meter with exactly these tags. */
  double value(LimpetMeter meter, String... tags) {
    List<Meter> found = registry.find(meter.id()).meters().stream()
        .filter(one -> Tags.of(one.getId().getTags()).equals(Tags.of(tags)))
        .toList();
    Assertions.assertThat(found).as(meter + " " + Tags.of(tags)).hasSize(1);
    return value(found.get(0));
  }

  /** Returns the sum over all meters of a name that have these tags. */
  double sum(LimpetMeter meter, String... tags) {
    return registry.find(meter.id()).tags(tags).meters().stream()
        .mapToDouble(Reader::value)
        .sum();
  }

  /** Returns the values of a tag. */
  Set<String> values(LimpetMeter meter, String tag) {
    return registry.find(meter.id()).meters().stream()
        .map(one -> one.getId().getTag(tag))
        .collect(Collectors.toSet());
  }

  /** Returns the names of all meters. */
  Set<String> names() {
    return registry.getMeters().stream()
        .map(meter -> meter.getId().getName())
        .collect(Collectors.toSet());
  }

  /** Returns all keys and values of tags. */
  List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (Meter meter : registry.getMeters()) {
      for (Tag tag : meter.getId().getTags()) {
        texts.add(tag.getKey());
        texts.add(tag.getValue());
      }
    }
    return texts;
  }

  private static double value(Meter meter) {
    return meter.measure().iterator().next().getValue();
  }
}
