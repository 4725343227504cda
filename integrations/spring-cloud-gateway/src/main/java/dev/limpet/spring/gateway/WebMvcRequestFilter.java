package dev.limpet.spring.gateway;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.core.Ordered;

/** Remembers each request before any other filter can change it, and ends it after all of them. */
final class WebMvcRequestFilter implements Filter, Ordered {

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request instanceof HttpServletRequest http) {
      follow(http, response, chain);
    } else {
      chain.doFilter(request, response);
    }
  }

  private static void follow(
      HttpServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    WebMvcRequest received = WebMvcRequest.receive(request);
    boolean isLeftOpen = false;
    try {
      chain.doFilter(new WatchedRequest(request, received), response);
      isLeftOpen = request.isAsyncStarted();
      if (isLeftOpen) {
        request.getAsyncContext().addListener(new Ending(received));
      }
    } finally {
      if (!isLeftOpen) {
        received.end();
      }
    }
  }

  /** Ends a request that is answered later. */
  private record Ending(WebMvcRequest received) implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      received.end();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      received.end();
    }

    @Override
    public void onError(AsyncEvent event) {
      received.end();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      event.getAsyncContext().addListener(this);
    }
  }
}
