package dev.limpet.examples.gateway;

import java.nio.file.Path;
import java.security.Security;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Starts the gateway. */
@Command(
    name = "limpet-gateway",
    description = "A reverse proxy for HTTP and TCP with sticky sessions.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:all is well",
      "1:a claim of the demo does not hold, or a listener cannot listen",
      "2:faulty configuration",
      "130, 143:stopped by Ctrl-C, by SIGTERM"
    })
public final class Main implements Callable<Integer> {
  private static final List<Logger> LIBRARIES = // a logger that is collected may lose its level
      List.of(Logger.getLogger("io.vertx"), Logger.getLogger("io.lettuce"));

  private static final List<String> LOOKUP_CACHES =
      List.of("networkaddress.cache.ttl", "networkaddress.cache.negative.ttl");

  @Parameters(
      arity = "0..1",
      paramLabel = "config.yaml",
      description =
          "Configuration, read again when it changes. Without it: a demo with built-in backends.")
  private @Nullable Path config;

  @Option(
      names = "--check",
      description =
          "Exit when the demo's story has been told, or the configured listeners have started.")
  private boolean check;

  @Option(
      names = "--writable",
      description = "Write the changes that operators make to config.yaml, too.")
  private boolean writable;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and exit.")
  @SuppressWarnings("UnusedVariable") // picocli uses it
  private boolean help;

  @Spec
  private @Nullable CommandSpec command;

  private final Console console;

  private Main(Console console) {
    this.console = console;
  }

  /**
   * Runs the gateway until it is stopped.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    LIBRARIES.forEach(logger -> logger.setLevel(Level.OFF)); // the gateway reports what matters
    LOOKUP_CACHES.forEach(
        cache -> Security.setProperty(cache, "1")); // in seconds, so that moved names are found
    System.exit(run(new Console(System.out, System.err), args));
  }

  static int run(Console console, String... args) {
    return new CommandLine(new Main(console)).execute(args);
  }

  @Override
  public Integer call() throws InterruptedException {
    if (config != null) {
      return new FileRun(new ConfigFile(config, writable), console).run(check);
    }
    if (writable && command != null) {
      throw new ParameterException(
          command.commandLine(), "--writable: without a file (expected: config.yaml to write to)");
    }
    return new DemoRun(console).run(check);
  }
}
