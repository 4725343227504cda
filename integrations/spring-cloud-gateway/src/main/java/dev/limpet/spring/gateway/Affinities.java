package dev.limpet.spring.gateway;

import static java.util.Objects.requireNonNullElse;

import dev.limpet.core.Environment;
import dev.limpet.core.Fault;
import dev.limpet.core.FaultException;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Pool;
import dev.limpet.core.TableFactory;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.l4.SourceIpAffinity;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.CookieKeys;
import dev.limpet.l7.HeaderAffinity;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpKey;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.l7.McpAffinity;
import dev.limpet.l7.PrefixCookieAffinity;
import dev.limpet.l7.RouteSuffixAffinity;
import dev.limpet.l7.SameSite;
import java.net.InetAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes the affinity that properties describe.
 *
 * @param pool the pool of the sessions
 * @param access reads and changes requests and responses
 * @param client returns the address of a request's client
 * @param keys the keys of tokens; null for those of the environment
 * @param shared makes the table; null for one of this process
 */
record Affinities<Q, S>(
    Pool pool,
    HttpAccess<Q, S> access,
    Function<Q, @Nullable InetAddress> client,
    @Nullable CookieKeys keys,
    @Nullable TableFactory shared) {
  private static final String ROOT = "/";
  private static final String NO_PATH_PARAMETER = "none";

  /**
   * Returns the affinity.
   *
   * @throws IllegalArgumentException if the library refuses a property
   */
  HttpAffinity<Q, S> of(StickyProperties sticky) {
    return switch (sticky.type()) {
      case SOURCE_IP -> sourceIp(sticky);
      case LB_COOKIE -> lbCookie(sticky);
      case APP_COOKIE -> appCookie(sticky);
      case ROUTE_SUFFIX -> routeSuffix(sticky);
      case PREFIX_COOKIE -> prefixCookie(sticky);
      case HEADER -> header(sticky);
      case MCP -> token(sticky, mcp(sticky));
      case QUERY -> byKey(sticky, HttpKey.query(access, name("parameter", sticky.parameter())));
      case PATH ->
        byKey(sticky, HttpKey.pathParameter(access, name("parameter", sticky.parameter())));
    };
  }

  private HttpAffinity<Q, S> sourceIp(StickyProperties sticky) {
    SourceIpAffinity.Builder<Q> builder = SourceIpAffinity.builder(client)
        .session(sticky.session())
        .environment(environment())
        .table(table());
    if (sticky.quota() != null) {
      builder.quota(sticky.quota().quota());
    }
    if (sticky.ipv6Prefix() != null) {
      builder.ipv6Prefix(sticky.ipv6Prefix());
    }
    return HttpAffinity.of(builder.build(), access);
  }

  private HttpAffinity<Q, S> lbCookie(StickyProperties sticky) {
    boolean isNeverSecure = Boolean.FALSE.equals(sticky.secure());
    boolean isSecure = is(sticky.secure());
    String path = requireNonNullElse(sticky.path(), ROOT);
    boolean isOfHost = isSecure && sticky.domain() == null && path.equals(ROOT);
    var builder = LbCookieAffinity.builder(
            pool, isNeverSecure ? new SecuredAccess<>(access, request -> false) : access)
        .session(sticky.session())
        .environment(environment())
        .encrypted(is(sticky.encrypted()))
        .secure(isSecure)
        .hostPrefix(requireNonNullElse(sticky.hostPrefix(), isOfHost))
        .path(path)
        .sameSite(requireNonNullElse(sticky.sameSite(), SameSite.LAX))
        .partitioned(is(sticky.partitioned()));
    if (sticky.domain() != null) {
      builder.domain(sticky.domain());
    }
    if (keys != null) {
      builder.keys(keys);
    }
    return builder.build();
  }

  private HttpAffinity<Q, S> appCookie(StickyProperties sticky) {
    name("cookieName", sticky.cookieName());
    return AppCookieAffinity.builder(access)
        .session(sticky.session())
        .environment(environment())
        .table(table())
        .build();
  }

  private HttpAffinity<Q, S> routeSuffix(StickyProperties sticky) {
    var builder = RouteSuffixAffinity.builder(access)
        .environment(environment())
        .cookieFirst(is(sticky.cookieFirst()))
        .ranked(is(sticky.ranked()))
        .appendRoute(is(sticky.appendRoute()));
    if (sticky.cookieName() != null) {
      builder.cookieName(sticky.cookieName());
    }
    if (sticky.pathParameter() != null) {
      String parameter = sticky.pathParameter();
      builder.pathParameter(parameter.equals(NO_PATH_PARAMETER) ? null : parameter);
    }
    if (sticky.separator() != null) {
      builder.separator(character(sticky.separator()));
    }
    return builder.build();
  }

  private HttpAffinity<Q, S> prefixCookie(StickyProperties sticky) {
    String cookie = name("cookieName", sticky.cookieName());
    var builder = PrefixCookieAffinity.builder(pool, access, cookie)
        .environment(environment())
        .duration(sticky.session().duration())
        .encrypted(is(sticky.encrypted()));
    if (keys != null) {
      builder.keys(keys);
    }
    return builder.build();
  }

  private HttpAffinity<Q, S> header(StickyProperties sticky) {
    String name = name("header", sticky.header());
    return switch (sticky.formOrDefault()) {
      case LEARNED -> token(sticky, HeaderAffinity.learned(access, name).table(table()));
      case SEALED -> token(sticky, HeaderAffinity.sealed(pool, access, name));
      case ISSUED -> token(sticky, HeaderAffinity.issued(pool, access, name));
      case SENT -> byKey(sticky, HttpKey.header(access, name));
    };
  }

  private HeaderAffinity.Builder<Q, S> mcp(StickyProperties sticky) {
    return sticky.isToken()
        ? McpAffinity.sealed(pool, access)
        : McpAffinity.learned(access, table());
  }

  private HttpAffinity<Q, S> token(StickyProperties sticky, HeaderAffinity.Builder<Q, S> builder) {
    if (keys != null && sticky.isToken()) {
      builder.keys(keys);
    }
    return builder.environment(environment()).session(sticky.session()).build();
  }

  private HttpAffinity<Q, S> byKey(StickyProperties sticky, KeyExtractor<Q> key) {
    KeyAffinity<Q> affinity = KeyAffinity.<Q>builder(key)
        .session(sticky.session())
        .environment(environment())
        .table(table())
        .build();
    return HttpAffinity.of(affinity, access);
  }

  private TableFactory table() {
    return (shared != null)
        ? shared
        : (session, environment) ->
            CompactStickyTable.of(session, KeyAffinity.DEFAULT_CAPACITY, environment.clock());
  }

  private Environment environment() {
    return pool.environment();
  }

  private static boolean is(@Nullable Boolean value) {
    return Boolean.TRUE.equals(value);
  }

  private static String name(String setting, @Nullable String name) {
    if (name == null) {
      throw new FaultException(Fault.of(setting, "absent", "a name"));
    }
    return name;
  }

  private static char character(String separator) {
    if (separator.length() != 1) {
      throw new FaultException(Fault.of("separator", separator, "one of . ! ~ - _ :"));
    }
    return separator.charAt(0);
  }
}
