package dev.limpet.l7;

import dev.limpet.core.Backend;
import dev.limpet.core.Outcome;
import dev.limpet.core.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A client that keeps its cookies, and the proxy and the backends it talks to. */
final class Browser {
  private final Map<String, String> jar = new LinkedHashMap<>();
  private Response response = Response.ok();

  /** Sends a request that any backend answers, and returns the route it took. */
  Route visit(HttpRouter<Request, Response> router) {
    return visit(router, Response.ok());
  }

  /** Sends a request that gets this response. */
  Route visit(HttpRouter<Request, Response> router, Response answer) {
    Request request = request();
    Route route = router.route(request);
    receive(router, request, route, answer);
    return route;
  }

  /** Sends a request whose first backend cannot be connected to. */
  Route visitRerouted(HttpRouter<Request, Response> router) {
    Request request = request();
    Route route = router.reroute(request, router.route(request));
    receive(router, request, route, Response.ok());
    return route;
  }

  void receive(
      HttpRouter<Request, Response> router, Request request, Route route, Response answer) {
    router.onResponse(request, route, answer);
    take(answer);
  }

  /** Takes the cookies of a response that was handled. */
  void take(Response answer) {
    response = answer;
    answer.setCookies().forEach(this::store);
  }

  Request request() {
    return jar.isEmpty() ? Request.of() : Request.of(cookies());
  }

  String cookies() {
    return jar.entrySet().stream()
        .map(cookie -> cookie.getKey() + '=' + cookie.getValue())
        .collect(Collectors.joining("; "));
  }

  String cookie(String name) {
    return jar.getOrDefault(name, "");
  }

  Browser with(String name, String value) {
    jar.put(name, value);
    return this;
  }

  /** What the last response set. */
  List<String> setCookies() {
    return response.setCookies();
  }

  static String id(Route route) {
    Backend backend = route.backend();
    return (backend == null) ? "none" : backend.id();
  }

  static boolean isServed(Route route) {
    return route.outcome() != Outcome.REFUSED && route.outcome() != Outcome.NO_BACKEND;
  }

  private void store(String setCookie) {
    String pair = setCookie.split(";", -1)[0];
    int sign = pair.indexOf('=');
    jar.put(pair.substring(0, sign), pair.substring(sign + 1));
  }
}
