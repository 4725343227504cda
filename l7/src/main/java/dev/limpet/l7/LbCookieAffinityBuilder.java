package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Environment;
import dev.limpet.core.Fault;
import dev.limpet.core.Layer;
import dev.limpet.core.Pool;
import dev.limpet.core.Profile;
import dev.limpet.core.StickySession;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds an {@link LbCookieAffinity}. Made by {@link LbCookieAffinity#builder}. Not for use by
 * several threads at once.
 *
 * @param <Q> the embedder's type of request
 * @param <S> the embedder's type of response
 */
public final class LbCookieAffinityBuilder<Q, S> {
  final Pool pool;
  final HttpAccess<Q, S> access;
  StickySession session = StickySession.lbCookie();
  Environment environment;
  private @Nullable CookieKeys keys;
  private @Nullable Duration refreshThreshold;
  private boolean secure;
  private @Nullable Boolean hostPrefix;
  private String path = "/";
  private @Nullable String domain;
  private SameSite sameSite = SameSite.LAX;
  private boolean partitioned;
  boolean cacheControl = true;
  boolean encrypted;

  LbCookieAffinityBuilder(Pool pool, HttpAccess<Q, S> access) {
    this.pool = pool;
    this.access = access;
    this.environment = pool.environment();
  }

  /**
   * Declares how sessions stick. Default {@link StickySession#lbCookie}: sliding, 20 minutes.
   * Without a cookie name it is {@code limpet-} and the pool's name, whose characters must then be
   * those of a cookie's name: letters, digits and {@code !#$%&'*+-.^_`|~}.
   *
   * @param session of the type LB cookie, its durations in whole seconds
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> session(StickySession session) {
    this.session = requireNonNull(session, "session");
    return this;
  }

  /**
   * Sets the keys that authenticate tokens. Default {@link CookieKeys#of} the environment.
   *
   * @param keys the ring
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> keys(CookieKeys keys) {
    this.keys = requireNonNull(keys, "keys");
    return this;
  }

  /**
   * Sets whether cookies are encrypted (AES-256-GCM) instead of only signed. Default false. Anyone
   * can see in a signed cookie when its session was bound and last used, and whether two cookies
   * refer to the same backend, but not which one. Both kinds of cookie are always accepted, so you
   * can change this on one proxy after the other without losing sessions.
   *
   * <p>One key may encrypt at most 2<sup>32</sup> cookies on all proxies together; {@link
   * ResponseStats} counts those of this affinity. For example, at 1,000 cookies a second, replace
   * the key every seven weeks.
   *
   * @param encrypted true to encrypt cookies
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> encrypted(boolean encrypted) {
    this.encrypted = encrypted;
    return this;
  }

  /**
   * Sets the secret that makes cookies and the keys of sessions, and the wall clock. Default: the
   * pool's. Proxies that must accept each other's cookies need the same secret. Their clocks may
   * differ by 60 seconds; tokens dated further in the future are rejected.
   *
   * @param environment the secret and the clocks
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> environment(Environment environment) {
    this.environment = requireNonNull(environment, "environment");
    return this;
  }

  /**
   * Sets the age of a cookie from which a use of a sliding session refreshes it. An unused session
   * expires when the duration plus the threshold have passed since its last refresh. This is never
   * earlier than the duration after its last use. Default: 1/16 of the duration, at least one
   * second.
   *
   * @param threshold one second up to the duration, in whole seconds
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> refreshThreshold(Duration threshold) {
    this.refreshThreshold = requireNonNull(threshold, "threshold");
    return this;
  }

  /**
   * Sets whether the cookie is always {@code Secure}, so that browsers send it only over TLS.
   * Default false: it is {@code Secure} if {@link HttpAccess#isSecure} says that the request came
   * over TLS. Set this if all clients use TLS.
   *
   * @param secure true if all clients use TLS
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> secure(boolean secure) {
    this.secure = secure;
    return this;
  }

  /**
   * Sets whether the cookie's name gets the prefix {@code __Host-}, which prevents other hosts from
   * setting the cookie. Default: the value of {@link #secure}. A name that already has this prefix,
   * {@code __Secure-} or {@code __Http-} is not changed. The prefix requires the path {@code /} and
   * no domain.
   *
   * @param hostPrefix true to add the prefix
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> hostPrefix(boolean hostPrefix) {
    this.hostPrefix = hostPrefix;
    return this;
  }

  /**
   * Sets the path for which browsers send the cookie. Default {@code /}.
   *
   * @param path the path, which starts with {@code /}: printable ASCII without {@code ;}
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> path(String path) {
    this.path = requireNonNull(path, "path");
    return this;
  }

  /**
   * Sets the domain to whose hosts browsers send the cookie. Default: only the responding host.
   *
   * @param domain a host name of at most 253 characters, with labels of 1..63 letters, digits and
   *     inner hyphens; not an IP address. A leading dot is ignored. Browsers drop the cookie if the
   *     responding host is not in this domain
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> domain(String domain) {
    this.domain = requireNonNull(domain, "domain");
    return this;
  }

  /**
   * Sets the requests from other sites with which browsers send the cookie. Default {@link
   * SameSite#LAX}.
   *
   * @param sameSite the attribute; {@link SameSite#NONE} requires {@link #secure}
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> sameSite(SameSite sameSite) {
    this.sameSite = requireNonNull(sameSite, "sameSite");
    return this;
  }

  /**
   * Sets whether browsers store a separate cookie for each site that embeds this one. Default
   * false.
   *
   * @param partitioned true for separate cookies; requires {@link #secure}
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> partitioned(boolean partitioned) {
    this.partitioned = partitioned;
    return this;
  }

  /**
   * Sets whether a response that sets the cookie gets {@code Cache-Control: private}, unless it
   * already has that, {@code no-store} or {@code no-cache}. Default true. Without it, a shared
   * cache may give one client's cookie to others.
   *
   * @param cacheControl true to add the field
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> cacheControl(boolean cacheControl) {
    this.cacheControl = cacheControl;
    return this;
  }

  /**
   * {@return a new affinity}
   *
   * @throws IllegalArgumentException if a setting is invalid, or settings contradict each other;
   *     the message names all faults
   */
  public LbCookieAffinity<Q, S> build() {
    String name = name();
    CookieAttributes attributes = new CookieAttributes(secure, path, domain, sameSite, partitioned);
    Faults faults = new Faults();
    checkSession(faults);
    checkThreshold(faults);
    checkName(name, faults);
    attributes.check(name, faults);
    faults.refuse();
    TokenLife life = new TokenLife(session, threshold(), environment.wallClock());
    return new LbCookieAffinity<>(this, name, attributes, life);
  }

  private String name() {
    String declared = session.cookieName();
    String name = (declared != null) ? declared : CookieName.ofPool(pool.name());
    boolean prefix = (hostPrefix != null) ? hostPrefix : secure;
    return (prefix && CookieName.prefix(name).isEmpty()) ? CookieName.HOST_PREFIX + name : name;
  }

  private void checkName(String name, Faults faults) {
    if (session.cookieName() == null) {
      CookieName.checkPool(pool.name(), faults);
    } else {
      CookieName.check(name, faults);
    }
  }

  private void checkSession(Faults faults) {
    if (session.type() != StickySession.Type.LB_COOKIE) {
      faults.add("type", session.type(), StickySession.Type.LB_COOKIE.toString());
    }
    StickySession nameless = StickySession.lbCookie() // the name is checked with its prefix
        .withDuration(session.duration())
        .withMode(session.mode())
        .withMaxDuration(session.maxDuration());
    faults.addAll(Profile.OPEN.faults(Layer.LAYER_7, pool.balancer(), nameless));
  }

  /** {@return the keys that were set, or those that are derived from the environment} */
  CookieKeys keys() {
    return (keys != null) ? keys : CookieKeys.of(environment);
  }

  private void checkThreshold(Faults faults) {
    Duration threshold = refreshThreshold;
    if (threshold == null) {
      return;
    }
    Duration duration = session.duration();
    if (session.mode() != StickySession.Mode.SLIDING) {
      faults.add("refreshThreshold", threshold, "absent unless mode is sliding");
    } else if (threshold.toSeconds() < 1
        || threshold.compareTo(duration) > 0
        || !threshold.equals(threshold.truncatedTo(ChronoUnit.SECONDS))) {
      faults.addAll(List.of(Fault.ofDuration(
          "refreshThreshold", threshold, Duration.ofSeconds(1), duration, ", in whole seconds")));
    }
  }

  private Duration threshold() {
    Duration threshold = refreshThreshold;
    return (threshold != null) ? threshold : TokenLife.defaultThreshold(session.duration());
  }
}
