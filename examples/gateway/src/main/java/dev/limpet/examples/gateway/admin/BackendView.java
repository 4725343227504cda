package dev.limpet.examples.gateway.admin;

import dev.limpet.core.Ejection;
import dev.limpet.core.Member;
import dev.limpet.examples.gateway.config.Spelled;
import dev.limpet.examples.gateway.operate.Quantity;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A backend, its state and the cause of the state.
 *
 * @param member the backend in its pool
 * @param sessions the sessions that it has; null if they are not counted
 * @param now the time of day
 * @param zone the time zone of the operators
 */
record BackendView(Member member, @Nullable Long sessions, Instant now, ZoneId zone) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  JsonObject json() {
    Ejection ejection = (member.state() == Member.State.EJECTED) ? member.ejection() : null;
    return new JsonObject()
        .put("id", member.backend().id())
        .put("address", member.backend().authority())
        .put("scheme", member.backend().scheme())
        .put("weight", member.backend().weight())
        .put("tier", member.backend().tier())
        .put("maxConnections", member.backend().maxConnections())
        .put("drain", member.draining())
        .put("state", Spelled.of(member.state()))
        .put("cause", cause())
        .put("text", text())
        .put("until", (ejection == null) ? null : until(ejection).toEpochMilli())
        .put("times", (ejection == null) ? null : ejection.times());
  }

  private @Nullable String cause() {
    return switch (member.state()) {
      case DRAINING -> member.draining() ? "operator" : "weight";
      case DOWN -> "check";
      case EJECTED -> "requests";
      default -> null;
    };
  }

  private String text() {
    return switch (member.state()) {
      case DRAINING -> (member.draining() ? "draining: " : "weight 0: ") + left();
      case DOWN -> "down by its health check";
      case EJECTED -> ejected(member.ejection());
      default ->
        isAtCapacity()
            ? "at capacity: " + Quantity.of(member.load().connections(), "connection")
            : "takes new sessions";
    };
  }

  private boolean isAtCapacity() {
    int most = member.backend().maxConnections();
    return most > 0 && member.load().connections() >= most;
  }

  private String left() {
    return (sessions == null)
        ? "takes no new sessions"
        : Quantity.of(sessions, "session") + " left";
  }

  private String ejected(@Nullable Ejection ejection) {
    if (ejection == null) {
      return "ejected because requests to it failed";
    }
    String when = ejection.remaining().isZero()
        ? "ejected until a request to it succeeds"
        : "ejected until " + TIME.withZone(zone).format(until(ejection));
    return when + ", " + ordinal(ejection.times()) + " time";
  }

  private Instant until(Ejection ejection) {
    return now.plus(ejection.remaining());
  }

  /** Returns a number as an ordinal, such as {@code 2nd}. */
  static String ordinal(int number) {
    int tens = number % 100;
    if (tens >= 11 && tens <= 13) {
      return number + "th";
    }
    return number
        + switch (number % 10) {
          case 1 -> "st";
          case 2 -> "nd";
          case 3 -> "rd";
          default -> "th";
        };
  }
}
