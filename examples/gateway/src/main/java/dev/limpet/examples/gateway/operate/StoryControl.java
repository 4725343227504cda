package dev.limpet.examples.gateway.operate;

/** Plays the story of the demonstration again. */
public interface StoryControl {
  /**
   * Starts to play, on another thread.
   *
   * @return false if it is being played already
   */
  boolean play();

  /** Returns whether it is being played. */
  boolean isPlaying();

  /** Returns the output of the last or present play. */
  String output();
}
