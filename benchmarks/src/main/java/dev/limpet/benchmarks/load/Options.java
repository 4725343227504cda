package dev.limpet.benchmarks.load;

import java.net.URI;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/**
 * Runs commands. A bad option ends a command with 2 and one line of the form {@code name: value
 * (expected: rule)}, where the rule is the label of the option.
 */
public final class Options {
  /** The label of numbers that {@link Count} reads. */
  public static final String COUNT = "1..1000000";

  static final String URL = "http://HOST[:PORT][/PATH]";

  private static final int MAX_COUNT = 1_000_000;

  private Options() {}

  /**
   * Returns a command that reports bad options in one line.
   *
   * @param command annotated for picocli
   */
  public static CommandLine command(Object command) {
    return new CommandLine(command).setParameterExceptionHandler((bad, args) -> {
      bad.getCommandLine().getErr().println(reason(bad));
      return CommandLine.ExitCode.USAGE;
    });
  }

  private static String reason(ParameterException bad) {
    ArgSpec argument = bad.getArgSpec();
    if (bad instanceof MissingParameterException missing) {
      return reason(missing.getMissing().get(0), "none");
    }
    return (argument == null || bad.getValue() == null)
        ? bad.getMessage() + " (expected: see --help)"
        : reason(argument, bad.getValue());
  }

  private static String reason(ArgSpec argument, String value) {
    return name(argument) + ": " + value + " (expected: " + argument.paramLabel() + ")";
  }

  private static String name(ArgSpec argument) {
    return (argument instanceof OptionSpec option) ? option.longestName() : "URL";
  }

  /** Reads a number of {@link #COUNT}. */
  public static final class Count implements ITypeConverter<Integer> {
    /** Makes a converter. */
    public Count() {}

    @Override
    public Integer convert(String value) {
      if (value.matches("\\d{1,7}")) {
        int count = Integer.parseInt(value);
        if (count >= 1 && count <= MAX_COUNT) {
          return count;
        }
      }
      throw new TypeConversionException(value);
    }
  }

  /** Reads a URL without user information. */
  static final class Url implements ITypeConverter<URI> {
    @Override
    public URI convert(String value) {
      URI url = URI.create(value);
      if ("http".equals(url.getScheme()) && url.getHost() != null) {
        return url;
      }
      throw new TypeConversionException(value);
    }
  }
}
