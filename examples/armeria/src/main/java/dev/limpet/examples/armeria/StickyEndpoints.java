package dev.limpet.examples.armeria;

import static java.util.Objects.requireNonNull;

import com.linecorp.armeria.client.ClientRequestContext;
import com.linecorp.armeria.client.DecoratingHttpClientFunction;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.HttpClient;
import com.linecorp.armeria.client.UnprocessedRequestException;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.client.endpoint.EndpointSelectionStrategy;
import com.linecorp.armeria.client.endpoint.EndpointSelector;
import com.linecorp.armeria.client.retry.Backoff;
import com.linecorp.armeria.client.retry.RetryRule;
import com.linecorp.armeria.client.retry.RetryingClient;
import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.common.TimeoutException;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import dev.limpet.core.Backend;
import dev.limpet.core.FailureKind;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.StickyExchange;
import io.netty.util.AttributeKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Selects the endpoint of a request's session. The router's pool follows the endpoint group. */
final class StickyEndpoints implements EndpointSelectionStrategy, DecoratingHttpClientFunction {
  /*
   * Armeria selects an endpoint before it runs decorators, and again for each repetition. The first
   * selection begins an exchange, which the contexts of repetitions inherit. So a selection that
   * finds one comes after a failed connect. Selections are synchronous, because a static group does
   * not wait; so a shared table is asked in the background.
   */
  private static final AttributeKey<StickyExchange<RequestHeaders, ResponseHeadersBuilder>>
      EXCHANGE = AttributeKey.valueOf(StickyEndpoints.class, "EXCHANGE");

  private final HttpRouter<RequestHeaders, ResponseHeadersBuilder> router;

  StickyEndpoints(HttpRouter<RequestHeaders, ResponseHeadersBuilder> router) {
    this.router = router;
  }

  /** Returns the outer decorator, which tries the next endpoint after a failed connect. */
  static Function<? super HttpClient, RetryingClient> retrying() {
    RetryRule rule = RetryRule.builder()
        .onException(
            (ctx, cause) -> cause instanceof UnprocessedRequestException && hasBackend(ctx))
        .thenBackoff(Backoff.withoutDelay());
    return RetryingClient.builder(rule).maxTotalAttempts(Integer.MAX_VALUE).newDecorator();
  }

  private static boolean hasBackend(ClientRequestContext ctx) {
    StickyExchange<?, ?> exchange = ctx.attr(EXCHANGE);
    return exchange != null && exchange.backend() != null;
  }

  @Override
  public EndpointSelector newSelector(EndpointGroup group) {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    group.addListener(
        endpoints -> {
          follow(endpoints);
          ready.complete(null); // a group itself is ready before its listeners are told
        },
        true);
    return new EndpointSelector() {
      @Override
      public @Nullable Endpoint selectNow(ClientRequestContext ctx) {
        return ready.isDone() ? next(ctx) : null;
      }

      @Override
      @Deprecated
      public CompletableFuture<@Nullable Endpoint> select(
          ClientRequestContext ctx, ScheduledExecutorService executor, long millis) {
        return (ctx.attr(EXCHANGE) != null)
            ? CompletableFuture.completedFuture(null) // selectNow has found that none is left
            : ready
                .thenApply(done -> next(ctx))
                .completeOnTimeout(null, millis, TimeUnit.MILLISECONDS);
      }
    };
  }

  private void follow(List<Endpoint> endpoints) {
    Map<Backend, Long> weights = new LinkedHashMap<>();
    for (Endpoint endpoint : endpoints) {
      Backend backend =
          Backend.of(Backend.idOf(endpoint.authority()), endpoint.host(), endpoint.port(80));
      weights.put(backend.withAttachment(endpoint), (long) endpoint.weight());
    }
    router.pool().follow(Backend.scaled(weights));
  }

  private @Nullable Endpoint next(ClientRequestContext ctx) {
    StickyExchange<RequestHeaders, ResponseHeadersBuilder> exchange = ctx.attr(EXCHANGE);
    if (exchange == null) {
      exchange = begin(ctx);
    } else {
      exchange.connectFailed();
    }
    Backend backend = exchange.backend();
    return (backend == null) ? null : (Endpoint) backend.attachment();
  }

  private StickyExchange<RequestHeaders, ResponseHeadersBuilder> begin(ClientRequestContext ctx) {
    StickyExchange<RequestHeaders, ResponseHeadersBuilder> exchange =
        router.begin(requireNonNull(ctx.request(), "request").headers());
    ctx.setAttr(EXCHANGE, exchange);
    CompletableFuture<Void> unused = ctx.log().whenComplete().thenAccept(log -> exchange.close());
    return exchange;
  }

  @Override
  public HttpResponse execute(HttpClient delegate, ClientRequestContext ctx, HttpRequest request)
      throws Exception {
    StickyExchange<RequestHeaders, ResponseHeadersBuilder> exchange = ctx.attr(EXCHANGE);
    if (exchange == null) {
      return delegate.execute(ctx, request); // the group has no endpoint, or is just one endpoint
    }
    if (exchange.backend() == null) {
      return HttpResponse.of(exchange.statusWithoutBackend());
    }
    HttpRequest sent = request.mapHeaders(head -> changed(head, exchange.fieldsToBackend()));
    ctx.updateRequest(sent);
    return HttpResponse.of(delegate
        .execute(ctx, sent)
        .peekError(cause -> report(exchange, cause))
        .mapAsync(part -> answered(exchange, part)));
  }

  private static RequestHeaders changed(RequestHeaders head, Map<String, List<String>> fields) {
    RequestHeadersBuilder changed = head.toBuilder();
    fields.forEach((name, values) -> {
      changed.remove(name);
      changed.add(name, values);
    });
    return changed.build();
  }

  private static CompletableFuture<HttpObject> answered(
      StickyExchange<RequestHeaders, ResponseHeadersBuilder> exchange, HttpObject part) {
    if (!(part instanceof ResponseHeaders head)) {
      return CompletableFuture.completedFuture(part);
    }
    ResponseHeadersBuilder response = head.toBuilder();
    return exchange
        .respondedAsync(response)
        .<HttpObject>thenApply(done -> response.build())
        .toCompletableFuture();
  }

  private static void report(StickyExchange<?, ?> exchange, Throwable cause) {
    if (cause instanceof TimeoutException) {
      exchange.failed(FailureKind.TIMEOUT);
    } else if (cause instanceof ClosedSessionException || cause instanceof ClosedStreamException) {
      exchange.failed(FailureKind.RESET_BEFORE_RESPONSE);
    }
  }
}
