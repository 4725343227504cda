package dev.limpet.examples.gateway.config;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the session's id is in a request, for the types that no profile limits.
 *
 * @param name the name of the header field, the parameter or the cookie; empty if the type has none
 * @param form what becomes of an id in a header field
 * @param suffix how a route follows an id
 */
public record FieldConfig(String name, Form form, Suffix suffix) {
  private static final List<String> SEPARATORS = List.of(".", "!", "~", "-", "_", ":");
  private static final String NONE = "none";
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}");
  private static final Pattern VISIBLE = Pattern.compile("[!-~]{1,256}");
  private static final String TOKEN_RULE = "an HTTP token of 1..256 characters";
  private static final String VISIBLE_RULE = "1..256 printable ASCII characters without spaces";

  /** What becomes of an id in a header field. */
  public enum Form {
    /** The application sets the field, and the gateway remembers it. */
    LEARNED,
    /** The application sets the field, and the gateway encrypts it together with the backend. */
    SEALED,
    /** The gateway sets the field. */
    ISSUED,
    /** The client sets the field, and its value is the key of the session. */
    SENT;

    /** Returns whether clients keep a token that the gateway made. */
    boolean isToken() {
      return this == SEALED || this == ISSUED;
    }

    /** Returns the form as the file spells it. */
    @Override
    public String toString() {
      return Spelled.of(this);
    }
  }

  /**
   * How a route follows an id.
   *
   * @param pathParameter the parameter of the path that has both; null if the path is not read
   * @param cookieFirst whether the cookie counts before the path
   * @param separator the character between the id and the route
   * @param ranked whether several routes may follow, the best first
   * @param appendRoute whether the gateway adds the route to an id that has none
   */
  public record Suffix(
      @Nullable String pathParameter,
      boolean cookieFirst,
      char separator,
      boolean ranked,
      boolean appendRoute) {}

  /** Reads the keys of a {@code stickySession}; null if one of them cannot be read. */
  static @Nullable FieldConfig read(Section section, StickyType type) {
    String name = name(section, type);
    Form form = section.optional("form", defaultForm(type), value -> form(value, type));
    Suffix suffix = suffix(section);
    return (name == null || form == null || suffix == null)
        ? null
        : new FieldConfig(name, form, suffix);
  }

  private static @Nullable String name(Section section, StickyType type) {
    return switch (type) {
      case HEADER -> section.required("header", TOKEN_RULE, FieldConfig::token);
      case ROUTE_SUFFIX -> section.optional("cookieName", "JSESSIONID", FieldConfig::token);
      case PREFIX_COOKIE -> section.required("cookieName", TOKEN_RULE, FieldConfig::token);
      case QUERY, PATH -> section.required("parameter", VISIBLE_RULE, FieldConfig::visible);
      default -> "";
    };
  }

  private static Form defaultForm(StickyType type) {
    return (type == StickyType.MCP) ? Form.SEALED : Form.LEARNED;
  }

  private static @Nullable Form form(Setting setting, StickyType type) {
    return (type == StickyType.MCP)
        ? setting.choice(List.of(Form.SEALED, Form.LEARNED))
        : setting.choice(Form.values());
  }

  private static @Nullable Suffix suffix(Section section) {
    String parameter = section.optional("pathParameter", "jsessionid", FieldConfig::token);
    Boolean cookieFirst = section.optional("cookieFirst", false, Setting::flag);
    String separator = section.optional("separator", ".", value -> value.choice(SEPARATORS));
    Boolean ranked = section.optional("ranked", false, Setting::flag);
    Boolean appendRoute = section.optional("appendRoute", false, Setting::flag);
    if (parameter == null
        || cookieFirst == null
        || separator == null
        || ranked == null
        || appendRoute == null) {
      return null;
    }
    return new Suffix(
        parameter.equals(NONE) ? null : parameter,
        cookieFirst,
        separator.charAt(0),
        ranked,
        appendRoute);
  }

  private static @Nullable String token(Setting setting) {
    return matching(setting, TOKEN, TOKEN_RULE);
  }

  private static @Nullable String visible(Setting setting) {
    return matching(setting, VISIBLE, VISIBLE_RULE);
  }

  private static @Nullable String matching(Setting setting, Pattern form, String rule) {
    String text = setting.text(rule);
    return (text == null)
        ? null
        : setting.orRefuse(form.matcher(text).matches() ? text : null, rule);
  }
}
