package dev.limpet.examples.fleet;

import dev.limpet.examples.gateway.demo.GatewayProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What happens to sessions while Redis, a gateway and a backend come and go. Play it once only. */
final class Story {
  /*
   * A gateway reports a new cookie to Redis while the response that sets it is on its way. So users
   * pause for a moment after they have logged in; otherwise a user could be faster than a very busy
   * machine.
   */

  private static final int USERS = 60;
  private static final int ROUNDS = 7;
  private static final int THREADS = 6;
  private static final long THINKING_MILLIS = 200;

  private final Fleet fleet;
  private final Report report;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final Newcomers newcomers;
  private final Crowd addresses;
  private final Crowd cookies;

  Story(Fleet fleet, PrintStream out) throws IOException {
    this.fleet = fleet;
    this.report = new Report(out);
    this.newcomers = new Newcomers(threads);
    this.addresses = newcomers.bySourceIp(USERS);
    this.cookies = newcomers.byAppCookie(USERS);
  }

  /** Plays the story. Returns whether all claims hold. */
  boolean tell() throws IOException, InterruptedException {
    try {
      report.title();
      allIsWell();
      redisIsKilled();
      aGatewayIsStartedAgain();
      redisComesBack();
      aBackendGoes();
      return report.end();
    } finally {
      threads.shutdownNow();
    }
  }

  private void allIsWell() throws IOException, InterruptedException {
    report.phase(
        "All is well. Users log in at any gateway, and send requests to all three at random.",
        "Every gateway finds every session.");
    begin(addresses);
    begin(cookies);
    report.allStick("source IP", hop(addresses));
    report.allStick("app cookie", hop(cookies));
  }

  private void redisIsKilled() throws IOException, InterruptedException {
    fleet.killRedis();
    report.phase(
        "Redis is killed.",
        "Gateways continue with the sessions they know."
            + " New sessions by source IP go to the backend that every gateway would choose.");
    report.allStick("source IP", hop(addresses));
    report.allStick("app cookie", hop(cookies));
    Crowd fresh = newcomers.bySourceIp(USERS);
    begin(fresh);
    report.allStick("source IP, new sessions", hop(fresh));
  }

  private void aGatewayIsStartedAgain() throws IOException, InterruptedException {
    GatewayProcess fresh = fleet.restart(gateways().get(1));
    report.phase(
        fresh.name() + " is killed and restarted while Redis is down.",
        "It finds sessions by source IP."
            + " Unknown cookies fall back to hashing: each always goes to the same backend.");
    Visits visits = hop(cookies);
    report.allStick("source IP", hop(addresses));
    report.allStick(
        "app cookie, at the other gateways",
        visits.where(visit -> !visit.gateway().equals(fresh.name())));
    report.allSteady(
        "app cookie, at " + fresh.name(),
        visits.where(visit -> visit.gateway().equals(fresh.name())));
  }

  private void redisComesBack() throws IOException, InterruptedException {
    fleet.startRedis();
    GatewayProcess fresh = gateways().get(1);
    List<GatewayProcess> others =
        gateways().stream().filter(gateway -> gateway != fresh).toList();
    report.phase(
        "Redis comes back, empty.",
        "A gateway that knows a session reports its next use to Redis, and so to all gateways.");
    report.allStick("app cookie, used where it is known", cookies.hop(others, 1));
    Thread.sleep(THINKING_MILLIS);
    report.allStick("app cookie, from then on", hop(cookies));
    report.allStick("source IP", hop(addresses));
  }

  private void aBackendGoes() throws IOException, InterruptedException {
    String leaving = fleet.backends().get(0);
    fleet.drain(leaving);
    report.phase(leaving + " drains.", "Its sessions stay, and new sessions go elsewhere.");
    report.allStick("source IP", hop(addresses));
    report.allStick("app cookie", hop(cookies));
    begun("source IP, new sessions", newcomers.bySourceIp(USERS), leaving);
    begun("app cookie, new sessions", newcomers.byAppCookie(USERS), leaving);
    fleet.remove(leaving);
    report.phase(
        leaving + " is removed.",
        "Its users log in once more, and stay on their new backend. The others do not notice.");
    moved("source IP", addresses, leaving);
    moved("app cookie", cookies, leaving);
  }

  private void moved(String kind, Crowd crowd, String from)
      throws IOException, InterruptedException {
    Crowd moving = crowd.where(visitor -> visitor.home().equals(from));
    Crowd others = crowd.where(visitor -> !visitor.home().equals(from));
    begun(kind + ", its sessions", moving, from);
    report.allStick(kind + ", the others", hop(others));
  }

  private void begun(String who, Crowd crowd, String leaving)
      throws IOException, InterruptedException {
    begin(crowd);
    report.allStickElsewhere(who, hop(crowd), leaving);
  }

  private void begin(Crowd crowd) throws IOException, InterruptedException {
    crowd.login(gateways());
    Thread.sleep(THINKING_MILLIS);
  }

  private Visits hop(Crowd crowd) throws IOException, InterruptedException {
    return crowd.hop(gateways(), ROUNDS);
  }

  private List<GatewayProcess> gateways() {
    return fleet.gateways();
  }
}
