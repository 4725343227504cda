package dev.limpet.spring.gateway;

import dev.limpet.core.FailureKind;
import dev.limpet.l7.StickyExchange;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.server.mvc.common.MvcUtils;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * A client's request to a servlet container from its receipt to its end, with the sticky exchange
 * that it has meanwhile. For one thread at a time, except {@link #end} and {@link #breakBody}.
 */
final class WebMvcRequest {
  /*
   * The request is over when all servlet filters are done with it. By then, the response is
   * written, no matter which code wrote it, and no exception of a route filter can leave a route
   * open.
   *
   * A thread of the container waits for the backend anyway. So it also waits for the store.
   */

  private static final String ATTRIBUTE = WebMvcRequest.class.getName();

  private final HttpServletRequest request;
  private @Nullable RouteTarget target;
  private @Nullable StickyPool<HttpServletRequest, ServerResponse> pool;
  private volatile @Nullable StickyExchange<HttpServletRequest, ServerResponse> sticky;
  private volatile boolean isOver;
  private volatile boolean isBodyBroken;
  private boolean isRouting;

  /**
   * What the URI of a route names.
   *
   * @param name the name of the service or the pool
   * @param isListed whether it is a pool whose backends the properties list
   */
  record RouteTarget(String name, boolean isListed) {}

  private WebMvcRequest(HttpServletRequest request) {
    this.request = request;
  }

  /** Remembers a request as it is now. Servlet filters wrap it, and do not change it. */
  static WebMvcRequest receive(HttpServletRequest request) {
    WebMvcRequest received = new WebMvcRequest(request);
    request.setAttribute(ATTRIBUTE, received);
    return received;
  }

  /** Returns what was received of a request; null if it was not remembered. */
  static @Nullable WebMvcRequest of(ServerRequest request) {
    return (WebMvcRequest) request.servletRequest().getAttribute(ATTRIBUTE);
  }

  /** Returns what the URI of the present route names; null if that has another scheme. */
  @Nullable
  RouteTarget target() {
    return target;
  }

  void setTarget(@Nullable RouteTarget present) {
    target = present;
  }

  /** Returns whether the filter Limpet is at work, so that no other may choose a backend. */
  boolean isRouting() {
    return isRouting;
  }

  void setRouting(boolean present) {
    isRouting = present;
  }

  /** Returns the pool that the request goes to; null if none yet. */
  @Nullable
  StickyPool<HttpServletRequest, ServerResponse> pool() {
    return pool;
  }

  /**
   * Begins an exchange with a pool. If the request has one with this pool, because a filter repeats
   * it, this returns the same.
   */
  @SuppressWarnings("ReferenceEquality") // there is one object for each pool
  StickyExchange<HttpServletRequest, ServerResponse> begin(
      StickyPool<HttpServletRequest, ServerResponse> present) {
    StickyExchange<HttpServletRequest, ServerResponse> held = sticky;
    if (held != null && pool == present) {
      return held;
    }
    if (held != null) {
      held.close();
    }
    pool = present;
    StickyExchange<HttpServletRequest, ServerResponse> begun =
        await(present.router().beginAsync(request));
    sticky = begun;
    if (isOver) {
      begun.close();
    }
    return begun;
  }

  /** Sets or learns the cookie, before the response of a backend is written. */
  void respond(ServerResponse response) {
    StickyExchange<HttpServletRequest, ServerResponse> held = sticky;
    if (held != null && held.backend() != null) {
      await(held.respondedAsync(response));
    }
  }

  /** Reports that the client of the gateway failed before there was a response. */
  void fail(ServerRequest sent, @Nullable FailureKind kind) {
    StickyExchange<HttpServletRequest, ServerResponse> held = sticky;
    if (held != null && kind != null && !isBodyBroken && !hasResponse(sent)) {
      held.failed(kind);
    }
  }

  /** Returns whether a backend has responded to the present attempt of a request. */
  static boolean hasResponse(ServerRequest sent) {
    return MvcUtils.getAttribute(sent, MvcUtils.CLIENT_RESPONSE_ATTR) != null;
  }

  /** The body could not be received from the client. */
  void breakBody() {
    isBodyBroken = true;
  }

  /** Ends the request, from whatever thread. */
  void end() {
    isOver = true;
    StickyExchange<HttpServletRequest, ServerResponse> held = sticky;
    if (held != null) {
      held.close();
    }
  }

  /** Waits for a stage, and throws what it failed of. */
  static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failed;
    }
  }
}
