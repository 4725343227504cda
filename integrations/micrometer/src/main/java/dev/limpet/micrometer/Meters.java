package dev.limpet.micrometer;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters with some tags at one registry, which are removed together. Each refers weakly to the
 * object that it reads. Thread-safe; holds no lock while it calls the registry.
 */
final class Meters {
  private final MeterRegistry registry;
  private final Tags tags;
  private final @Nullable Meters owner;
  private final Queue<Meter> registered = new ConcurrentLinkedQueue<>();
  private final Set<Meters> groups = ConcurrentHashMap.newKeySet();
  private volatile boolean removed;

  private Meters(MeterRegistry registry, Tags tags, @Nullable Meters owner) {
    this.registry = registry;
    this.tags = tags;
    this.owner = owner;
  }

  Meters(MeterRegistry registry, Tags tags) {
    this(registry, tags, null);
  }

  /** Makes a group of meters with one more tag, which can be removed alone. */
  Meters group(String tag, String value) {
    Meters group = new Meters(registry, tags.and(tag, value), this);
    groups.add(group);
    return group;
  }

  boolean isAt(MeterRegistry other) {
    return registry.equals(other);
  }

  Clock clock() {
    return registry.config().clock();
  }

  /** Returns whether the registry has a meter with these tags, and perhaps more of them. */
  boolean exists(LimpetMeter meter) {
    return registry.find(meter.id()).tags(tags).meter() != null;
  }

  <T> void count(LimpetMeter meter, T object, ToDoubleFunction<T> value, String... more) {
    add(FunctionCounter.builder(meter.id(), object, value)
        .tags(tags.and(more))
        .baseUnit(meter.unit())
        .description(meter.description())
        .register(registry));
  }

  <T> void gauge(LimpetMeter meter, T object, ToDoubleFunction<T> value, String... more) {
    add(Gauge.builder(meter.id(), object, value)
        .tags(tags.and(more))
        .baseUnit(meter.unit())
        .description(meter.description())
        .register(registry));
  }

  /** Adds a gauge of a time in seconds. */
  <T> void time(LimpetMeter meter, T object, ToDoubleFunction<T> seconds) {
    add(TimeGauge.builder(meter.id(), object, TimeUnit.SECONDS, seconds)
        .tags(tags)
        .description(meter.description())
        .register(registry));
  }

  /** Adds a timer of a number of calls and the nanoseconds that they took together. */
  <T> void timer(LimpetMeter meter, T object, ToLongFunction<T> count, ToDoubleFunction<T> nanos) {
    add(FunctionTimer.builder(meter.id(), object, count, nanos, TimeUnit.NANOSECONDS)
        .tags(tags)
        .description(meter.description())
        .register(registry));
  }

  /** Removes these meters and those of its groups. What is added later is removed at once. */
  void remove() {
    removed = true;
    removeAll();
    if (owner != null) {
      owner.groups.remove(this);
    }
  }

  private void add(Meter meter) {
    registered.add(meter);
    if (isRemoved()) {
      removeAll();
    }
  }

  private boolean isRemoved() {
    return removed || (owner != null && owner.isRemoved());
  }

  private void removeAll() {
    groups.forEach(Meters::remove);
    for (Meter meter = registered.poll(); meter != null; meter = registered.poll()) {
      registry.remove(meter);
    }
  }
}
