package dev.limpet.undertow;

import io.undertow.client.ClientCallback;
import io.undertow.client.ClientConnection;
import io.undertow.client.ClientExchange;
import io.undertow.client.ClientRequest;
import io.undertow.client.ClientResponse;
import io.undertow.client.ContinueNotification;
import io.undertow.client.PushCallback;
import io.undertow.util.AttachmentKey;
import io.undertow.util.AttachmentList;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.util.List;
import org.xnio.channels.EmptyStreamSourceChannel;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.channels.StreamSourceChannel;

/** A request that was sent, whose response passes the {@link StickyTarget} first. */
final class StickyClientExchange implements ClientExchange {
  private final ClientExchange exchange;
  private final StickyConnection connection;
  private boolean isFramedWithoutBody;

  StickyClientExchange(ClientExchange exchange, StickyConnection connection) {
    this.exchange = exchange;
    this.connection = connection;
  }

  @Override
  public void setResponseListener(ClientCallback<ClientExchange> listener) {
    exchange.setResponseListener(new ClientCallback<>() {
      @Override
      public void completed(ClientExchange responded) {
        isFramedWithoutBody = isFramedWithoutBody(responded.getResponse());
        connection.respond(responded, () -> listener.completed(StickyClientExchange.this));
      }

      @Override
      public void failed(IOException cause) {
        if (connection.breakDown()) {
          listener.failed(cause);
        }
      }
    });
  }

  /**
   * Returns whether a response, which has no body, has fields that describe one. Undertow's client
   * would wait for it.
   */
  private static boolean isFramedWithoutBody(ClientResponse response) {
    HeaderMap fields = response.getResponseHeaders();
    int status = response.getResponseCode();
    return (status == StatusCodes.NOT_MODIFIED || status == StatusCodes.NO_CONTENT)
        && (fields.contains(Headers.CONTENT_LENGTH) || fields.contains(Headers.TRANSFER_ENCODING));
  }

  @Override
  public void setContinueHandler(ContinueNotification handler) {
    exchange.setContinueHandler(handler);
  }

  @Override
  public void setPushHandler(PushCallback handler) {
    exchange.setPushHandler(handler);
  }

  @Override
  public StreamSinkChannel getRequestChannel() {
    return exchange.getRequestChannel();
  }

  @Override
  public StreamSourceChannel getResponseChannel() {
    return isFramedWithoutBody
        ? new EmptyStreamSourceChannel(connection.getIoThread())
        : exchange.getResponseChannel();
  }

  @Override
  public ClientRequest getRequest() {
    return exchange.getRequest();
  }

  @Override
  public ClientResponse getResponse() {
    return exchange.getResponse();
  }

  @Override
  public ClientResponse getContinueResponse() {
    return exchange.getContinueResponse();
  }

  @Override
  public ClientConnection getConnection() {
    return connection;
  }

  @Override
  public <T> T getAttachment(AttachmentKey<T> key) {
    return exchange.getAttachment(key);
  }

  @Override
  public <T> List<T> getAttachmentList(AttachmentKey<? extends List<T>> key) {
    return exchange.getAttachmentList(key);
  }

  @Override
  public <T> T putAttachment(AttachmentKey<T> key, T value) {
    return exchange.putAttachment(key, value);
  }

  @Override
  public <T> T removeAttachment(AttachmentKey<T> key) {
    return exchange.removeAttachment(key);
  }

  @Override
  public <T> void addToAttachmentList(AttachmentKey<AttachmentList<T>> key, T value) {
    exchange.addToAttachmentList(key, value);
  }
}
