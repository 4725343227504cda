package dev.limpet.examples.gateway.admin;

import dev.limpet.micrometer.LimpetMetrics;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The metrics of the gateway, in the text formats of Prometheus. */
public final class MetricsPage implements AdminPage {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN_METRICS_TYPE = "application/openmetrics-text";
  private static final String OPEN_METRICS = OPEN_METRICS_TYPE + "; version=1.0.0; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private LimpetMetrics limpet; // guarded by this, as is every scrape

  /**
   * Makes a page.
   *
   * @param limpet the metrics of the routers and pools
   * @param more other metrics
   */
  public MetricsPage(LimpetMetrics limpet, List<MeterBinder> more) {
    this.limpet = limpet;
    limpet.bindTo(registry);
    more.forEach(binder -> binder.bindTo(registry));
  }

  @Override
  public Set<HttpMethod> methods() {
    return Set.of(HttpMethod.GET);
  }

  /** Counts bindings, which may take some milliseconds, on a thread that may block. */
  @Override
  public void answer(HttpServerRequest request, Map<String, String> names, Vertx vertx) {
    String type = type(request);
    Future<Void> unused = vertx
        .executeBlocking(() -> scrape(type), false)
        .onSuccess(content -> AdminAnswer.send(request, type, content))
        .onFailure(thrown -> {
          Complaints.report(thrown, vertx);
          AdminAnswer.send(request, HttpResponseStatus.INTERNAL_SERVER_ERROR);
        })
        .mapEmpty();
  }

  /**
   * Shows the metrics of other routers from now on. No scrape shows parts of both.
   *
   * @param next the metrics of the present routers and pools
   */
  public synchronized void replace(LimpetMetrics next) {
    limpet.close();
    limpet = next;
    next.bindTo(registry);
  }

  private synchronized Buffer scrape(String type) {
    limpet.refresh();
    return Buffer.buffer(registry.scrape(type));
  }

  private static String type(HttpServerRequest request) {
    return request.headers().getAll(HttpHeaderNames.ACCEPT).stream()
            .anyMatch(accepted -> accepted.contains(OPEN_METRICS_TYPE))
        ? OPEN_METRICS
        : TEXT;
  }
}
