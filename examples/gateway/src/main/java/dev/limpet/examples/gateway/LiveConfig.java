package dev.limpet.examples.gateway;

import dev.limpet.core.Member;
import dev.limpet.examples.gateway.config.BackendConfig;
import dev.limpet.examples.gateway.config.ConfigChange;
import dev.limpet.examples.gateway.config.ConfigDifference;
import dev.limpet.examples.gateway.config.ConfigDocument;
import dev.limpet.examples.gateway.config.ConfigEdit;
import dev.limpet.examples.gateway.config.ConfigFault;
import dev.limpet.examples.gateway.config.ConfigPath;
import dev.limpet.examples.gateway.config.ConfigReading;
import dev.limpet.examples.gateway.config.ConfigSource;
import dev.limpet.examples.gateway.config.DeadlineReading;
import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.config.PoolConfig;
import dev.limpet.examples.gateway.config.SourceReading;
import dev.limpet.examples.gateway.operate.BackendCounts;
import dev.limpet.examples.gateway.operate.Change;
import dev.limpet.examples.gateway.operate.Choices;
import dev.limpet.examples.gateway.operate.Edit;
import dev.limpet.examples.gateway.operate.Preview;
import dev.limpet.examples.gateway.operate.Running;
import dev.limpet.examples.gateway.operate.UnknownNameException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a running gateway, which operators and the file change. Thread-safe: changes
 * happen one after the other, and readers see each of them as a whole.
 */
final class LiveConfig {
  private static final long FIRST = 1;

  private final @Nullable ConfigFile file;
  private final Effects effects;
  private final Console console;
  private final InstantSource clock;
  private final Object lock = new Object();
  private final ChangeLog log = new ChangeLog();
  private List<ConfigDifference> awaitingRestart = List.of();
  private volatile State state;

  /**
   * Begins with the configuration that a gateway was started with.
   *
   * @param started the configuration
   * @param file the file that it was read from; null without a file
   * @param effects changes the gateway
   * @param clock dates audit lines
   */
  LiveConfig(
      ConfigSource started,
      @Nullable ConfigFile file,
      Effects effects,
      Console console,
      InstantSource clock) {
    this.file = file;
    this.effects = effects;
    this.console = console;
    this.clock = clock;
    this.state = new State(
        FIRST, started.document(), started.config(), (file == null) ? null : started, List.of());
  }

  /**
   * Returns what runs now.
   *
   * @param listeners the listeners of the gateway
   * @param counts what its backends have served
   */
  Running running(Map<String, Running.Served> listeners, Map<String, BackendCounts> counts) {
    State now = state;
    return new Running(
        now.version,
        now.config,
        (file == null) ? null : file.path().toString(),
        file != null && file.writable(),
        now.differences,
        listeners,
        counts);
  }

  /** Calls a function while no change is made, and returns its result. */
  <T> T atRest(Supplier<T> reading) {
    synchronized (lock) {
      return reading.get();
    }
  }

  /** Returns the configuration in effect. */
  GatewayConfig config() {
    return state.config;
  }

  /**
   * Makes a change, or changes nothing.
   *
   * @param expected the version that the operator has seen; null for any
   * @param who the operator's address
   */
  Change change(Edit edit, @Nullable Long expected, String who) {
    synchronized (lock) {
      State now = state;
      EditPlan plan = new EditPlan(edit, now.config.profile());
      String unknown = plan.unknown(now.config);
      if (unknown != null) {
        return new Change.Unknown(unknown);
      }
      if (expected != null && expected != now.version) {
        return new Change.Stale(now.version, log.since(expected));
      }
      DeadlineReading deadline =
          DeadlineReading.of((edit instanceof Edit.Drain drain) ? drain.deadline() : null);
      ConfigEdit edited = plan.applyTo(now.document);
      ConfigReading reading = edited.read();
      ConfigDocument document = edited.document();
      GatewayConfig wanted = reading.config();
      List<ConfigFault> faults =
          Stream.concat(reading.faults().stream(), deadline.faults().stream()).toList();
      if (document == null || wanted == null || !faults.isEmpty()) {
        return new Change.Faulty(faults);
      }
      if (!plan.isConfirmed() && leavesNone(plan, now.config, wanted)) {
        return new Change.Unconfirmed(unconfirmed(plan));
      }
      return accept(plan, document, wanted, deadline.deadline(), who);
    }
  }

  private Change accept(
      EditPlan plan,
      ConfigDocument document,
      GatewayConfig wanted,
      @Nullable Duration deadline,
      String who) {
    State now = state;
    ConfigChange change = ConfigChange.between(now.config, wanted);
    List<String> lines = lines(change.differences());
    takeEffect(change, wanted);
    state = change.isEmpty() ? now : now.next(document, wanted, now.file);
    remember(now, change.differences());
    if (plan.edit() instanceof Edit.Drain drain) {
      boolean hadDeadline = effects.deadline(drain.pool(), drain.id(), deadline);
      lines = withDeadline(lines, drain, hadDeadline);
    }
    lines.forEach(line -> audit(who, line, true));
    Saved saved = save(plan, document, wanted);
    state = state.withFile(saved.file);
    return new Change.Done(
        state.version, lines(change.differences()), saved.isWritten, saved.paste);
  }

