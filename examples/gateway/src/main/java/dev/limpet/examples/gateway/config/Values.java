package dev.limpet.examples.gateway.config;

import dev.limpet.core.Backend;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Readers of values that several settings have. */
final class Values {
  static final int MAX_PORT = 65_535;
  static final String NAME_RULE = "1..64 of [A-Za-z0-9._-]";
  static final String DURATION_RULE = "a whole number of up to 12 digits and ms, s, m, h or d";
  static final String ADDRESS_RULE = "host:port or [IPv6]:port, port 1.." + MAX_PORT;
  static final String ID_RULE = "1..128 printable ASCII characters, none of @ < > & \" '";

  private static final String HOST_RULE = "a host's name or address";
  private static final String CIDR_RULE =
      "an IPv4 or IPv6 address and a prefix, such as 10.0.0.0/8";
  private static final String PATH_RULE = "a path";
  private static final String FILE_RULE = "a readable file";
  private static final String FOLDER_RULE = "a writable folder";

  private static final Duration MAX_WAIT = Duration.ofDays(1);
  private static final Pattern ID = Pattern.compile("[ -~&&[^@<>&\"']]{1,128}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private Values() {}

  static @Nullable String name(Setting setting) {
    String text = setting.text(NAME_RULE);
    if (text == null) {
      return null;
    }
    return setting.orRefuse(NAME.matcher(text).matches() ? text : null, NAME_RULE);
  }

  /** Reads an id that {@link Backend} accepts, and that is no markup wherever it is shown. */
  static @Nullable String id(Setting setting) {
    String text = setting.text(ID_RULE);
    return (text == null)
        ? null
        : setting.orRefuse(ID.matcher(text).matches() ? text : null, ID_RULE);
  }

  static @Nullable Duration duration(Setting setting) {
    String text = setting.form(Durations.FORM, DURATION_RULE);
    return (text == null) ? null : Durations.parse(text);
  }

  /** Reads a time to wait for something. */
  static @Nullable Duration wait(Setting setting) {
    Duration wait = duration(setting);
    if (wait == null) {
      return null;
    }
    boolean inRange = !wait.isZero() && wait.compareTo(MAX_WAIT) <= 0;
    return setting.orRefuse(inRange ? wait : null, "1ms..1d");
  }

  static @Nullable HostPort address(Setting setting) {
    String text = setting.text(ADDRESS_RULE);
    return (text == null) ? null : setting.orRefuse(HostPort.parse(text), ADDRESS_RULE);
  }

  static @Nullable String host(Setting setting) {
    String text = setting.text(HOST_RULE);
    return (text == null) ? null : setting.orRefuse(HostPort.host(text), HOST_RULE);
  }

  static @Nullable Integer port(Setting setting) {
    return setting.number(0, MAX_PORT);
  }

  static @Nullable Cidr cidr(Setting setting) {
    String text = setting.text(CIDR_RULE);
    if (text == null) {
      return null;
    }
    Cidr block = setting.orRefuse(Cidr.parse(text), CIDR_RULE);
    if (block == null) {
      return null;
    }
    Cidr masked = block.masked();
    return setting.orRefuse(
        masked.equals(block) ? block : null, masked + ", or " + IpLiteral.text(block.network()));
  }

  /** Reads the path of a file, relative to a folder. */
  static @Nullable Path file(Setting setting, Path folder) {
    return path(setting, folder, FILE_RULE, it -> Files.isRegularFile(it) && Files.isReadable(it));
  }

  /** Reads the path of a folder that can be written to, relative to another folder. */
  static @Nullable Path folder(Setting setting, Path folder) {
    return path(setting, folder, FOLDER_RULE, it -> Files.isDirectory(it) && Files.isWritable(it));
  }

  /** Reads a path, relative to a folder. There may be nothing at it. */
  static @Nullable Path path(Setting setting, Path folder) {
    return path(setting, folder, PATH_RULE, it -> true);
  }

  private static @Nullable Path path(
      Setting setting, Path folder, String rule, Predicate<Path> isFit) {
    String text = setting.text(rule);
    if (text == null) {
      return null;
    }
    try {
      Path path = folder.resolve(text);
      return setting.orRefuse(isFit.test(path) ? path : null, rule);
    } catch (InvalidPathException | SecurityException e) {
      return setting.orRefuse(null, rule);
    }
  }
}
