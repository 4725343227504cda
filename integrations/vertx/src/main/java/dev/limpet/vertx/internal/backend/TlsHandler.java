package dev.limpet.vertx.internal.backend;

import dev.limpet.vertx.BackendTls;
import dev.limpet.vertx.internal.net.Addresses;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** TLS toward a backend, whose certificate and name are always verified. */
final class TlsHandler extends SslHandler {
  private static final int CLOSE_MILLIS = 1000;

  private boolean isDecoding;

  private TlsHandler(SSLEngine engine, int handshakeMillis) {
    super(engine);
    setHandshakeTimeoutMillis(handshakeMillis);
    setCloseNotifyFlushTimeoutMillis(CLOSE_MILLIS);
  }

  /**
   * Makes the handler of a new connection.
   *
   * @param port the backend's; sessions are resumed only with the same name and port
   */
  static TlsHandler of(
      SslContext context,
      BackendTls tls,
      int port,
      ByteBufAllocator allocator,
      int handshakeMillis) {
    SSLEngine engine = context.newEngine(allocator, tls.name(), port);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    if (Addresses.literal(tls.name()) == null) {
      // without this, the JDK sends no name that has no dot
      parameters.setServerNames(List.of(new SNIHostName(tls.name())));
    }
    engine.setSSLParameters(parameters);
    return new TlsHandler(engine, handshakeMillis);
  }

  /** Returns whether a record is being decoded by a caller of this thread. */
  boolean isDecoding() {
    return isDecoding;
  }

  /** Returns whether bytes have arrived that are not decoded. */
  boolean isMidRecord() {
    return internalBuffer().isReadable();
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws SSLException {
    isDecoding = true;
    try {
      super.decode(context, in, out);
    } finally {
      isDecoding = false;
    }
  }
}
