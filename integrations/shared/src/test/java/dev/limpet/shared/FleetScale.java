package dev.limpet.shared;

import java.time.Duration;

/**
 * How large a fleet is, and its traffic. Immutable.
 *
 * @param proxies how many proxies there are; no multiple of 17
 * @param capacity how many bindings each of them knows at most
 * @param sessionsAtOnce how many sessions are going on at any time
 * @param requestsPerSession how many requests a session has in the mean; its length is random
 * @param gap how long after a request the next one of the session comes, in the mean
 * @param met how many proxies a session comes to
 */
record FleetScale(
    int proxies, long capacity, int sessionsAtOnce, int requestsPerSession, Duration gap, int met) {

  FleetScale withMet(int met, Duration gap) {
    return new FleetScale(proxies, capacity, sessionsAtOnce, requestsPerSession, gap, met);
  }
}
