package dev.limpet.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.StickySession;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** What a story is told, and what it says. */
class StorySettingsTest {
  private static class Unstarted extends StickyStory {
    @Override
    protected StoryProxy start(List<Backend> backends, StickySession session) {
      throw new IllegalStateException("started");
    }
  }

  private static class WithoutTunnels extends Unstarted {
    @Override
    protected Map<StoryFeature, String> unsupported() {
      return Map.of(StoryFeature.WEB_SOCKET, "the framework has no tunnels");
    }
  }

  @Test
  void unsupportedFeature_skipsItsTestsAndSaysWhy() {
    StickyStory story = new WithoutTunnels();

    assertThatThrownBy(story::webSocketWithoutACookie_beginsASession)
        .isInstanceOf(TestAbortedException.class)
        .hasMessageContaining("WEB_SOCKET: the framework has no tunnels");
    assertThatThrownBy(story::failoverOfAGet_setsAFreshCookieAndStaysWhereItMoved)
        .hasMessage("started");
  }

  @Test
  void everyFeature_isSupportedByDefault() {
    StickyStory story = new Unstarted();

    assertThat(story.unsupported()).isEmpty();
    assertThatThrownBy(story::webSocketWithoutACookie_beginsASession).hasMessage("started");
  }

  @Test
  void poolThatDoesNotCount_isRefused() {
    Pool pool = Pool.of("web", Backend.of("b1", "127.0.0.1", 80));

    assertThatThrownBy(() -> StoryProxy.of(pool, 80, () -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pool: web (expected: one that counts connections)");
  }

  @Test
  void waitThatFails_saysWhatItFound() {
    assertThatThrownBy(() -> Await.value("open routes", 0, Duration.ofMillis(5), () -> 1))
        .isInstanceOf(AssertionError.class)
        .hasMessage("open routes: 1 (expected: 0 within PT0.005S)");
  }
}
