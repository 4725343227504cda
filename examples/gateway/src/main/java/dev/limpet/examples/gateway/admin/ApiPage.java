package dev.limpet.examples.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** A page that answers with what its actions compute, on threads that may block. */
final class ApiPage implements AdminPage {
  private static final Duration LINGER = Duration.ofSeconds(1);

  private final Duration bodyLimit;
  private final Map<HttpMethod, Action> actions;

  /**
   * Makes a page.
   *
   * @param bodyLimit the time within which the body of a request must be complete
   */
  ApiPage(Duration bodyLimit, Map<HttpMethod, Action> actions) {
    this.bodyLimit = bodyLimit;
    this.actions = Map.copyOf(actions);
  }

  @Override
  public Set<HttpMethod> methods() {
    return actions.keySet();
  }

  @Override
  public void answer(HttpServerRequest request, Map<String, String> names, Vertx vertx) {
    boolean isHead = request.method().equals(HttpMethod.HEAD);
    Action action = actions.get(isHead ? HttpMethod.GET : request.method());
    if (action == null) {
      AdminAnswer.send(request, HttpResponseStatus.METHOD_NOT_ALLOWED);
      return;
    }
    Future<Void> unused = BodyReader.read(request, vertx, bodyLimit)
        .map(body -> Call.of(request, names, body))
        .compose(call -> vertx.executeBlocking(() -> action.answer(call), false))
        .recover(thrown -> Future.succeededFuture(failure(request, thrown, vertx)))
        .onSuccess(reply -> send(request, reply, vertx))
        .mapEmpty();
  }

  /** If the body was given up, its sender may read the answer before the connection closes. */
  private static void send(HttpServerRequest request, Reply reply, Vertx vertx) {
    AdminAnswer.send(request, reply);
    if (!request.isEnded()) {
      vertx.setTimer(LINGER.toMillis(), late -> {
        Future<Void> unused = request.connection().close();
      });
    }
  }

  private static Reply failure(HttpServerRequest request, Throwable thrown, Vertx vertx) {
    if (thrown instanceof ProblemException problem) {
      return problem.reply();
    }
    Complaints.report(thrown, vertx);
    return AdminAnswer.plain(request, HttpResponseStatus.INTERNAL_SERVER_ERROR);
  }
}
