package dev.limpet.examples.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A drain that an operator begins, watches and undoes. */
@InBrowser
class DrainBrowserTest {
  private static final int VISITORS = 20;
  private static final Pattern LEFT = Pattern.compile("(\\d+) sessions? left");

  @TempDir
  private Path folder;

  @Test
  void drain_isWatchedToItsEnd() throws Exception {
    try (Consoles consoles = Consoles.of(folder, stickyFor("10s"))) {
      ConsolePage page = groupPage(consoles);
      Browser browser = consoles.browser();
      List<Integer> left = new ArrayList<>();
      drainWhileVisited(consoles, page);
      awaitLeft(page, left, () -> visit(consoles, VISITORS), n -> n == VISITORS / 2);
      browser.screenshot("drain");
      awaitLeft(page, left, () -> visit(consoles, VISITORS / 2), n -> n < VISITORS / 2);
      Eventually.holds("the drain has ended", () -> {
        left(page).ifPresent(left::add);
        return page.text().contains("Drained: nothing is left.");
      });

      browser.screenshot("drained");
      assertThat(left).isSortedAccordingTo(Comparator.reverseOrder());
      assertThat(consoles.curl().backend("web", "web1").getString("state")).isEqualTo("draining");
      assertThat(browser.complaints()).isEmpty();
    }
  }

  @Test
  void drain_isUndone() throws Exception {
    try (Consoles consoles = Consoles.of(folder, stickyFor("20m"))) {
      ConsolePage page = groupPage(consoles);
      visit(consoles, VISITORS);
      drain(page, "web1");
      Eventually.holds(
          "web1 drains",
          () -> consoles.curl().backend("web", "web1").getString("state").equals("draining"));
      Hand.MOUSE.press(page, Role.BUTTON, "Undo drain web1");

      Eventually.holds(
          "web1 takes new sessions",
          () -> consoles.curl().backend("web", "web1").getString("state").equals("up"));
    }
  }

  @Test
  void lastBackendThatTakesNewSessions_isDrainedOnlyAfterAConfirmation() throws Exception {
    try (Consoles consoles = Consoles.of(folder, stickyFor("20m"))) {
      ConsolePage page = groupPage(consoles);
      drain(page, "web1");
      Eventually.holds(
          "web1 drains",
          () -> consoles.curl().backend("web", "web1").getString("state").equals("draining"));
      drain(page, "web2");
      page.await(Role.BUTTON, "Confirm");

      assertThat(consoles.curl().backend("web", "web2").getString("state")).isEqualTo("up");
      consoles.browser().screenshot("last-backend");
      assertThat(consoles.browser().accessibilityFaults()).isEmpty();
      Hand.MOUSE.press(page, Role.BUTTON, "Confirm");
      Eventually.holds(
          "web2 drains",
          () -> consoles.curl().backend("web", "web2").getString("state").equals("draining"));
    }
  }

  private static String stickyFor(String duration) {
    return Consoles.http(
        "open", "", "stickySession: {type: source-ip, duration: " + duration + "}");
  }

  private static ConsolePage groupPage(Consoles consoles) throws Exception {
    ConsolePage page = consoles.open();
    Hand.MOUSE.press(page, Role.LINK, "Backend server groups");
    Hand.MOUSE.press(page, Role.LINK, "web");
    return page;
  }

  /** Sessions of visitors who come all the time do not expire before anybody can see them. */
  private static void drainWhileVisited(Consoles consoles, ConsolePage page) throws Exception {
    Hand.MOUSE.press(page, Role.BUTTON, "Drain web1");
    page.await(Role.DIALOG, "Drain web1");
    visit(consoles, VISITORS);
    Hand.MOUSE.press(page, Role.BUTTON, "Drain");
  }

  /** Lets visitors come, of whom each backend gets half. */
  private static boolean visit(Consoles consoles, int visitors) throws Exception {
    for (int i = 1; i <= visitors; i++) {
      Visitor.of(consoles.port("web"), i).visit();
    }
    return true;
  }

  /** Lets visitors come until the page shows a number of sessions. */
  private static void awaitLeft(
      ConsolePage page, List<Integer> seen, Callable<Boolean> visit, IntPredicate wanted)
      throws Exception {
    Eventually.holds("sessions left", () -> {
      Optional<Integer> left = left(page);
      left.ifPresent(seen::add);
      return visit.call() && left.isPresent() && wanted.test(left.get());
    });
  }

  private static Optional<Integer> left(ConsolePage page) {
    Matcher shown = LEFT.matcher(page.text());
    return shown.find() ? Optional.of(Integer.valueOf(shown.group(1))) : Optional.empty();
  }

  private static void drain(ConsolePage page, String backend) throws Exception {
    Hand.MOUSE.press(page, Role.BUTTON, "Drain " + backend);
    page.await(Role.DIALOG, "Drain " + backend);
    Hand.MOUSE.press(page, Role.BUTTON, "Drain");
  }
}
