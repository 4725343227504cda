package dev.limpet.examples.gateway.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.stream.Collectors;

/** Leads each request to the page of its path, if the guard lets it pass. */
final class AdminPages {
  private final Vertx vertx;
  private final AdminGuard guard;
  private final Map<String, AdminPage> pages;

  AdminPages(Vertx vertx, AdminGuard guard, Map<String, AdminPage> pages) {
    this.vertx = vertx;
    this.guard = guard;
    this.pages = Map.copyOf(pages);
  }

  /** Answers a request: the guard comes first, so that a stranger learns no path. */
  void serve(HttpServerRequest request) {
    if (guard.refuses(request)) {
      return;
    }
    AdminPage page = (request.path() == null) ? null : pages.get(request.path());
    if (page == null) {
      AdminAnswer.send(request, HttpResponseStatus.NOT_FOUND);
    } else if (page.methods().contains(request.method())) {
      page.answer(request, vertx);
    } else {
      request.response().putHeader(HttpHeaderNames.ALLOW, allowed(page));
      AdminAnswer.send(request, HttpResponseStatus.METHOD_NOT_ALLOWED);
    }
  }

  private static String allowed(AdminPage page) {
    return page.methods().stream().map(HttpMethod::name).sorted().collect(Collectors.joining(", "));
  }
}
