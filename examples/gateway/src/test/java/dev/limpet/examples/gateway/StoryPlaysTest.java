package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Member;
import dev.limpet.examples.gateway.demo.Control;
import dev.limpet.examples.gateway.demo.Story;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StoryPlaysTest {
  private final TestConsole console = new TestConsole();
  private final Story played =
      new Story(new GoneGateway(), List.of(), new PrintStream(new ByteArrayOutputStream()));

  @Test
  void aStoryThatBreaksSaysSoAndCanBePlayedAgain() throws Exception {
    StoryPlays plays = new StoryPlays(console.console(), played);

    for (int i = 1; i <= 2; i++) {
      assertThat(plays.play()).isTrue();
      Wait.until(() -> !plays.isPlaying());

      assertThat(plays.output()).endsWith("the story has ended early: gateway: gone\n");
      assertThat(console.complaints())
          .hasSize(i)
          .containsOnly("the story has ended early: gateway: gone");
    }
  }

  private static final class GoneGateway implements Control {
    @Override
    public int port(String listener) {
      throw new IllegalStateException("gateway: gone");
    }

    @Override
    public void drain(String pool, String backend) {}

    @Override
    public void ready(String pool, String backend) {}

    @Override
    public Member.State state(String pool, String backend) {
      return Member.State.UP;
    }
  }
}
