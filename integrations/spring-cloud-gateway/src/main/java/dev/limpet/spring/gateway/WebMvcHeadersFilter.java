package dev.limpet.spring.gateway;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import org.springframework.cloud.gateway.server.mvc.filter.HttpHeadersFilter.RequestHttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Changes the fields that a backend gets: keeps LB cookies from it, for example. It does so to the
 * fields that route filters have left, so that a removed field stays removed.
 */
final class WebMvcHeadersFilter implements RequestHttpHeadersFilter, Ordered {

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  @Override
  public HttpHeaders apply(HttpHeaders input, ServerRequest request) {
    WebMvcRequest received = WebMvcRequest.of(request);
    StickyPool<HttpServletRequest, ServerResponse> pool =
        (received == null || !received.isRouting()) ? null : received.pool();
    return (pool == null) ? input : changed(input, pool, request.servletRequest());
  }

  private static HttpHeaders changed(
      HttpHeaders input,
      StickyPool<HttpServletRequest, ServerResponse> pool,
      HttpServletRequest request) {
    Map<String, List<String>> changes =
        pool.router().fieldsToBackend(new WithHeaders(request, input));
    if (changes.isEmpty()) {
      return input;
    }
    HttpHeaders changed = new HttpHeaders();
    changed.addAll(input);
    changes.forEach((name, values) -> {
      changed.remove(name);
      changed.addAll(name, values);
    });
    return changed;
  }

  /** A request with other fields. */
  private static final class WithHeaders extends HttpServletRequestWrapper {
    private final HttpHeaders headers;

    WithHeaders(HttpServletRequest request, HttpHeaders headers) {
      super(request);
      this.headers = headers;
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
      return Collections.enumeration(headers.getOrDefault(name, List.of()));
    }
  }
}
