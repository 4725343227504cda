package dev.limpet.examples.gateway.demo;

import io.vertx.core.Handler;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The login application over HTTP. Knows only the sessions that began here. */
final class HttpLogin implements Handler<HttpServerRequest> {
  static final String SESSION_COOKIE = "DEMOSESSION";
  static final String BACKEND_FIELD = "X-Backend";
  static final Pattern USER = Pattern.compile("[A-Za-z0-9._-]{1,32}");

  private static final String FORM = "application/x-www-form-urlencoded";

  private final String backend;
  private final Map<String, String> usersBySession = new ConcurrentHashMap<>();

  HttpLogin(String backend) {
    this.backend = backend;
  }

  @Override
  public void handle(HttpServerRequest request) {
    request.response().putHeader(BACKEND_FIELD, backend);
    switch (request.method() + " " + request.path()) {
      case "GET /" -> page(request);
      case "GET /whoami" -> whoami(request);
      case "POST /login" -> whenRead(request, () -> login(request));
      case "POST /logout" -> whenRead(request, () -> logout(request));
      default -> answer(request, 404, "not found (" + backend + ")");
    }
  }

  private void page(HttpServerRequest request) {
    String user = user(request);
    String greeting = (user == null) ? "please log in" : "hello " + user;
    request.response().putHeader("Content-Type", "text/html; charset=utf-8");
    request.response().end(page(greeting));
  }

  private void whoami(HttpServerRequest request) {
    String user = user(request);
    if (user == null) {
      answer(request, 401, "please log in (" + backend + ")");
    } else {
      answer(request, 200, user + " on " + backend);
    }
  }

  private void login(HttpServerRequest request) {
    String query = request.getParam("user");
    String user = (query == null) ? request.getFormAttribute("user") : query;
    if (user == null || !USER.matcher(user).matches()) {
      answer(request, 400, "user: " + user + " (expected: " + USER + ")");
      return;
    }
    usersBySession.put(session(request), user);
    answer(request, 200, user + " on " + backend);
  }

  private void logout(HttpServerRequest request) {
    Cookie cookie = request.getCookie(SESSION_COOKIE);
    if (cookie != null) {
      usersBySession.remove(cookie.getValue());
    }
    setCookie(request, "; Max-Age=0");
    answer(request, 200, "logged out (" + backend + ")");
  }

  private String session(HttpServerRequest request) {
    Cookie cookie = request.getCookie(SESSION_COOKIE);
    if (cookie != null && usersBySession.containsKey(cookie.getValue())) {
      return cookie.getValue();
    }
    String session = UUID.randomUUID().toString();
    setCookie(request, session + "; HttpOnly");
    return session;
  }

  private @Nullable String user(HttpServerRequest request) {
    Cookie cookie = request.getCookie(SESSION_COOKIE);
    return (cookie == null) ? null : usersBySession.get(cookie.getValue());
  }

  private static void setCookie(HttpServerRequest request, String valueAndAttributes) {
    request
        .response()
        .putHeader("Set-Cookie", SESSION_COOKIE + "=" + valueAndAttributes + "; Path=/");
  }

  private static void whenRead(HttpServerRequest request, Runnable then) {
    String type = request.getHeader("Content-Type");
    request.setExpectMultipart(type != null && type.startsWith(FORM)).endHandler(end -> then.run());
  }

  private static void answer(HttpServerRequest request, int status, String text) {
    request.response().setStatusCode(status).putHeader("Content-Type", "text/plain; charset=utf-8");
    request.response().end(text + "\n");
  }

  private String page(String greeting) {
    return """
        <!doctype html>
        <title>%2$s</title>
        <p>%1$s, from %2$s</p>
        <form method="post" action="/login">\
        <input name="user" value="alice"><button>log in</button></form>
        <form method="post" action="/logout"><button>log out</button></form>
        """.formatted(greeting, backend);
  }
}
