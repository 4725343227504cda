package dev.limpet.benchmarks;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VisitedSessionsTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 1024, 1 << 30})
  void numberOfWhichAllAreVisited_isAccepted(int sessions) {
    assertThatNoException().isThrownBy(() -> BoundSessions.checkVisited(sessions));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE, 1000})
  void numberOfWhichOnlySomeWouldBeVisited_isRefused(int sessions) {
    RouteBenchmark routes = new RouteBenchmark();
    routes.sessions = sessions;
    ExchangeBenchmark exchanges = new ExchangeBenchmark();
    exchanges.sessions = sessions;

    String fault = "sessions: " + sessions + " (expected: a power of two)";
    assertThatIllegalArgumentException().isThrownBy(routes::bind).withMessage(fault);
    assertThatIllegalArgumentException().isThrownBy(exchanges::bind).withMessage(fault);
  }
}
