package dev.limpet.examples.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.limpet.examples.gateway.demo.Story;
import dev.limpet.examples.gateway.operate.StoryControl;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/**
 * Plays the story of the demonstration, one play at a time. Safe for use by many threads at once.
 */
final class StoryPlays implements StoryControl {
  private final Console console;
  private Story story;
  private ByteArrayOutputStream output = new ByteArrayOutputStream();
  private boolean playing;

  /**
   * Makes the plays that follow a first one.
   *
   * @param console receives a line for each play
   * @param played has been played
   */
  StoryPlays(Console console, Story played) {
    this.console = console;
    this.story = played;
  }

  @Override
  public synchronized boolean play() {
    if (playing) {
      return false;
    }
    playing = true;
    output = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(output, true, UTF_8);
    story = story.again(out);
    Story next = story;
    Thread thread = new Thread(() -> play(next, out), "story");
    thread.setDaemon(true);
    thread.start();
    return true;
  }

  @Override
  public synchronized boolean isPlaying() {
    return playing;
  }

  @Override
  public synchronized String output() {
    return output.toString(UTF_8);
  }

  private void play(Story next, PrintStream out) {
    try {
      console.say("the story is played again: " + result(next.play()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) { // such as for a backend that an operator has removed
      String ended = "the story has ended early: " + e.getMessage();
      out.println(ended);
      console.complain(ended);
    } finally {
      end();
    }
  }

  private static String result(Story.Result result) {
    long held = result.claims().stream().filter(Story.Claim::holds).count();
    return held + " of " + result.claims().size() + " claims hold";
  }

  private synchronized void end() {
    playing = false;
  }
}
