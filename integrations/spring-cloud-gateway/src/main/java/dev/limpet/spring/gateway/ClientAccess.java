package dev.limpet.spring.gateway;

import dev.limpet.l7.HttpAccess;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * An access that also knows the peer of a request's connection. Its {@link #isSecure} tells whether
 * that connection uses TLS, whatever fields of the request say.
 */
interface ClientAccess<Q, S> extends HttpAccess<Q, S> {

  /** Returns the address of the peer; null if it is not known. */
  @Nullable
  InetAddress peer(Q request);
}
