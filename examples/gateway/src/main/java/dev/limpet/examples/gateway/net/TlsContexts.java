package dev.limpet.examples.gateway.net;

import dev.limpet.examples.gateway.config.BackendConfig;
import dev.limpet.examples.gateway.config.BackendTls;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;

/** The contexts of TLS toward backends, one for each set of authorities. For any thread. */
public final class TlsContexts {
  private final Map<List<X509Certificate>, SslContext> contexts = new ConcurrentHashMap<>();

  TlsContexts() {}

  /**
   * Makes the contexts of backends before they are used, because that takes too long for an event
   * loop.
   */
  public void prepare(List<BackendConfig> backends) {
    for (BackendConfig backend : backends) {
      if (backend.tls() != null) {
        of(backend.tls());
      }
    }
  }

  /** Returns a context that trusts the authorities of a backend. */
  public SslContext of(BackendTls tls) {
    return contexts.computeIfAbsent(tls.trusted(), TlsContexts::context);
  }

  private static SslContext context(List<X509Certificate> trusted) {
    SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
    if (!trusted.isEmpty()) {
      builder.trustManager(trusted);
    }
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalStateException(
          "tls: " + e.getMessage() + " (expected: usable by the JVM)", e);
    }
  }
}
