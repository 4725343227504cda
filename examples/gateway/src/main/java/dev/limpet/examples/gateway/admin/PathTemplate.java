package dev.limpet.examples.gateway.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A path with names in braces, such as {@code /api/pools/{pool}}. A name stands for one segment,
 * which is not empty. Everything else is compared as it is, so each path has one spelling.
 */
final class PathTemplate {
  private static final String SLASH = "/";
  private static final int HEX = 16;

  private final String text;
  private final List<String> segments;

  private PathTemplate(String text) {
    this.text = text;
    this.segments = segments(text);
  }

  static PathTemplate of(String text) {
    return new PathTemplate(text);
  }

  /**
   * Returns the decoded segments that the names stand for; null if the path does not match, or a
   * segment is not percent-encoded UTF-8.
   */
  @Nullable
  Map<String, String> match(String path) {
    List<String> given = segments(path);
    if (given.size() != segments.size()) {
      return null;
    }
    Map<String, String> names = new LinkedHashMap<>();
    for (int i = 0; i < given.size(); i++) {
      if (!matches(segments.get(i), given.get(i), names)) {
        return null;
      }
    }
    return names;
  }

  private static boolean matches(String expected, String given, Map<String, String> names) {
    if (!expected.startsWith("{")) {
      return expected.equals(given);
    }
    String decoded = decode(given);
    if (decoded == null || decoded.isEmpty()) {
      return false;
    }
    names.put(expected.substring(1, expected.length() - 1), decoded);
    return true;
  }

  private static List<String> segments(String path) {
    return List.of(path.split(SLASH, -1));
  }

  private static @Nullable String decode(String segment) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      int octet = (c == '%') ? octet(segment, i) : c;
      if (octet < 0 || octet > 0xff) {
        return null;
      }
      bytes.write(octet);
      i += (c == '%') ? 2 : 0;
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static int octet(String segment, int at) {
    if (at + 2 >= segment.length()) {
      return -1;
    }
    int high = Character.digit(segment.charAt(at + 1), HEX);
    int low = Character.digit(segment.charAt(at + 2), HEX);
    return (high < 0 || low < 0) ? -1 : high * HEX + low;
  }

  /** Returns the text of the template. */
  @Override
  public String toString() {
    return text;
  }
}
