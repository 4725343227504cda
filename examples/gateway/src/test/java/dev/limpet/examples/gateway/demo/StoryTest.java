package dev.limpet.examples.gateway.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Member;
import dev.limpet.examples.gateway.demo.FakeGateway.Flaw;
import dev.limpet.examples.gateway.demo.Story.Claim;
import dev.limpet.examples.gateway.demo.Story.Result;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class StoryTest {
  private static final String START = "3 users";
  private static final String DRAIN = "web1 drains";
  private static final String KILL = "web2 is killed";
  private static final String RESTART = "web2 is back";

  private final Vertx vertx = Vertx.vertx();
  private final List<DemoBackend> backends =
      Stream.of("web1", "web2", "web3").map(DemoBackend::start).toList();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(printed, true, UTF_8);

  @AfterEach
  void stop() {
    backends.forEach(DemoBackend::close);
    vertx.close().await();
  }

  @Test
  void everyClaimHoldsOfAGoodGateway() throws Exception {
    Result result = play(6);

    assertThat(result.claims()).as(table()).hasSize(25).allMatch(Claim::holds);
    assertThat(result.holds()).isTrue();
    assertThat(table()).endsWith("25 of 25 claims hold%n".formatted());
    assertThat(table().lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void everyClaimHoldsWhenItIsPlayedAgain() throws Exception {
    FakeGateway gateway = new FakeGateway(vertx, backends);
    Story first = new Story(gateway, backends, out, 3, Duration.ofSeconds(1));
    first.play();
    Story second = first.again(out);
    second.play();

    Result third = second.again(out).play();

    assertThat(third.claims()).as(table()).hasSize(25).allMatch(Claim::holds);
  }

  @Test
  void aGatewayThatIsGoneFailsSoon() throws Exception {
    FakeGateway gateway = new FakeGateway(vertx, backends);
    vertx.close().await();

    Result result = new Story(gateway, backends, out, 3, Duration.ofSeconds(1)).play();

    assertThat(result.claims()).hasSize(25);
    assertThat(failed(result, START)).hasSize(5);
    assertThat(table()).contains("ConnectException");
  }

  @Test
  void aBackendIsReadyAgainAfterAStoryThatBrokeWhileItWasDrained() {
    BreakingControl control = new BreakingControl(new FakeGateway(vertx, backends), "drain");

    assertThatThrownBy(new Story(control, backends, out, 3, Duration.ofSeconds(1))::play)
        .isSameAs(control.broken);

    assertThat(control.state("web", "web1")).isEqualTo(Member.State.UP);
    assertThat(control.readied).containsExactly("web1");
  }

  @Test
  void aBackendRunsAgainAfterAStoryThatBrokeWhileItWasKilled() {
    BreakingControl control = new BreakingControl(new FakeGateway(vertx, backends), "state");

    assertThatThrownBy(new Story(control, backends, out, 3, Duration.ofSeconds(1))::play)
        .isSameAs(control.broken);

    assertThat(control.control.state("web", "web2")).isEqualTo(Member.State.UP);
  }

  @Test
  void aGatewayThatForgetsSessionsFails() throws Exception {
    Result result = play(Flaw.FORGETS_SESSIONS);

    assertThat(result.holds()).isFalse();
    assertThat(failed(result, START))
        .as(table())
        .containsExactly("LB cookie", "app cookie", "source IP");
    assertThat(table()).contains("FAILS");
  }

  @Test
  void aGatewayThatSticksWithoutBeingAskedFails() throws Exception {
    assertThat(failed(play(Flaw.STICKS_WITHOUT_BEING_ASKED), START))
        .containsExactly("nothing, HTTP", "nothing, TCP");
  }

  @Test
  void aGatewayThatUsesOneBackendOnlyFails() throws Exception {
    assertThat(failed(play(Flaw.USES_ONE_BACKEND_ONLY), START))
        .contains("LB cookie", "app cookie", "source IP");
  }

  @Test
  void aGatewayThatIgnoresDrainsFails() throws Exception {
    assertThat(failed(play(Flaw.IGNORES_DRAINS), DRAIN))
        .containsExactly(
            "LB cookie, new sessions", "app cookie, new sessions", "source IP, new sessions");
  }

  @Test
  void aGatewayThatMovesSessionsOfDrainedBackendsFails() throws Exception {
    assertThat(failed(play(Flaw.MOVES_SESSIONS_OF_DRAINED_BACKENDS), DRAIN))
        .containsExactly("LB cookie", "app cookie", "source IP");
  }

  @Test
  void aGatewayThatDoesNotRerouteFails() throws Exception {
    assertThat(failed(play(Flaw.DOES_NOT_REROUTE), KILL))
        .containsExactly(
            "LB cookie, its sessions", "app cookie, its sessions", "source IP, its sessions");
  }

  @Test
  void aGatewayThatMovesEverySessionWhenOneBackendDiesFails() throws Exception {
    assertThat(failed(play(Flaw.MOVES_EVERY_SESSION_WHEN_ONE_BACKEND_DIES), KILL))
        .contains("LB cookie, the others", "app cookie, the others", "source IP, the others");
  }

  @Test
  void aGatewayThatMovesSessionsBackFails() throws Exception {
    assertThat(failed(play(Flaw.MOVES_SESSIONS_BACK), RESTART)).contains("LB cookie", "source IP");
  }

  @Test
  void aGatewayWithoutHealthChecksFails() throws Exception {
    assertThat(failed(play(Flaw.HAS_NO_HEALTH_CHECKS), KILL))
        .containsExactly("health checks notice");
  }

  /** Breaks at the first call after, or at, the named one. */
  private static final class BreakingControl implements Control {
    private final Control control;
    private final String breaksAt;
    private final RuntimeException broken = new IllegalStateException("gateway: gone");
    private final List<String> readied = new ArrayList<>();
    private boolean isBroken;

    BreakingControl(Control control, String breaksAt) {
      this.control = control;
      this.breaksAt = breaksAt;
    }

    @Override
    public int port(String listener) {
      if (isBroken) {
        throw broken;
      }
      return control.port(listener);
    }

    @Override
    public void drain(String pool, String backend) {
      control.drain(pool, backend);
      isBroken = breaksAt.equals("drain");
    }

    @Override
    public void ready(String pool, String backend) {
      control.ready(pool, backend);
      readied.add(backend);
    }

    @Override
    public Member.State state(String pool, String backend) {
      if (breaksAt.equals("state")) {
        throw broken;
      }
      return control.state(pool, backend);
    }
  }

  private Result play(Flaw... flaws) throws InterruptedException {
    return play(3, flaws);
  }

  private Result play(int users, Flaw... flaws) throws InterruptedException {
    FakeGateway gateway = new FakeGateway(vertx, backends, flaws);
    return new Story(gateway, backends, out, users, Duration.ofSeconds(1)).play();
  }

  private String table() {
    return printed.toString(UTF_8);
  }

  private static List<String> failed(Result result, String scene) {
    return result.claims().stream()
        .filter(claim -> claim.scene().startsWith(scene) && !claim.holds())
        .map(Claim::who)
        .toList();
  }
}
