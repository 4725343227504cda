package dev.limpet.examples.gateway.demo;

import java.io.Closeable;
import java.io.IOException;

/** A user's connection to the login application. Every failure is an {@link IOException}. */
interface Connection extends Closeable {

  Answer login(String user) throws IOException, InterruptedException;

  Answer whoami(String user) throws IOException, InterruptedException;

  /** What the application said. */
  record Answer(String backend, boolean known) {}

  /** Opens connections of one user, who keeps cookies or an address over all of them. */
  interface Opener {
    Connection open() throws IOException;
  }
}
