package dev.limpet.examples.gateway.config;

import dev.limpet.core.Environment;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Pool;
import dev.limpet.core.TableFactory;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.examples.gateway.config.FieldConfig.Form;
import dev.limpet.examples.gateway.config.FieldConfig.Suffix;
import dev.limpet.l7.CookieKeys;
import dev.limpet.l7.HeaderAffinity;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpKey;
import dev.limpet.l7.McpAffinity;
import dev.limpet.l7.PrefixCookieAffinity;
import dev.limpet.l7.RouteSuffixAffinity;
import org.jspecify.annotations.Nullable;

/**
 * Makes the affinities of the custom types.
 *
 * @param pool the pool of the sessions
 * @param access reads and changes requests and responses
 * @param environment the secret and the clocks
 * @param keys the keys of tokens; null for those of the environment
 * @param table makes the table of types that have one
 */
public record FieldAffinities<Q, S>(
    Pool pool,
    HttpAccess<Q, S> access,
    Environment environment,
    @Nullable CookieKeys keys,
    TableFactory table) {

  /**
   * Returns an affinity of a custom type.
   *
   * @throws IllegalArgumentException if the type is not custom, or the library refuses a setting
   */
  public HttpAffinity<Q, S> of(StickyConfig sticky) {
    FieldConfig field = sticky.field();
    return switch (sticky.type()) {
      case ROUTE_SUFFIX -> routeSuffix(field.name(), field.suffix());
      case PREFIX_COOKIE -> prefixCookie(sticky, field.name());
      case HEADER ->
        (field.form() == Form.SENT)
            ? byKey(sticky, HttpKey.header(access, field.name()))
            : header(sticky, field, header(field));
      case MCP -> header(sticky, field, mcp(field.form() == Form.LEARNED));
      case QUERY -> byKey(sticky, HttpKey.query(access, field.name()));
      case PATH -> byKey(sticky, HttpKey.pathParameter(access, field.name()));
      default ->
        throw new IllegalArgumentException("type: " + sticky.type() + " (expected: a custom type)");
    };
  }

  private HttpAffinity<Q, S> routeSuffix(String cookieName, Suffix suffix) {
    return RouteSuffixAffinity.builder(access)
        .environment(environment)
        .cookieName(cookieName)
        .pathParameter(suffix.pathParameter())
        .cookieFirst(suffix.cookieFirst())
        .separator(suffix.separator())
        .ranked(suffix.ranked())
        .appendRoute(suffix.appendRoute())
        .build();
  }

  private HttpAffinity<Q, S> prefixCookie(StickyConfig sticky, String cookieName) {
    var builder = PrefixCookieAffinity.builder(pool, access, cookieName)
        .environment(environment)
        .duration(sticky.session().duration())
        .encrypted(sticky.cookie().encrypted());
    if (keys != null) {
      builder.keys(keys);
    }
    return builder.build();
  }

  private HttpAffinity<Q, S> header(
      StickyConfig sticky, FieldConfig field, HeaderAffinity.Builder<Q, S> builder) {
    if (keys != null && field.form().isToken()) {
      builder.keys(keys);
    }
    return builder.environment(environment).session(sticky.session()).build();
  }

  private HeaderAffinity.Builder<Q, S> mcp(boolean isLearned) {
    return isLearned ? McpAffinity.learned(access, table) : McpAffinity.sealed(pool, access);
  }

  private HeaderAffinity.Builder<Q, S> header(FieldConfig field) {
    return switch (field.form()) {
      case LEARNED -> HeaderAffinity.learned(access, field.name()).table(table);
      case SEALED -> HeaderAffinity.sealed(pool, access, field.name());
      case ISSUED -> HeaderAffinity.issued(pool, access, field.name());
      case SENT -> throw new IllegalArgumentException("form: sent (expected: another form)");
    };
  }

  private HttpAffinity<Q, S> byKey(StickyConfig sticky, KeyExtractor<Q> key) {
    KeyAffinity<Q> affinity = KeyAffinity.<Q>builder(key)
        .session(sticky.session())
        .environment(environment)
        .table(table)
        .build();
    return HttpAffinity.of(affinity, access);
  }
}
