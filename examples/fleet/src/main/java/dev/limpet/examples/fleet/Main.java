package dev.limpet.examples.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows how a fleet keeps its sessions. */
@Command(
    name = "limpet-fleet",
    description =
        "Starts a Redis and three gateways that share their sessions in it, and shows what happens"
            + " to the sessions while Redis is killed, a gateway is restarted, Redis comes back"
            + " empty, and a backend is removed.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:all is well",
      "1:a claim does not hold (with --check), or something cannot be started",
      "2:wrong arguments"
    })
public final class Main implements Callable<Integer> {
  private static final Logger VERTX =
      Logger.getLogger("io.vertx"); // a logger that is collected may lose its level
  private static final int FAILED = 1;

  @Option(names = "--check", description = "Exit with 1 unless all claims hold.")
  private boolean check;

  @Option(
      names = "--redis-server",
      paramLabel = "file",
      description = "A redis-server or valkey-server to run. Default: the included one.")
  private @Nullable File redisServer;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and exit.")
  @SuppressWarnings("UnusedVariable") // picocli uses it
  private boolean help;

  private final PrintStream out;
  private final PrintStream err;

  private Main(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /**
   * Plays the story.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    VERTX.setLevel(Level.OFF);
    System.exit(run(System.out, System.err, args));
  }

  static int run(PrintStream out, PrintStream err, String... args) {
    return new CommandLine(new Main(out, err))
        .setOut(new PrintWriter(out, true, UTF_8))
        .setErr(new PrintWriter(err, true, UTF_8))
        .execute(args);
  }

  @Override
  public Integer call() throws InterruptedException {
    try (Fleet fleet = Fleet.start(redisServer)) {
      boolean holds = new Story(fleet, out).tell();
      return (holds || !check) ? 0 : FAILED;
    } catch (IOException e) {
      err.println(e.getMessage());
      return FAILED;
    }
  }
}
