package dev.limpet.spring.gateway;

import dev.limpet.core.PassiveHealth;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code limpet.pools.<name>.passive-health.*}.
 *
 * @param enabled whether backends whose requests fail are ejected
 * @param failures how many failures in a row eject a backend, 1..1000
 * @param grace how long sessions of an ejected backend are lent instead of moved
 * @param statuses the statuses that are failures, 501..599
 */
record PassiveHealthProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("3") int failures,
    @DefaultValue("0s") Duration grace,
    @DefaultValue List<Integer> statuses) {

  /** Returns the rules without a listener. */
  PassiveHealth.Builder rules() {
    return PassiveHealth.builder()
        .failures(failures)
        .grace(grace)
        .statuses(statuses.stream().mapToInt(Integer::intValue).toArray());
  }
}
