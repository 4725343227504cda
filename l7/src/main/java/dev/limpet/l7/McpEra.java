package dev.limpet.l7;

import java.util.List;

/** The eras of the Model Context Protocol (MCP): with sessions, and without. */
final class McpEra {
  private static final String VERSION = "MCP-Protocol-Version";
  private static final String FIRST_WITHOUT_SESSIONS = "2026-07-28";
  private static final String DATE = "dddd-dd-dd";

  private McpEra() {}

  /**
   * Returns whether a request is of a version without sessions: its only version is a date from
   * 2026-07-28 on. Dates are
   * compared as texts, so versions that come later are known too.
   */
  static <Q> boolean isModern(Messages<Q, ?> messages, Q request) {
    List<String> versions = messages.requestFields(request, VERSION);
    return versions.size() == 1 && isModern(versions.get(0));
  }

  private static boolean isModern(String version) {
    return isDate(version) && version.compareTo(FIRST_WITHOUT_SESSIONS) >= 0;
  }

  private static boolean isDate(String text) {
    if (text.length() != DATE.length()) {
      return false;
    }
    for (int i = 0; i < DATE.length(); i++) {
      char c = text.charAt(i);
      if (DATE.charAt(i) == '-' ? c != '-' : c < '0' || c > '9') {
        return false;
      }
    }
    return true;
  }
}
