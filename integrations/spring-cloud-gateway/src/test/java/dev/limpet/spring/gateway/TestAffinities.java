package dev.limpet.spring.gateway;

import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpKey;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;

/** Affinities that an application may have. */
final class TestAffinities {
  static final String TENANT = "Tenant";

  private TestAffinities() {}

  static AffinityFactory<ServerHttpRequest, ServerHttpResponse> byTenantOf(String name) {
    return (pool, access) -> pool.name().equals(name) ? byTenant(access) : null;
  }

  static <Q, S> HttpAffinity<Q, S> byTenant(HttpAccess<Q, S> access) {
    return HttpAffinity.of(
        KeyAffinity.<Q>builder(HttpKey.header(access, TENANT)).build(), access);
  }
}
