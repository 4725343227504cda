package dev.limpet.examples.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Live figures: a sample at once, then one after each interval, each in a line. All readers share
 * the timer and the samples. A reader that is too slow misses samples, and is dropped after many.
 * For use by one event loop.
 */
final class FigureStreams implements AdminPage {
  static final int MAX_STREAMS = 100;
  static final int MAX_MISSED = 30;

  private static final String TYPE = "application/x-ndjson";
  private static final String TOO_MANY =
      "streams: more than " + MAX_STREAMS + " (expected: at most " + MAX_STREAMS + ')';

  private final Supplier<JsonObject> sampler;
  private final Duration interval;
  private final Set<Reader> readers = new LinkedHashSet<>();
  private @Nullable Long timer;
  private @Nullable Future<Buffer> sampling;
  private boolean isClosed;

  /**
   * Makes a page.
   *
   * @param sampler computes a sample, and may block
   * @param interval the time from sample to sample
   */
  FigureStreams(Supplier<JsonObject> sampler, Duration interval) {
    this.sampler = sampler;
    this.interval = interval;
  }

  /** A page that reads the figures. */
  private static final class Reader {
    final HttpServerResponse response;
    int missed;

    Reader(HttpServerResponse response) {
      this.response = response;
    }

    /** Writes a sample if the reader has read the earlier ones. Returns false if it is too slow. */
    boolean offer(Buffer sample) {
      if (response.writeQueueFull()) {
        missed++;
      } else {
        missed = 0;
        Future<Void> unused = response.write(sample);
      }
      return missed < MAX_MISSED;
    }
  }

  @Override
  public Set<HttpMethod> methods() {
    return Set.of(HttpMethod.GET);
  }

  @Override
  public void answer(HttpServerRequest request, Map<String, String> names, Vertx vertx) {
    Reply head = new Reply(HttpResponseStatus.OK, TYPE, Map.of(), Buffer.buffer());
    if (request.method().equals(HttpMethod.HEAD)) {
      Future<Void> unused = AdminAnswer.begin(request, head).end();
    } else if (isClosed || readers.size() >= MAX_STREAMS) {
      AdminAnswer.send(request, Problem.of(HttpResponseStatus.SERVICE_UNAVAILABLE, TOO_MANY));
    } else {
      add(new Reader(AdminAnswer.begin(request, head).setChunked(true)), vertx);
    }
  }

  private void add(Reader reader, Vertx vertx) {
    readers.add(reader);
    reader.response.closeHandler(closed -> remove(reader, vertx));
    reader.response.exceptionHandler(thrown -> remove(reader, vertx));
    if (timer == null) {
      timer = vertx.setPeriodic(Math.max(1, interval.toMillis()), tick -> spread(vertx));
    }
    Future<Void> unused =
        sample(vertx).onSuccess(sample -> offer(reader, sample, vertx)).mapEmpty();
  }

  private void spread(Vertx vertx) {
    Future<Void> unused = sample(vertx)
        .onSuccess(sample -> List.copyOf(readers).forEach(reader -> offer(reader, sample, vertx)))
        .mapEmpty();
  }

  private void offer(Reader reader, Buffer sample, Vertx vertx) {
    if (readers.contains(reader) && !reader.offer(sample)) {
      remove(reader, vertx);
      Future<Void> unused = reader.response.reset();
    }
  }

  private Future<Buffer> sample(Vertx vertx) {
    Future<Buffer> running = sampling;
    if (running == null) {
      running = vertx.executeBlocking(() -> sampler.get().toBuffer().appendString("\n"), false);
      sampling = running;
      Future<Buffer> unused = running
          .onComplete(done -> sampling = null)
          .onFailure(thrown -> Complaints.report(thrown, vertx));
    }
    return running;
  }

  private void remove(Reader reader, Vertx vertx) {
    readers.remove(reader);
    if (readers.isEmpty()) {
      stop(vertx);
    }
  }

  private void stop(Vertx vertx) {
    if (timer != null) {
      vertx.cancelTimer(timer);
      timer = null;
    }
  }

  /** Returns the number of readers. */
  int size() {
    return readers.size();
  }

  /**
   * Ends all streams, and refuses new ones.
   *
   * @return completes when no sample is computed any more
   */
  Future<Void> close(Vertx vertx) {
    isClosed = true;
    stop(vertx);
    List<Reader> last = List.copyOf(readers);
    readers.clear();
    for (Reader reader : last) {
      Future<Void> unused = reader.response.end();
    }
    Future<Buffer> running = sampling;
    return (running == null)
        ? Future.succeededFuture()
        : running.otherwiseEmpty().mapEmpty();
  }
}
