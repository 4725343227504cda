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
   * The application's response.
   *
   * @param backend the backend that responded
   * @param known whether the user is logged in there
   */
  record Answer(String backend, boolean known) {}

  /** Opens connections of one user, who has the same cookies or address in all of them. */
  interface Opener {

    /** Opens another connection. */
    Connection open() throws IOException;
  }
}
