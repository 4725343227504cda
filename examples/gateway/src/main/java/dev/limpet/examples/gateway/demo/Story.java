package dev.limpet.examples.gateway.demo;

import dev.limpet.core.Member;
import java.io.PrintStream;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The "log in once" story, played by real clients through a running gateway. Users log in to an
 * application that keeps its sessions in the memory of one backend, and count how often they are
 * asked to log in again. Play it once only, and {@link #again} for more.
 */
public final class Story {
  /*
   * Users take turns, one request at a time, and new sessions are spread by turns. So the claims do
   * not depend on timing, not even the failures without stickiness. The only waits are for the
   * health checks; they end as soon as these have noticed the change.
   */

  private static final int USERS = 6;
  private static final int CONNECTIONS_AT_FIRST = 4;
  private static final int CONNECTIONS = 2;
  private static final Duration HEALTH_CHECK_LIMIT = Duration.ofSeconds(20);

  private final Control control;
  private final int users;
  private final Duration healthCheckLimit;
  private final List<DemoBackend> backends;
  private final Report report;
  private final Newcomers newcomers;
  private final Map<Stickiness, Crowd> crowds = new EnumMap<>(Stickiness.class);

  /**
   * Makes a story.
   *
   * @param control the gateway, with a listener and a pool for each {@link Stickiness}; every pool
   *     has the backends with equal weights, and those of sticky sessions have health checks
   * @param backends at least two, running
   * @param out receives the table
   */
  public Story(Control control, List<DemoBackend> backends, PrintStream out) {
    this(control, backends, out, USERS, HEALTH_CHECK_LIMIT);
  }

  Story(
      Control control,
      List<DemoBackend> backends,
      PrintStream out,
      int users,
      Duration healthCheckLimit) {
    this.control = control;
    this.users = users;
    this.healthCheckLimit = healthCheckLimit;
    this.backends = List.copyOf(backends);
    this.report = new Report(out, this.backends.stream().map(DemoBackend::name).toList());
    this.newcomers = new Newcomers(control);
  }

  private Story(Story played, PrintStream out) {
    this.control = played.control;
    this.users = played.users;
    this.healthCheckLimit = played.healthCheckLimit;
    this.backends = played.backends;
    this.report = new Report(out, backends.stream().map(DemoBackend::name).toList());
    this.newcomers = played.newcomers.again();
  }

  /**
   * Returns the same story, to be played once more by other users, after this one has ended.
   *
   * @param out receives the table
   */
  public Story again(PrintStream out) {
    return new Story(this, out);
  }

  /**
   * Plays the story and prints it as a table. Takes a few seconds, or up to five minutes with a
   * gateway that does not respond. The second backend is killed and restarted.
   *
   * @return the claims, and whether they hold
   * @throws InterruptedException if the thread is interrupted
   */
  public Result play() throws InterruptedException {
    report.title();
    if (Newcomers.kinds().size() < Stickiness.values().length) {
      report.note("TCP is left out: this machine has no address 127.0.0.2.");
    }
    try {
      logInOnce();
      drain(backends.get(0).name());
      outage(backends.get(1));
    } finally {
      crowds.values().forEach(Crowd::disconnect);
    }
    return report.result();
  }

  private void logInOnce() throws InterruptedException {
    report.scene(
        users + " users log in once and send "
            + CONNECTIONS_AT_FIRST * Crowd.REQUESTS_PER_CONNECTION + " requests each, over "
            + CONNECTIONS_AT_FIRST + " connections.",
        "Nobody is asked to log in again; without stickiness they are.");
    for (Stickiness kind : Newcomers.kinds()) {
      Crowd crowd = arrive(kind, CONNECTIONS_AT_FIRST);
      if (kind.sticky()) {
        crowds.put(kind, crowd);
        report.sessions(kind.label(), crowd, crowd.undisturbed() && usesAll(crowd));
      } else {
        crowd.disconnect();
        report.requests(kind.label(), crowd, crowd.unbroken() && crowd.askedAgain() > 0);
      }
    }
  }

  private void drain(String drained) throws InterruptedException {
    report.scene(drained + " drains.", "Its sessions stay, and new sessions go elsewhere.");
    for (Map.Entry<Stickiness, Crowd> entry : crowds.entrySet()) {
      Stickiness kind = entry.getKey();
      control.drain(kind.listener(), drained);
      try {
        stay(kind, entry.getValue());
        Crowd fresh = visitors(kind);
        report.sessions(
            kind.label() + ", new sessions",
            fresh,
            fresh.undisturbed() && fresh.on(drained).isEmpty());
      } finally {
        control.ready(kind.listener(), drained);
      }
    }
  }

  /** Kills a backend, and restarts it whatever happens meanwhile. */
  private void outage(DemoBackend backend) throws InterruptedException {
    backend.kill();
    try {
      killed(backend);
    } finally {
      backend.restart();
    }
    restarted(backend);
  }

  private void killed(DemoBackend killed) throws InterruptedException {
    report.scene(
        killed.name() + " is killed.",
        "Its sessions move and log in once more; the others do not notice.");
    for (Map.Entry<Stickiness, Crowd> entry : crowds.entrySet()) {
      String label = entry.getKey().label();
      Crowd moving = entry.getValue().on(killed.name());
      Crowd others = entry.getValue().notOn(killed.name());
      comeAgain(entry.getValue());
      report.sessions(label + ", its sessions", moving, movedOnce(entry.getKey(), moving, killed));
      report.sessions(label + ", the others", others, others.stayed());
    }
    report.claim("health checks notice", healthChecksSay(killed, Member.State.DOWN));
  }

  private void restarted(DemoBackend restarted) throws InterruptedException {
    report.scene(restarted.name() + " is back.", "Nobody moves again, and new sessions use it.");
    report.claim("health checks notice", healthChecksSay(restarted, Member.State.UP));
    for (Map.Entry<Stickiness, Crowd> entry : crowds.entrySet()) {
      Stickiness kind = entry.getKey();
      stay(kind, entry.getValue());
      Crowd fresh = visitors(kind);
      report.sessions(
          kind.label() + ", new sessions", fresh, fresh.undisturbed() && usesAll(fresh));
    }
  }

  private void stay(Stickiness kind, Crowd crowd) throws InterruptedException {
    comeAgain(crowd);
    report.sessions(kind.label(), crowd, crowd.stayed());
  }

  private Crowd visitors(Stickiness kind) throws InterruptedException {
    Crowd crowd = arrive(kind, CONNECTIONS);
    crowd.disconnect();
    return crowd;
  }

  private Crowd arrive(Stickiness kind, int connections) throws InterruptedException {
    Crowd crowd = newcomers.arrive(kind, users);
    crowd.login();
    crowd.visit(connections);
    return crowd;
  }

  private static void comeAgain(Crowd crowd) throws InterruptedException {
    crowd.beginScene();
    crowd.visit(CONNECTIONS);
  }

  private boolean usesAll(Crowd crowd) {
    return backends.stream().noneMatch(backend -> crowd.on(backend.name()).isEmpty());
  }

  /**
   * Returns whether all users moved to another backend and logged in once more. A TCP connection
   * may fail once, because the gateway can send a request elsewhere, but not a connection that it
   * has already passed on.
   */
  private static boolean movedOnce(Stickiness kind, Crowd crowd, DemoBackend from) {
    int allowed = kind.tcp() ? 1 : 0;
    return !crowd.isEmpty()
        && crowd.on(from.name()).isEmpty()
        && crowd.each(user -> user.backends() == 1)
        && crowd.each(user -> user.askedAgain() == 1)
        && crowd.each(user -> user.failures() <= allowed);
  }

  private boolean healthChecksSay(DemoBackend backend, Member.State wanted)
      throws InterruptedException {
    return Deadline.in(healthCheckLimit)
        .await(() -> crowds.keySet().stream()
            .allMatch(kind -> control.state(kind.listener(), backend.name()) == wanted));
  }

  /**
   * The claims of the story, in order.
   *
   * @param claims the claims
   */
  public record Result(List<Claim> claims) {

    /** Copies the claims. */
    public Result {
      claims = List.copyOf(claims);
    }

    /** Returns whether every claim holds. */
    public boolean holds() {
      return claims.stream().allMatch(Claim::holds);
    }
  }

  /**
   * A claim, as a row of the table.
   *
   * @param scene the event
   * @param who the users or sessions
   * @param holds whether the claim was confirmed
   */
  public record Claim(String scene, String who, boolean holds) {}
}
