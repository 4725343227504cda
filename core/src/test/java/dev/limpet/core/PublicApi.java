package dev.limpet.core;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Compares a module's public API with the listing of it that is committed. */
public final class PublicApi {
  private static final Path CLASSES = Path.of("target", "classes");
  private static final Path LISTING = Path.of("src", "test", "resources", "public-api.txt");
  private static final String ACCEPT = "public-api.accept";
  private static final String INDENT = "  ";
  private static final Pattern NAMED =
      Pattern.compile("\\b(?:class|interface|enum|record|package|module) ([\\w.]+)");

  private PublicApi() {}

  /**
   * Fails if the API of the module in the working directory is not the committed one. If the
   * system property {@code public-api.accept} is true, this writes the new listing and still fails,
   * so that a build that always sets the property cannot hide a change.
   *
   * @param module how Maven's {@code -pl} names the module
   */
  public static void check(String module) throws IOException {
    check(module, CLASSES, LISTING, Boolean.getBoolean(ACCEPT));
  }

  static void check(String module, Path classes, Path listing, boolean isAccepted)
      throws IOException {
    List<String> now = of(classes);
    List<String> committed = Files.exists(listing) ? Files.readAllLines(listing) : List.of();
    List<String> changes = changes(committed, now);
    if (changes.isEmpty()) {
      return;
    }
    String changed = changes.stream().collect(joining("\n", ":\n\n", "\n\n"));
    if (isAccepted) {
      Files.createDirectories(listing.getParent());
      Files.writeString(listing, String.join("\n", now) + "\n");
      throw new AssertionError(module + ": these changes of the public API are now in " + listing
          + changed + "Run the test again without -D" + ACCEPT + ".");
    }
    throw new AssertionError(module + ": the public API differs from " + listing + changed
        + "If this is intended, accept it:\n\n  mvn test -fn -am -pl " + module
        + " -Dtest=PublicApiTest -D" + ACCEPT + "=true\n");
  }

  /** Returns the public API of the module whose classes are in a directory. */
  static List<String> of(Path classes) throws IOException {
    URL[] location = {classes.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(location, PublicApi.class.getClassLoader())) {
      return new ApiListing(classes, loader).lines();
    }
  }

  /** Returns the lines that were removed and added, below the name of the type that they are of. */
  static List<String> changes(List<String> before, List<String> after) {
    Map<String, Set<String>> old = byType(before);
    Map<String, Set<String>> now = byType(after);
    Set<String> types = new TreeSet<>(old.keySet());
    types.addAll(now.keySet());
    List<String> changes = new ArrayList<>();
    for (String type : types) {
      Set<String> there = old.getOrDefault(type, Set.of());
      Set<String> here = now.getOrDefault(type, Set.of());
      List<String> changed =
          Stream.concat(without(there, here, "- "), without(here, there, "+ ")).toList();
      if (!changed.isEmpty()) {
        changes.add(type);
        changes.addAll(changed);
      }
    }
    return changes;
  }

  private static Stream<String> without(Set<String> lines, Set<String> others, String sign) {
    return lines.stream()
        .filter(line -> !others.contains(line))
        .map(line -> INDENT + sign + line.strip());
  }

  private static Map<String, Set<String>> byType(List<String> lines) {
    Map<String, Set<String>> byType = new TreeMap<>();
    String type = "";
    for (String line : lines) {
      if (line.isEmpty()) {
        continue;
      }
      if (!line.startsWith(INDENT)) {
        Matcher named = NAMED.matcher(line);
        type = named.find() ? named.group(1) : line;
      }
      byType.computeIfAbsent(type, any -> new LinkedHashSet<>()).add(line);
    }
    return byType;
  }
}
