package dev.limpet.examples.gateway;

import java.io.PrintStream;

/**
 * The output of the gateway, one line per message.
 *
 * @param out receives events
 * @param err receives problems
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
