package dev.limpet.undertow;

import dev.limpet.core.FailureKind;
import io.undertow.client.ClientCallback;
import io.undertow.client.ClientConnection;
import io.undertow.client.ClientExchange;
import io.undertow.client.ClientRequest;
import io.undertow.client.ClientStatistics;
import io.undertow.connector.ByteBufferPool;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.Option;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import org.xnio.conduits.ConduitStreamSourceChannel;

/**
 * A connection for one request, which tells the request's {@link StickyTarget} what happens to it.
 */
final class StickyConnection implements ClientConnection {
  /*
   * ProxyHandler has no hooks for the request that it sends and the response that it gets, and in
   * the commit of a response its own 503 looks like that of a backend. So it gets a connection that
   * looks at both on the way.
   */

  private final ClientConnection connection;
  private final OriginConnections home;
  private final StickyTarget target;
  private @Nullable ClientExchange sent;
  private boolean isUsed;
  private boolean isBroken;
  private boolean isGivenUp;
  private boolean isEnded;

  StickyConnection(ClientConnection connection, OriginConnections home, StickyTarget target) {
    this.connection = connection;
    this.home = home;
    this.target = target;
  }

  @Override
  public void sendRequest(ClientRequest request, ClientCallback<ClientExchange> callback) {
    target.changeFields(request.getRequestHeaders());
    isUsed = true;
    connection.sendRequest(request, new ClientCallback<>() {
      @Override
      public void completed(ClientExchange exchange) {
        sent = exchange;
        callback.completed(new StickyClientExchange(exchange, StickyConnection.this));
      }

      @Override
      public void failed(IOException cause) {
        if (breakDown()) {
          callback.failed(cause);
        }
      }
    });
  }

  /**
   * Closes the connection, as the handler does when it gives up: because its time is over or,
   * before the whole request was sent, perhaps because of the client.
   */
  @Override
  public void close() throws IOException {
    isGivenUp = true;
    if (sent != null && !isSending()) {
      target.fail(FailureKind.TIMEOUT);
    }
    connection.close();
  }

  /** Returns whether the body waits for the client, which may be why the backend gives up. */
  private boolean isSending() {
    return sent != null && sent.getRequestChannel().isOpen();
  }

  void respond(ClientExchange exchange, Runnable proceed) {
    target.respond(exchange.getResponse(), proceed);
  }

  /** Returns whether the request still waits for a response. */
  boolean breakDown() {
    isBroken = true;
    if (!isGivenUp && !isEnded && !isSending()) {
      target.fail(FailureKind.RESET_BEFORE_RESPONSE);
    }
    return !isEnded;
  }

  /** Returns whether the backend has agreed to another protocol. */
  boolean isTunnel() {
    return connection.isUpgraded() && sent != null && sent.getResponse() != null;
  }

  void onClose(Runnable task) {
    connection.addCloseListener(closed -> task.run());
  }

  /** Gives the connection back if the request and its response are complete, or closes it. */
  void end() {
    if (isEnded) {
      return;
    }
    isEnded = true;
    if (isUsable()) {
      home.giveBack(connection);
    } else {
      IoUtils.safeClose(connection);
    }
  }

  private boolean isUsable() {
    if (sent == null) {
      return !isUsed;
    }
    return !isBroken
        && !connection.isUpgraded()
        && !isSending()
        && !sent.getResponseChannel().isOpen();
  }

  /** Makes a tunnel, which is closed when the backend ends it, whatever the client does. */
  @Override
  public StreamConnection performUpgrade() throws IOException {
    StreamConnection tunnel = connection.performUpgrade();
    ConduitStreamSourceChannel source = tunnel.getSourceChannel();
    source.setConduit(new TunnelSource(
        source.getConduit(),
        () -> tunnel.getIoThread().execute(() -> IoUtils.safeClose(connection))));
    return tunnel;
  }

  @Override
  public ByteBufferPool getBufferPool() {
    return connection.getBufferPool();
  }

  @Override
  public SocketAddress getPeerAddress() {
    return connection.getPeerAddress();
  }

  @Override
  public <A extends SocketAddress> A getPeerAddress(Class<A> type) {
    return connection.getPeerAddress(type);
  }

  @Override
  public ChannelListener.Setter<? extends ClientConnection> getCloseSetter() {
    return connection.getCloseSetter();
  }

  @Override
  public SocketAddress getLocalAddress() {
    return connection.getLocalAddress();
  }

  @Override
  public <A extends SocketAddress> A getLocalAddress(Class<A> type) {
    return connection.getLocalAddress(type);
  }

  @Override
  public XnioWorker getWorker() {
    return connection.getWorker();
  }

  @Override
  public XnioIoThread getIoThread() {
    return connection.getIoThread();
  }

  @Override
  public boolean isOpen() {
    return connection.isOpen();
  }

  @Override
  public boolean supportsOption(Option<?> option) {
    return connection.supportsOption(option);
  }

  @Override
  public <T> T getOption(Option<T> option) throws IOException {
    return connection.getOption(option);
  }

  @Override
  public <T> T setOption(Option<T> option, T value) throws IOException {
    return connection.setOption(option, value);
  }

  @Override
  public boolean isUpgraded() {
    return connection.isUpgraded();
  }

  @Override
  public boolean isPushSupported() {
    return connection.isPushSupported();
  }

  @Override
  public boolean isMultiplexingSupported() {
    return connection.isMultiplexingSupported();
  }

  @Override
  public ClientStatistics getStatistics() {
    return connection.getStatistics();
  }

  @Override
  public boolean isUpgradeSupported() {
    return connection.isUpgradeSupported();
  }

  @Override
  public void addCloseListener(ChannelListener<ClientConnection> listener) {
    connection.addCloseListener(listener);
  }
}
