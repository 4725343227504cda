package dev.limpet.examples.gateway.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Passes each request to the page of its path, if the guard lets it pass. */
final class AdminPages {
  private final Vertx vertx;
  private final AdminGuard guard;
  private final Map<PathTemplate, AdminPage> pages = new LinkedHashMap<>();

  /**
   * Makes a table of pages.
   *
   * @param pages the pages by the templates of their paths, of which one at most matches a path
   */
  AdminPages(Vertx vertx, AdminGuard guard, Map<String, AdminPage> pages) {
    this.vertx = vertx;
    this.guard = guard;
    pages.forEach((path, page) -> this.pages.put(PathTemplate.of(path), page));
  }

  /** Answers a request: the guard comes first, so that a stranger learns no path. */
  void serve(HttpServerRequest request) {
    boolean isPath = request.uri().startsWith("/"); // not an address, which would name another host
    Found found = isPath ? find(request.path()) : null;
    if (guard.refuses(request, found != null && found.page().isPublic())) {
      return;
    }
    if (found == null) {
      AdminAnswer.send(request, HttpResponseStatus.NOT_FOUND);
    } else if (allows(found.page(), request.method())) {
      found.page().answer(request, found.names(), vertx);
    } else {
      AdminAnswer.send(
          request,
          AdminAnswer.plain(request, HttpResponseStatus.METHOD_NOT_ALLOWED)
              .with(HttpHeaderNames.ALLOW, allowed(found.page())));
    }
  }

  private static boolean allows(AdminPage page, HttpMethod method) {
    return page.methods().contains(method)
        || (method.equals(HttpMethod.HEAD) && page.methods().contains(HttpMethod.GET));
  }

  private static String allowed(AdminPage page) {
    return HttpMethod.values().stream()
        .filter(method -> allows(page, method))
        .map(HttpMethod::name)
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /** A page, and the segments that the names in its path stand for. */
  private record Found(AdminPage page, Map<String, String> names) {}

  private @Nullable Found find(@Nullable String path) {
    if (path == null) {
      return null;
    }
    for (Entry<PathTemplate, AdminPage> entry : pages.entrySet()) {
      Map<String, String> names = entry.getKey().match(path);
      if (names != null) {
        return new Found(entry.getValue(), names);
      }
    }
    return null;
  }
}
