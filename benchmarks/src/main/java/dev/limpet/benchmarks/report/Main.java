package dev.limpet.benchmarks.report;

import java.io.UncheckedIOException;

/** Runs the programs of this package and determines their exit status. */
final class Main {
  private Main() {}

  /**
   * Runs a program. Exits with 2 and a reason in one line if its arguments or its input are not as
   * expected, and with 1 if it cannot write.
   *
   * @param args the arguments
   * @param usage the expected arguments
   * @param min the minimum number of arguments
   * @param max the maximum number of arguments
   * @param program the program
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
