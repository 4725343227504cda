package dev.limpet.examples.gateway.config;

import dev.limpet.core.StickySession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values of a {@code stickySession}, as the file would spell them: its type, its duration and
 * its mode, and the other settings that differ from their defaults.
 */
final class StickyValues {
  private final StickyType type;
  private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

  private StickyValues(StickyConfig sticky) {
    this.type = sticky.type();
    values.put("type", type.toString());
    session(sticky.session());
    if (sticky.quota() != null) {
      values.put("quota", sticky.quota());
    }
    putIfPresent("ipv6Prefix", sticky.ipv6Prefix());
    cookie(sticky.cookie());
    field(sticky.field());
  }

  /** Returns the values of {@link StickyConfig#settings}. */
  static Map<String, @Nullable Object> of(StickyConfig sticky) {
    return new StickyValues(sticky).values;
  }

  static List<ConfigDifference> differences(
      ConfigPath path, @Nullable StickyConfig before, @Nullable StickyConfig after) {
    if (Objects.equals(before, after)) {
      return List.of();
    }
    if (before == null || after == null) {
      return List.of(ConfigDifference.of(path, shown(before), shown(after)));
    }
    Map<String, String> was = texts(of(before));
    Map<String, String> is = texts(of(after));
    Set<String> keys = new LinkedHashSet<>(was.keySet());
    keys.addAll(is.keySet());
    List<ConfigDifference> found = new ArrayList<>();
    for (String key : keys) {
      if (!Objects.equals(was.get(key), is.get(key))) {
        found.add(ConfigDifference.of(path.then(key), was.get(key), is.get(key)));
      }
    }
    return found.isEmpty() ? List.of(new ConfigDifference(path, "changed")) : found;
  }

  private static @Nullable String shown(@Nullable StickyConfig sticky) {
    return (sticky == null) ? null : YamlFlow.text(texts(of(sticky)));
  }

  private static Map<String, String> texts(Map<String, @Nullable Object> values) {
    Map<String, String> texts = new LinkedHashMap<>();
    values.forEach((key, value) -> {
      if (value != null) {
        texts.put(key, text(value));
      }
    });
    return texts;
  }

  private static String text(Object value) {
    return (value instanceof QuotaConfig quota) ? quota.toText() : value.toString();
  }

  private void session(StickySession session) {
    Duration most = session.maxDuration();
    put("duration", Durations.spelled(session.duration()));
    put("mode", Spelled.of(session.mode()));
    put("maxDuration", (most == null) ? null : Durations.spelled(most));
    put("cookieName", session.cookieName());
  }

  private void cookie(LbCookieConfig cookie) {
    LbCookieConfig standard = LbCookieConfig.DEFAULT;
    putUnless(standard.encrypted(), "encrypted", cookie.encrypted());
    putIfPresent("secure", cookie.secure());
    putUnless(standard.path(), "path", cookie.path());
    putIfPresent("domain", cookie.domain());
    putUnless(Spelled.of(standard.sameSite()), "sameSite", Spelled.of(cookie.sameSite()));
    putIfPresent("hostPrefix", cookie.hostPrefix());
    putUnless(standard.partitioned(), "partitioned", cookie.partitioned());
  }

  private void field(FieldConfig field) {
    switch (type) {
      case HEADER -> put("header", field.name());
      case QUERY, PATH -> put("parameter", field.name());
      case PREFIX_COOKIE, ROUTE_SUFFIX -> put("cookieName", field.name());
      default -> {}
    }
    put("form", field.form().toString());
    FieldConfig.Suffix suffix = field.suffix();
    put("pathParameter", Objects.requireNonNullElse(suffix.pathParameter(), "none"));
    put("cookieFirst", suffix.cookieFirst());
    put("separator", String.valueOf(suffix.separator()));
    put("ranked", suffix.ranked());
    put("appendRoute", suffix.appendRoute());
  }

  private void putUnless(Object standard, String key, Object value) {
    if (!value.equals(standard)) {
      put(key, value);
    }
  }

  private void putIfPresent(String key, @Nullable Object value) {
    if (value != null) {
      put(key, value);
    }
  }

  /** Puts a value, if its key has a meaning with the type. */
  private void put(String key, @Nullable Object value) {
    if (type.has(key)) {
      values.put(key, value);
    }
  }
}