  /** Returns the audit lines of a drain, which say if it gets a deadline or loses one. */
  private static List<String> withDeadline(
      List<String> lines, Edit.Drain drain, boolean hadDeadline) {
    if (drain.deadline() == null && !hadDeadline) {
      return lines;
    }
    String line = lines.isEmpty()
        ? ConfigDocument.backend(drain.pool(), drain.id()).then("drain").toString()
        : lines.get(0);
    String deadline = (drain.deadline() == null) ? "removed" : drain.deadline();
    return List.of(line + " (deadline " + deadline + ')');
  }

  private void takeEffect(ConfigChange change, GatewayConfig wanted) {
    change.pools().forEach(effects::apply);
    if (!change.stickiness().isEmpty()) {
      effects.restick(wanted, change.stickiness());
    }
  }

  private void remember(State before, List<ConfigDifference> differences) {
    if (state.version != before.version) {
      log.add(state.version, lines(differences));
    }
  }

  private void audit(String who, String what, boolean isPrinted) {
    String operator = who.replaceAll("[^!-~]", "?");
    String line = clock.instant().truncatedTo(ChronoUnit.MILLIS) + " " + operator + ' ' + what;
    log.audit(line);
    if (isPrinted) {
      console.say(line);
    }
  }

  private static List<String> lines(List<ConfigDifference> differences) {
    return differences.stream().map(ConfigDifference::toString).toList();
  }

  /**
   * Returns whether an edit would stop the last backend of a pool that takes new sessions from
   * taking them.
   */
  private boolean leavesNone(EditPlan plan, GatewayConfig before, GatewayConfig after) {
    String id = plan.backend();
    Optional<PoolConfig> pool = plan.poolOf(after);
    return id != null
        && pool.isPresent()
        && plan.poolOf(before).stream().anyMatch(was -> takesNew(was, id))
        && !takesNew(pool.get(), id)
        && effects.snapshot(pool.get().name()).members().stream()
            .filter(Member::acceptsNew)
            .map(member -> member.backend().id())
            .noneMatch(other -> !other.equals(id) && takesNew(pool.get(), other));
  }

  private static boolean takesNew(PoolConfig pool, String id) {
    return pool.backends().stream()
        .filter(backend -> backend.id().equals(id))
        .anyMatch(LiveConfig::takesNew);
  }

  private static boolean takesNew(BackendConfig backend) {
    return !backend.drain() && backend.backend().weight() > 0;
  }

  private static String unconfirmed(EditPlan plan) {
    return plan.backend() + " is the last backend of the pool that takes new sessions. Confirm with"
        + " confirm=true.";
  }

  /** Makes the edit in the file, too, if possible. */
  private Saved save(EditPlan plan, ConfigDocument document, GatewayConfig wanted) {
    ConfigSource last = state.file;
    if (file == null || last == null) {
      return new Saved(null, false, null);
    }
    ConfigEdit edited = plan.isPossibleIn(last.document()) ? plan.applyTo(last.document()) : null;
    ConfigDocument there = (edited == null) ? null : edited.document();
    GatewayConfig meaning = (edited == null) ? null : edited.read().config();
    if (there != null && meaning != null) {
      ConfigSource saved = meaning.equals(last.config()) ? last : write(file, last, there, meaning);
      if (saved != null) {
        return new Saved(saved, true, null);
      }
    }
    return new Saved(last, false, plan.paste(document, wanted));
  }

  private @Nullable ConfigSource write(
      ConfigFile target, ConfigSource last, ConfigDocument wanted, GatewayConfig meaning) {
    ConfigSource text = target.writable() ? last.rewritten(wanted, meaning) : null;
    try {
      return (text != null && target.replace(last.text(), text.text())) ? text : null;
    } catch (IOException | UnsupportedOperationException e) {
      console.complain(target.path() + ": not written: " + e);
      return null;
    }
  }

  /** Returns what a change of stickiness would do. Changes nothing. */
  Preview preview(Edit.Stickiness edit) {
    State now = state;
    EditPlan plan = new EditPlan(edit, now.config.profile());
    String unknown = plan.unknown(now.config);
    if (unknown != null) {
      return new Preview.Unknown(unknown);
    }
    ConfigReading reading = plan.applyTo(now.document).read();
    GatewayConfig wanted = reading.config();
    return (wanted == null)
        ? new Preview.Faulty(reading.faults())
        : effects.preview(wanted, edit.owner());
  }

  /**
   * Returns which types of sticky sessions an owner may have.
   *
   * @throws UnknownNameException if there is no such owner
   */
  Choices choices(String owner) {
    State now = state;
    EditPlan plan = new EditPlan(new Edit.Stickiness(owner, null), now.config.profile());
    String unknown = plan.unknown(now.config);
    if (unknown != null) {
      throw new UnknownNameException(unknown);
    }
    return new StickyChoices(now.config, now.document, owner).choices();
  }

