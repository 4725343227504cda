package dev.limpet.jfr;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Drained;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.RouteListener;
import java.util.concurrent.CompletionStage;

/**
 * Emits events for the JDK Flight Recorder.
 *
 * <pre>{@code
 * StickyRouter<Request> router = StickyRouter.builder(pool, affinity)
 *     .listener(JfrEvents.listener(pool))
 *     .build();
 * }</pre>
 *
 * <table>
 * <caption>The events</caption>
 * <tr><th>name</th><th>emitted when</th></tr>
 * <tr><td>{@code dev.limpet.Bind}</td>
 *     <td>a request binds its new session to a backend ({@link Outcome#NEW})</td></tr>
 * <tr><td>{@code dev.limpet.Move}</td>
 *     <td>a session is bound to another backend ({@link Outcome#MOVED})</td></tr>
 * <tr><td>{@code dev.limpet.Reject}</td>
 *     <td>a request gets no backend ({@link Outcome#REFUSED}, {@link
 *     Outcome#NO_BACKEND})</td></tr>
 * <tr><td>{@code dev.limpet.Drain}</td>
 *     <td>a drain has ended; its duration is that of the drain</td></tr>
 * </table>
 *
 * <p>The events are off unless a recording enables them, for example with {@code
 * dev.limpet.Move#enabled=true}. While they are off, a request allocates nothing for them. They
 * name pools and backends, and nothing of a session or a client. A session that a response begins,
 * such as one with an application cookie, has no event when it is bound.
 */
public final class JfrEvents {
  private static final BindEvent BIND = new BindEvent(); // these only tell what is enabled
  private static final MoveEvent MOVE = new MoveEvent();
  private static final RejectEvent REJECT = new RejectEvent();

  private JfrEvents() {}

  /**
   * {@return a listener that emits the events of a router's requests}
   *
   * @param pool the router's pool, whose name the events have
   * @see RouteListener#andThen
   */
  public static RouteListener<Object> listener(Pool pool) {
    String name = pool.name();
    return (request, route) -> emit(name, route);
  }

  /**
   * Emits an event when a drain has ended.
   *
   * <pre>{@code
   * JfrEvents.recordDrain(pool, "web1", router.drain("web1", Duration.ofMinutes(30), executor));
   * }</pre>
   *
   * @param pool the pool
   * @param id the backend's id
   * @param drain the result of {@code drain} of a router of this pool, which has just been called
   * @return the same stage
   */
  public static CompletionStage<Drained> recordDrain(
      Pool pool, String id, CompletionStage<Drained> drain) {
    DrainEvent event = new DrainEvent();
    event.pool = pool.name();
    event.backend = requireNonNull(id, "id");
    event.begin();
    CompletionStage<Drained> unused = drain.whenComplete((drained, failed) -> event.end(drained));
    return drain;
  }

  private static void emit(String pool, Route route) {
    switch (route.outcome()) {
      case NEW -> emitBind(pool, route);
      case MOVED -> emitMove(pool, route);
      case REFUSED, NO_BACKEND -> emitReject(pool, route);
      default -> {} // no session was bound
    }
  }

  private static void emitBind(String pool, Route route) {
    if (BIND.isEnabled()) {
      BindEvent event = new BindEvent();
      event.pool = pool;
      event.backend = Texts.backend(route);
      event.reason = Texts.reason(route);
      event.rerouted = route.failed() != null;
      event.commit();
    }
  }

  private static void emitMove(String pool, Route route) {
    if (MOVE.isEnabled()) {
      MoveEvent event = new MoveEvent();
      event.pool = pool;
      event.from = route.movedFrom();
      event.backend = Texts.backend(route);
      event.reason = Texts.reason(route);
      event.rerouted = route.failed() != null;
      event.commit();
    }
  }

  private static void emitReject(String pool, Route route) {
    if (REJECT.isEnabled()) {
      RejectEvent event = new RejectEvent();
      event.pool = pool;
      event.outcome = route.outcome().name();
      event.reason = Texts.reason(route);
      event.rerouted = route.failed() != null;
      event.commit();
    }
  }
}
