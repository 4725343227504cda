package dev.limpet.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.StickySession;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Finds out what a proxy does with interim responses, and with octets beyond the end of an answer.
 * Frameworks differ in it, and their users should know. A backend that sends such octets is broken
 * or hostile; a proxy that takes them for the answer to another client's request gives that client
 * the content of the first.
 *
 * <p>To try a proxy, extend this class and write down what its documents say of each trial.
 */
@Timeout(60)
public abstract class WireStory {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration UNTIL_LEFT = Duration.ofMillis(300);

  /** More than the proxy has threads, each of which may keep a connection of its own. */
  private static final int OTHERS = 24;

  private static final int FIRST_SERVER_ERROR = 500;
  private static final int SWITCHING = 101;
  private static final int OK = 200;

  /** For subclasses. */
  protected WireStory() {}

  /**
   * Starts the proxy as {@link StickyStory} does.
   *
   * @param backends the pool's only backend
   * @param session of the type LB cookie
   * @return the running proxy
   * @throws Exception if it cannot be started; the test fails
   */
  protected abstract StoryProxy start(List<Backend> backends, StickySession session)
      throws Exception;

  /** {@return what the documents of the proxy say of each trial that they mention} */
  protected abstract Map<WireTrial, WireFinding> documented();

  @ParameterizedTest
  @EnumSource
  final void proxy_doesAsItsDocumentsSay(WireTrial trial) throws Exception {
    assertThat(finding(trial)).as(trial.name()).isEqualTo(documented().get(trial));
  }

  WireFinding finding(WireTrial trial) throws Exception {
    try (WireBackend backend = new WireBackend(trial)) {
      StoryProxy proxy = start(List.of(backend.backend()), StickySession.lbCookie());
      try {
        WireFinding first = first(trial, proxy);
        backend.answered();
        backend.awaitLeft(UNTIL_LEFT);
        WireFinding later = others(proxy);
        return (later == WireFinding.DROPPED) ? first : later;
      } finally {
        backend.answered();
        proxy.close();
      }
    }
  }

  private static WireFinding first(WireTrial trial, StoryProxy proxy) throws IOException {
    try (RawClient client = new RawClient(proxy.port(), PATIENCE)) {
      RawConnection connection = client.connect();
      connection.sendBodyless(trial.method());
      int status = connection.head().status();
      return isInterim(status) ? afterInterim(connection) : ofFinal(status);
    } catch (EOFException | SocketException closed) {
      return WireFinding.CUT_OFF;
    } catch (SocketTimeoutException late) {
      return WireFinding.SILENCE;
    }
  }

  private static boolean isInterim(int status) {
    return status < OK && status != SWITCHING;
  }

  private static WireFinding afterInterim(RawConnection connection) throws IOException {
    connection.answer(); // which has no body
    try {
      return ofFinal(connection.head().status()) == WireFinding.DROPPED
          ? WireFinding.PASSED_ON
          : WireFinding.TAKEN_FOR_THE_ANSWER;
    } catch (EOFException | SocketException | SocketTimeoutException nothing) {
      return WireFinding.TAKEN_FOR_THE_ANSWER;
    }
  }

  private static WireFinding ofFinal(int status) {
    if (status >= FIRST_SERVER_ERROR) {
      return WireFinding.REFUSED;
    }
    return (status == SWITCHING) ? WireFinding.PASSED_ON : WireFinding.DROPPED;
  }

  private static WireFinding others(StoryProxy proxy) throws IOException {
    for (int i = 0; i < OTHERS; i++) {
      WireFinding other = other(proxy);
      if (other != WireFinding.DROPPED) {
        return other;
      }
    }
    return WireFinding.DROPPED;
  }

  private static WireFinding other(StoryProxy proxy) throws IOException {
    try (RawClient client = new RawClient(proxy.port(), PATIENCE)) {
      RawMessage answer = client.get();
      if (answer.status() != OK) {
        return WireFinding.DISTURBS_ANOTHER_CLIENT;
      }
      return answer.text().equals(WireTrial.OWN)
          ? WireFinding.DROPPED
          : WireFinding.REACHES_ANOTHER_CLIENT;
    } catch (EOFException | SocketException | SocketTimeoutException failed) {
      return WireFinding.DISTURBS_ANOTHER_CLIENT;
    }
  }
}