  /** Returns the audit lines, the latest first. */
  List<String> audit() {
    synchronized (lock) {
      return log.audit();
    }
  }

  /**
   * Reads the file and applies what differs between the file as it was and as it is. What operators
   * have changed stays, unless the file changes the same value. Changes and readers wait only if
   * something differs.
   *
   * @param read reads the file; called again if something differs, while no change is written to
   *     the file
   * @return what was read last
   */
  SourceReading follow(Supplier<SourceReading> read) {
    SourceReading seen = read.get();
    return differs(seen, state.file) ? followAgain(read) : seen;
  }

  private SourceReading followAgain(Supplier<SourceReading> read) {
    synchronized (lock) {
      SourceReading reading = read.get();
      ConfigSource old = state.file;
      ConfigSource now = reading.source();
      if (file != null && old != null && now != null && !isSame(old, now)) {
        follow(old, now, file.path().toString());
      }
      return reading;
    }
  }

  private static boolean differs(SourceReading reading, @Nullable ConfigSource known) {
    ConfigSource source = reading.source();
    return source != null && known != null && !isSame(known, source);
  }

  private static boolean isSame(ConfigSource old, ConfigSource now) {
    return old.text().equals(now.text()) && old.config().equals(now.config());
  }

  private void follow(ConfigSource old, ConfigSource now, String name) {
    State before = state;
    ConfigDocument document = followed(old, now);
    GatewayConfig wanted = document.read().config();
    GatewayConfig running = (wanted == null) ? before.config : wanted;
    ConfigChange change = ConfigChange.between(before.config, running);
    takeEffect(change, running);
    state = change.isEmpty() ? before.withFile(now) : before.next(document, running, now);
    remember(before, change.differences());
    for (ConfigDifference difference : change.differences()) {
      console.say(difference.toString());
      audit(name, difference.toString(), false);
    }
    sayRestarts(ConfigChange.between(running, now.config()).restarts());
    running.pools().stream()
        .filter(pool -> pool.backends().stream().noneMatch(LiveConfig::takesNew))
        .filter(pool -> before.config.pools().stream()
            .filter(was -> was.name().equals(pool.name()))
            .anyMatch(was -> was.backends().stream().anyMatch(LiveConfig::takesNew)))
        .forEach(pool ->
            console.complain("pool " + pool.name() + ": no backend takes new sessions any longer"));
  }

  /** Returns the running document with the file's changes, without those that do not fit it. */
  private ConfigDocument followed(ConfigSource old, ConfigSource now) {
    boolean isSameProfile = now.config().profile() == state.config.profile();
    List<ConfigPath> paths = state.document.livePaths(now.document(), isSameProfile);
    ConfigDocument all = state.document;
    for (ConfigPath path : paths) {
      all = all.following(old.document(), now.document(), path);
    }
    return all.read().faults().isEmpty() ? all : fitting(old, now, paths);
  }

  private ConfigDocument fitting(ConfigSource old, ConfigSource now, List<ConfigPath> paths) {
    ConfigDocument followed = state.document;
    for (ConfigPath path : paths) {
      ConfigDocument next = followed.following(old.document(), now.document(), path);
      List<ConfigFault> faults = next.equals(followed) ? List.of() : next.read().faults();
      followed = faults.isEmpty() ? next : followed;
      faults.forEach(fault -> console.complain(path
          + ": the change in the file does not fit what runs, and needs a restart: "
          + fault.message()));
    }
    return followed;
  }

  private void sayRestarts(List<ConfigDifference> restarts) {
    if (!restarts.equals(awaitingRestart)) {
      awaitingRestart = restarts;
      lines(restarts).forEach(console::say);
    }
  }

  /** The file after an edit, whether it has the edit, and otherwise the YAML to paste. */
  private record Saved(
      @Nullable ConfigSource file,
      boolean isWritten,
      @Nullable String paste) {}

  /** What runs at one moment. Immutable. */
  private record State(
      long version,
      ConfigDocument document,
      GatewayConfig config,
      @Nullable ConfigSource file,
      List<Running.Difference> differences) {

    State next(ConfigDocument document, GatewayConfig config, @Nullable ConfigSource file) {
      return new State(version + 1, document, config, file, differences(document, config, file));
    }

    State withFile(@Nullable ConfigSource file) {
      return new State(version, document, config, file, differences(document, config, file));
    }

    private static List<Running.Difference> differences(
        ConfigDocument document, GatewayConfig config, @Nullable ConfigSource file) {
      if (file == null) {
        return List.of();
      }
      ConfigChange change = ConfigChange.between(file.config(), config);
      List<ConfigPath> paths = new ArrayList<>();
      change.differences().forEach(difference -> paths.add(difference.path()));
      change.restarts().forEach(difference -> paths.add(difference.path()));
      paths.sort(Comparator.comparingInt(document::position));
      return paths.stream()
          .map(path -> new Running.Difference(
              path.toString(), file.document().text(path), document.text(path)))
          .toList();
    }
  }
}
