package dev.limpet.vertx.internal.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a proxy treats requests.
 *
 * @param connectMillis how long a connect to an address of a backend may take
 * @param responseTimeout how long a backend may keep a request waiting; null for ever
 * @param jsonRpcErrors whether clients expect an error of JSON-RPC if there is no backend
 * @param trusted the proxies that are believed what they say of clients
 */
public record HttpSettings(
    int connectMillis,
    @Nullable Duration responseTimeout,
    boolean jsonRpcErrors,
    TrustedProxies trusted) {}
