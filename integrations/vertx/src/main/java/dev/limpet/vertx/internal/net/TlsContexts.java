package dev.limpet.vertx.internal.net;

import dev.limpet.core.Backend;
import dev.limpet.vertx.BackendTls;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The contexts of TLS toward backends, one for each set of authorities. For any thread. */
public final class TlsContexts {
  private final Map<List<X509Certificate>, SslContext> contexts = new ConcurrentHashMap<>();

  /** Makes no context yet. */
  public TlsContexts() {}

  /**
   * Returns what is verified of a backend; null if its scheme is not https. Without an attachment
   * that says so, an authority that the JVM trusts must have certified its host.
   */
  public static @Nullable BackendTls tls(Backend backend) {
    if (backend.attachment() instanceof BackendTls declared) {
      return declared;
    }
    return backend.scheme().equals("https") ? new BackendTls(List.of(), backend.host()) : null;
  }

  /**
   * Makes the contexts of backends before they are used, because that takes too long for an event
   * loop.
   */
  public void prepare(Collection<Backend> backends) {
    for (Backend backend : backends) {
      BackendTls tls = tls(backend);
      if (tls != null) {
        SslContext unused = of(tls);
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
