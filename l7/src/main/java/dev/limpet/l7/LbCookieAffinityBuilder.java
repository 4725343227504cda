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
 * Settings of an {@link LbCookieAffinity}, made by {@link LbCookieAffinity#builder}. Not for use by
 * several threads at once.
 *
 * @param <Q> the embedder's request
 * @param <S> the embedder's response
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
   * Without a cookie name it is {@code limpet-} and the pool's name.
   *
   * @param session of the type LB cookie, its durations in whole seconds
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> session(StickySession session) {
    this.session = requireNonNull(session, "session");
    return this;
  }

  /**
   * Sets the keys that make tokens authentic. Default {@link CookieKeys#of} the environment.
   *
   * @param keys the ring
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> keys(CookieKeys keys) {
    this.keys = requireNonNull(keys, "keys");
    return this;
  }

  /**
   * Sets whether cookies are encrypted (AES-256-GCM) and not only signed. Default false: then
   * everyone can see in a cookie when its session was bound and used, and whether two cookies name
   * one backend, though not which. Cookies of both kinds are read, whatever is set here, so it may
   * be changed while sessions live, at one proxy after the other.
   *
   * <p>One key may encrypt 2<sup>32</sup> cookies, those of all proxies together, of which {@link
   * ResponseStats} counts this one's: at 1,000 a second it is to be replaced every seven weeks.
   *
   * @param encrypted whether to
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> encrypted(boolean encrypted) {
    this.encrypted = encrypted;
    return this;
  }

  /**
   * Sets the secret that cookies and the keys of sessions are made with, and the wall clock.
   * Default: the pool's. Proxies that are to accept each other's cookies share a secret. Their
   * clocks may differ by 60 seconds; tokens dated further in the future are rejected.
   *
   * @param environment the secret and the clocks
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> environment(Environment environment) {
    this.environment = requireNonNull(environment, "environment");
    return this;
  }

  /**
   * Sets after how much time a use of a sliding session is recorded in a fresh cookie. A session
   * that is not used ends when the duration and the threshold have passed since the last record,
   * never before the duration has passed since its last use. Default: 1/16 of the duration, at
   * least one second.
   *
   * @param threshold from one second to the duration, in whole seconds
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> refreshThreshold(Duration threshold) {
    this.refreshThreshold = requireNonNull(threshold, "threshold");
    return this;
  }

  /**
   * Sets whether the cookie is {@code Secure}: sent over TLS only. Default false: then it is where
   * {@link HttpAccess#isSecure} says that the request came over TLS. Set it if all clients use TLS.
   *
   * @param secure whether all clients use TLS
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> secure(boolean secure) {
    this.secure = secure;
    return this;
  }

  /**
   * Sets whether the name gets the prefix {@code __Host-}, with which no other host can plant the
   * cookie. Default: if {@link #secure} is set. A name that has this prefix, {@code __Secure-} or
   * {@code __Http-}, stays as it is. The prefix demands the path {@code /} and no domain.
   *
   * @param hostPrefix whether to add the prefix
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> hostPrefix(boolean hostPrefix) {
    this.hostPrefix = hostPrefix;
    return this;
  }

  /**
   * Sets the path that the cookie is sent for. Default {@code /}.
   *
   * @param path printable ASCII without {@code ;} that starts with {@code /}
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> path(String path) {
    this.path = requireNonNull(path, "path");
    return this;
  }

  /**
   * Sets the domain whose hosts the cookie is sent to. Default: the responding host only.
   *
   * @param domain a host name: labels of 1..63 letters, digits and hyphens inside, at most 253
   *     characters, no IP address; a dot before it means nothing. A browser drops the cookie where
   *     the responding host is not of this domain
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> domain(String domain) {
    this.domain = requireNonNull(domain, "domain");
    return this;
  }

  /**
   * Sets with which requests from other sites the cookie is sent. Default {@link SameSite#LAX}.
   *
   * @param sameSite {@link SameSite#NONE} only if it is secure
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> sameSite(SameSite sameSite) {
    this.sameSite = requireNonNull(sameSite, "sameSite");
    return this;
  }

  /**
   * Sets whether a browser keeps the cookie apart for each site that embeds this one. Default
   * false.
   *
   * @param partitioned whether to; only if it is secure
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> partitioned(boolean partitioned) {
    this.partitioned = partitioned;
    return this;
  }

  /**
   * Sets whether a response that sets the cookie gets {@code Cache-Control: private}, unless it
   * says so, or {@code no-store} or {@code no-cache}, itself. Default true. Otherwise a shared
   * cache may give one client's cookie to all.
   *
   * @param cacheControl whether to add it
   * @return this builder
   */
  public LbCookieAffinityBuilder<Q, S> cacheControl(boolean cacheControl) {
    this.cacheControl = cacheControl;
    return this;
  }

  /**
   * {@return the affinity}
   *
   * @throws IllegalArgumentException if the settings are not as expected or do not fit each other;
   *     the message names all faults
   */
  public LbCookieAffinity<Q, S> build() {
    String name = name();
    CookieAttributes attributes = new CookieAttributes(secure, path, domain, sameSite, partitioned);
    Faults faults = new Faults();
    checkSession(faults);
    checkThreshold(faults);
    CookieName.check(name, faults);
    attributes.check(name, faults);
    faults.refuse();
    TokenLife life = new TokenLife(session, threshold(), environment.wallClock());
    return new LbCookieAffinity<>(this, name, attributes, life);
  }

  private String name() {
    String declared = session.cookieName();
    String name = (declared != null) ? declared : "limpet-" + pool.name();
    boolean prefix = (hostPrefix != null) ? hostPrefix : secure;
    return (prefix && CookieName.prefix(name).isEmpty()) ? CookieName.HOST_PREFIX + name : name;
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

  /** {@return the keys that were set, or those that follow from the environment} */
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
