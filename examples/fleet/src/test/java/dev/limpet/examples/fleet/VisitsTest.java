package dev.limpet.examples.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VisitsTest {
  private static final Visit STUCK = visit("a", "web1", true);
  private static final Visit STRAY = visit("a", "web2", true);
  private static final Visit UNKNOWN = visit("a", "web1", false);
  private static final Visit FAILED = new Visit("a", "gateway 1", "web1", "reset", false, true);

  @Test
  void aRequestSticks_whereItsSessionIsKnown() {
    assertThat(STUCK.stuck()).isTrue();
    assertThat(STRAY.stuck()).isFalse();
    assertThat(UNKNOWN.stuck()).isFalse();
    assertThat(FAILED.stuck()).isFalse();
  }

  @Test
  void allStuck_isNoneAstray() {
    assertThat(visits(STUCK, STUCK).allStuck()).isTrue();
    assertThat(visits(STUCK, STRAY).allStuck()).isFalse();
    assertThat(visits(STUCK, UNKNOWN).allStuck()).isFalse();
    assertThat(visits().allStuck()).isFalse();
  }

  @Test
  void allSteady_isOneBackendForEachSession() {
    Visit other = visit("b", "web3", false);

    assertThat(visits(STRAY, other, STRAY, other).allSteady()).isTrue();
    assertThat(visits(STRAY, STUCK).allSteady()).isFalse();
    assertThat(visits(STRAY, FAILED).allSteady()).isFalse();
    assertThat(visits(FAILED, FAILED).allSteady()).isFalse();
    assertThat(visits().allSteady()).isFalse();
  }

  @Test
  void counts() {
    Visits visits = visits(STUCK, STRAY, FAILED, visit("b", "web1", true));

    assertThat(visits.size()).isEqualTo(4);
    assertThat(visits.sessions()).isEqualTo(2);
    assertThat(visits.stuck()).isEqualTo(2);
    assertThat(visits.failed()).isEqualTo(1);
    assertThat(visits.strays()).containsExactly(STRAY, FAILED);
    assertThat(visits.where(Visit::stuck).size()).isEqualTo(2);
  }

  static Visit visit(String session, String backend, boolean known) {
    return new Visit(session, "gateway 1", "web1", backend, known, false);
  }

  static Visits visits(Visit... visits) {
    return new Visits(List.of(visits));
  }
}
