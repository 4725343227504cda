package dev.limpet.undertow;

import dev.limpet.l7.HttpRouter;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.proxy.ProxyCallback;
import io.undertow.server.handlers.proxy.ProxyClient;
import io.undertow.server.handlers.proxy.ProxyConnection;
import io.undertow.util.AttachmentKey;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finds the backend of a request's session. */
final class StickyProxyClient implements ProxyClient {
  private final AttachmentKey<StickyTarget> key = AttachmentKey.create(StickyTarget.class);
  private final HttpRouter<HttpServerExchange, HttpServerExchange> router;
  private final Origins origins;
  private final Duration connectTimeout;

  StickyProxyClient(StickyProxyBuilder settings) {
    this.router = settings.router;
    this.origins = new Origins(settings);
    this.connectTimeout = settings.connectTimeout;
  }

  /**
   * {@return the target of a request} It is the same if the handler asks again because a connection
   * turned out to be dead.
   */
  @Override
  public ProxyTarget findTarget(HttpServerExchange request) {
    @Nullable StickyTarget known = request.getAttachment(key);
    return (known == null) ? begin(request) : known;
  }

  @Override
  public void getConnection(
      ProxyTarget target,
      HttpServerExchange request,
      ProxyCallback<ProxyConnection> callback,
      long timeout,
      TimeUnit unit) {
    ((StickyTarget) target).connect(callback);
  }

  private StickyTarget begin(HttpServerExchange request) {
    StickyTarget target = new StickyTarget(request, origins, connectTimeout);
    request.addExchangeCompleteListener(target);
    request.putAttachment(key, target);
    target.begin(router);
    return target;
  }
}
