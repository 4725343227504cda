package dev.limpet.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What all binders have in common: they refuse to bind twice, and can take their meters back. */
abstract class LimpetBinder implements MeterBinder, AutoCloseable {
  private final Queue<Bound> bound = new ConcurrentLinkedQueue<>();

  LimpetBinder() {}

  /**
   * Registers the meters at a registry. Several registries may be bound.
   *
   * @param registry the registry
   * @throws IllegalArgumentException if the registry has such meters already, because metrics with
   *     the same tags are bound to it
   */
  @Override
  public final void bindTo(MeterRegistry registry) {
    Meters meters = new Meters(registry, tags());
    if (meters.exists(first())) {
      throw new IllegalArgumentException("registry: has " + first().id() + " of " + tags()
          + " (expected: metrics with other tags, or the earlier ones closed)");
    }
    try {
      bound.add(new Bound(meters, register(meters)));
    } catch (RuntimeException | Error e) {
      meters.remove();
      throw e;
    }
  }

  /** Removes the meters from all registries that were bound. */
  @Override
  public final void close() {
    for (Bound at = bound.poll(); at != null; at = bound.poll()) {
      at.meters().remove();
    }
  }

  /** Removes the meters from one registry. */
  final void unbind(MeterRegistry registry) {
    bound.stream()
        .filter(at -> at.meters().isAt(registry))
        .forEach(at -> at.meters().remove());
    bound.removeIf(at -> at.meters().isAt(registry));
  }

  /** {@return the tags that tell these meters from those of other objects} */
  abstract Tags tags();

  /** {@return a meter that a registry has exactly if these are bound to it} */
  abstract LimpetMeter first();

  /**
   * Registers the meters. They must not refer to this binder, because it refers to what they read.
   *
   * @return brings them up to date
   */
  abstract Runnable register(Meters meters);

  /** Brings the meters of backends up to date, at all registries. */
  final void refresh() {
    bound.forEach(at -> at.refresh().run());
  }

  private record Bound(Meters meters, Runnable refresh) {}
}
