package dev.limpet.spring.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.endpoint.SanitizableData;

/** The actuator shows no secret, however its property is spelt. */
class SecretKeysTest {
  private static final String SECRET = "redis://:password@host";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limpet.pools.shop.shared-table.redis",
        "limpet.pools[my.pool].shared-table.redis",
        "limpet.pools[shop].sharedTable.redis",
        "LIMPET_POOLS_SHOP_SHAREDTABLE_REDIS",
        "limpet.cookie-keys[0]",
        "limpet.key-secret",
        "LIMPET_KEY_SECRET"
      })
  void secret_isHidden(String key) {
    assertThat(shown(key)).isNotEqualTo(SECRET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"limpet.profile", "limpet.pools.shop.failover", "other.redis"})
  void otherProperty_isShown(String key) {
    assertThat(shown(key)).isEqualTo(SECRET);
  }

  private static Object shown(String key) {
    SanitizableData data = new SanitizableData(null, key, SECRET);
    return LimpetEndpointAutoConfiguration.limpetSanitizingFunction()
        .apply(data)
        .getValue();
  }
}
