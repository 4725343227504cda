package dev.limpet.shared;

import dev.limpet.core.Backend;
import dev.limpet.core.PoolEdit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A fleet under steady traffic, in a time of its own, and what may happen to it. The same seed, the
 * same figures.
 */
final class FleetSimulation {
  /** How long after a change of the pool each proxy knows of it, at most. */
  static final Duration LEARNING = Duration.ofSeconds(2);

  private static final Duration STEP = Duration.ofMillis(5);
  private static final List<String> BACKENDS =
      List.of("b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8", "b9");

  private final Random random;
  private final Fleet fleet;
  private final Crowd crowd;
  private final PhaseCount count;
  private final double requestsPerStep;
  private final List<Fleet.Proxy> cut = new ArrayList<>();
  private double due;

  FleetSimulation(FleetScale scale, long seed) {
    this.random = new Random(seed);
    this.fleet = new Fleet(
        scale.proxies(), Fleet.SLIDING, scale.capacity(), BACKENDS.toArray(String[]::new));
    this.crowd = new Crowd(scale, random);
    this.count = new PhaseCount(fleet, crowd, BACKENDS);
    this.requestsPerStep = (double) crowd.size() * STEP.toNanos() / scale.gap().toNanos();
    fleet.proxies.forEach(proxy -> proxy.link.delay(this::latency));
  }

  /** Lets something happen, and traffic go on for a while. */
  PhaseFigures phase(String name, Duration time, Runnable event) {
    count.begin(name);
    event.run();
    for (long step = time.dividedBy(STEP); step > 0; step--) {
      for (due += requestsPerStep; due >= 1; due--) {
        request();
      }
      fleet.time.pass(STEP);
    }
    return count.end();
  }

  /** Lets a share of the proxies lose their way to the store. */
  void cut(double share) {
    List<Fleet.Proxy> proxies = new ArrayList<>(fleet.proxies);
    Collections.shuffle(proxies, random);
    cut.addAll(proxies.subList(0, (int) (share * proxies.size())));
    cut.forEach(proxy -> proxy.link.cut());
  }

  /** All have their way to the store again, and know that they had not. */
  void heal() {
    cut.forEach(proxy -> proxy.link.heal());
    cut.clear();
  }

  /** The store loses everything, and nobody knows. */
  void flush() {
    fleet.store.flush();
  }

  /** The store is away for a while, and loses everything. */
  void restart(Duration away) {
    cut(1);
    fleet.store.flush();
    fleet.time.after(away, this::heal);
  }

  void add(String backend) {
    count.added(backend);
    learn(edit -> edit.add(Backend.of(backend, "10.0.0.2", 8000)));
  }

  void remove(String backend) {
    count.removed(backend);
    learn(edit -> edit.remove(backend));
  }

  /** A backend fails for a while. */
  void fail(String backend, Duration time) {
    count.removed(backend);
    learn(edit -> edit.down(backend));
    fleet.time.after(time, () -> learn(edit -> edit.up(backend)));
    fleet.time.after(time.plus(LEARNING), () -> count.added(backend));
  }

  /** Messages are lost, and nobody knows. */
  void deafen() {
    fleet.proxies.forEach(proxy -> proxy.link.deafen());
  }

  /** A share of the calls, of the answers and of the messages is lost. */
  void lose(double share) {
    fleet.proxies.forEach(proxy -> proxy.link.lose(() -> random.nextDouble() < share));
  }

  private void learn(Consumer<PoolEdit> edit) {
    IntStream.range(0, fleet.proxies.size())
        .forEach(i -> fleet.time.after(
            Duration.ofNanos((long) (random.nextDouble() * LEARNING.toNanos())),
            () -> fleet.proxy(i).pool.change(edit)));
  }

  private void request() {
    int place = crowd.next();
    long session = crowd.session(place);
    fleet
        .proxy(crowd.proxy(session))
        .router
        .routeAsync(session)
        .thenAccept(route -> count.answered(place, session, route));
  }

  private Duration latency() {
    return Duration.ofNanos(100_000 + random.nextInt(900_000));
  }
}
