package dev.limpet.examples.gateway;

import dev.limpet.examples.gateway.config.FieldConfig.Form;
import dev.limpet.examples.gateway.config.StickyConfig;
import dev.limpet.examples.gateway.config.StickyType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where the types of sticky sessions keep their bindings, and which settings share them. */
final class StickyKinds {
  private StickyKinds() {}

  /** Returns whether the bindings are in a table. */
  static boolean hasTable(StickyConfig sticky) {
    return switch (sticky.type()) {
      case SOURCE_IP, APP_COOKIE, QUERY, PATH -> true;
      case HEADER -> sticky.field().form() == Form.SENT || sticky.field().form() == Form.LEARNED;
      case MCP -> sticky.field().form() == Form.LEARNED;
      default -> false;
    };
  }

  /** Returns whether the bindings are in tokens that clients keep and that name the backend. */
  static boolean hasTokens(StickyConfig sticky) {
    return switch (sticky.type()) {
      case LB_COOKIE, PREFIX_COOKIE -> true;
      case ROUTE_SUFFIX -> sticky.field().suffix().appendRoute();
      default -> !hasTable(sticky);
    };
  }

  /** Returns whether only a holder of the gateway's keys can make a token. */
  static boolean hasAuthenticTokens(StickyConfig sticky) {
    return sticky.type() != StickyType.ROUTE_SUFFIX;
  }

  /** Returns whether a request can begin a session, and not only the response to it. */
  static boolean beginsByRequest(StickyConfig sticky) {
    return switch (sticky.type()) {
      case SOURCE_IP, LB_COOKIE, QUERY, PATH -> true;
      case HEADER -> sticky.field().form() == Form.SENT || sticky.field().form() == Form.ISSUED;
      default -> false;
    };
  }

  /** Returns whether a session's token is an id of its application, encrypted with the backend. */
  static boolean isSealed(StickyConfig sticky) {
    return switch (sticky.type()) {
      case HEADER, MCP -> sticky.field().form() == Form.SEALED;
      default -> false;
    };
  }

  /** Returns whether a session's token refers to its backend for good. */
  static boolean isOfBackend(StickyConfig sticky) {
    return isSealed(sticky) || sticky.type() == StickyType.PREFIX_COOKIE;
  }

  /** Returns whether bindings in a table keep their meaning under other settings. */
  static boolean shareTable(@Nullable StickyConfig one, @Nullable StickyConfig other) {
    return one != null && other != null && hasTable(one) && hasTable(other) && areAlike(one, other);
  }

  /** Returns whether tokens keep their meaning under other settings. */
  static boolean shareTokens(@Nullable StickyConfig one, @Nullable StickyConfig other) {
    return one != null
        && other != null
        && hasTokens(one)
        && hasTokens(other)
        && areAlike(one, other)
        && one.cookie().hasNameOf(other.cookie());
  }

  private static boolean areAlike(StickyConfig one, StickyConfig other) {
    return one.type() == other.type()
        && one.field().equals(other.field())
        && Objects.equals(one.session().cookieName(), other.session().cookieName());
  }

  /** Returns whether sessions begin and end at the same times under other settings. */
  static boolean shareTimes(StickyConfig one, StickyConfig other) {
    return one.session().duration().equals(other.session().duration())
        && one.session().mode() == other.session().mode()
        && Objects.equals(one.session().maxDuration(), other.session().maxDuration());
  }

  /** Returns the tokens as a sentence names them. */
  static String tokens(StickyConfig sticky) {
    return switch (sticky.type()) {
      case LB_COOKIE -> "LB cookies";
      case PREFIX_COOKIE -> "Prefixes of cookies";
      case ROUTE_SUFFIX -> "Routes in session ids";
      default -> "Tokens in header fields";
    };
  }
}
