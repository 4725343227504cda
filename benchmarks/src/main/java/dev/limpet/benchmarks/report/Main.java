package dev.limpet.benchmarks.report;

import java.io.UncheckedIOException;

/** How the programs of this package begin and end. */
final class Main {
  private Main() {}

  /**
   * Runs a program. Exits with 2 and one line of reason if its arguments or its input are not as
   * they should be, and with 1 if it cannot write.
   *
   * @param args the arguments
   * @param usage what they are to be
   * @param min how many there are at least
   * @param max how many there are at most
   * @param program what to do
   */
  static void run(String[] args, String usage, int min, int max, Runnable program) {
    if (args.length < min || args.length > max) {
      end("arguments: " + args.length + " (expected: " + usage + ")", 2);
    }
    try {
      program.run();
    } catch (BadInput | NumberFormatException e) {
      end(String.valueOf(e.getMessage()), 2);
    } catch (UncheckedIOException e) {
      end(String.valueOf(e.getMessage()), 1);
    }
  }

  private static void end(String reason, int status) {
    System.err.println(reason);
    System.exit(status);
  }
}
