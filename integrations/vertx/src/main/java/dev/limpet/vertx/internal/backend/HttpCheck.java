package dev.limpet.vertx.internal.backend;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Backend;
import dev.limpet.vertx.internal.net.HealthCheck;
import dev.limpet.vertx.internal.net.Network;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Asks a backend for a page, over TLS if its scheme is https. A backend fails if it does not
 * respond with an expected status in time. Redirects are not followed, and no body is read.
 */
public final class HttpCheck implements HealthCheck {
  private final BackendClient client;
  private final Page page;
  private final int timeoutMillis;

  /**
   * Makes a check.
   *
   * @param page what is asked for and expected
   * @param timeoutMillis how long everything up to the head of the response may take
   */
  public HttpCheck(Network network, Page page, int timeoutMillis) {
    this.client = new BackendClient(network, new BackendCounts());
    this.page = page;
    this.timeoutMillis = timeoutMillis;
  }

  /**
   * A page that shows whether a backend is healthy.
   *
   * @param path the target of the request: a path, with or without a query
   * @param userAgent the value of that field
   * @param healthy the statuses of a healthy backend
   * @param expected their description
   */
  public record Page(String path, String userAgent, IntPredicate healthy, String expected) {
    @Nullable
    String fault(int status) {
      return healthy.test(status) ? null : "status " + status + " (expected: " + expected + ")";
    }
  }

  @Override
  public Future<Void> check(Backend backend) {
    Context here = requireNonNull(Vertx.currentContext(), "an event-loop context");
    return new Question(backend, (ContextInternal) here).ask();
  }

  @Override
  public boolean isEndToEnd() {
    return true;
  }

  private HttpRequest request(Backend backend) {
    HttpRequest request = new DefaultFullHttpRequest(
        HttpVersion.HTTP_1_1, HttpMethod.GET, page.path(), Unpooled.EMPTY_BUFFER);
    request
        .headers()
        .set("host", backend.authority())
        .set("user-agent", page.userAgent())
        .set("connection", "close");
    return request;
  }

  /** One request and its response, on a connection of its own. For one event loop. */
  private final class Question implements AnswerListener {
    private final Backend backend;
    private final ContextInternal context;
    private final Promise<Void> result;
    private final ScheduledFuture<?> alarm;
    private @Nullable BackendConnection connection;

    Question(Backend backend, ContextInternal context) {
      this.backend = backend;
      this.context = context;
      this.result = context.promise();
      this.alarm = context
          .nettyEventLoop()
          .schedule(() -> end("no response in time"), timeoutMillis, TimeUnit.MILLISECONDS);
    }

    Future<Void> ask() {
      client
          .open(context, backend, true, timeoutMillis)
          .onComplete(this::send, refused -> end("cannot connect"));
      return result.future();
    }

    private void send(BackendConnection opened) {
      if (result.future().isComplete()) {
        opened.close();
      } else {
        connection = opened;
        opened.send(request(backend), false, this);
      }
    }

    @Override
    public void began(HttpResponse head) {
      end(page.fault(head.status().code()));
    }

    @Override
    public void lost(boolean heard) {
      end(heard ? "a bad response" : "no response");
    }

    /** Ends the check, for the first reason only. */
    private void end(@Nullable String fault) {
      alarm.cancel(false);
      if (connection != null) {
        connection.close();
      }
      if (fault == null) {
        result.tryComplete();
      } else {
        result.tryFail(fault);
      }
    }

    @Override
    public void interim(HttpResponse head) {}

    @Override
    public void switched(HttpResponse head) {}

    @Override
    public void continued(ByteBuf piece) {
      piece.release();
    }

    @Override
    public void paused() {}

    @Override
    public void ended(LastHttpContent last) {
      last.release();
    }

    @Override
    public void drained() {}

    @Override
    public void bodyRefused() {}
  }
}
