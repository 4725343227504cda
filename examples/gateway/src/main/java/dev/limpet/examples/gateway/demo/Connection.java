package dev.limpet.examples.gateway.demo;

import java.io.Closeable;
import java.io.IOException;

/** A user's connection to the login application. Every failure is an {@link IOException}. */
public interface Connection extends Closeable {

  /** Logs a user in. */
  Answer login(String user) throws IOException, InterruptedException;

  /** Asks whether a user is logged in. */
  Answer whoami(String user) throws IOException, InterruptedException;

  /**
   * What the application said.
   *
   * @param backend who said it
   * @param known whether the user is logged in there
   */
  record Answer(String backend, boolean known) {}

  /** Opens connections of one user, who keeps cookies or an address over all of them. */
  interface Opener {

    /** Opens one more. */
    Connection open() throws IOException;
  }
}
