package dev.limpet.examples.gateway;

import java.io.PrintStream;

/**
 * Where the gateway says what it does, a line each.
 *
 * @param out takes what happens
 * @param err takes what is wrong
 */
record Console(PrintStream out, PrintStream err) {

  void say(String line) {
    out.println(line);
    out.flush();
  }

  void complain(String line) {
    err.println(line);
    err.flush();
  }
}
