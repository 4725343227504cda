package dev.limpet.examples.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * Users with a connection and a cookie jar each, who ask again as soon as they are answered, and
 * note which backend answered. A user may move only from a backend that died since it last
 * answered.
 */
final class Visitors implements AutoCloseable {
  private static final Duration EACH_IS_ANSWERED = Duration.ofMinutes(1);
  private static final int TROUBLES_SHOWN = 20;
  private static final int NONE = -1;

  private final long start = System.nanoTime();
  private final Vertx vertx = Vertx.vertx();
  private final List<BackendProcess> backends;
  private final List<Visitor> visitors = new ArrayList<>();
  private final LongAdder requests = new LongAdder();
  private final LongAdder moves = new LongAdder();
  private final Map<String, Integer> cut = new ConcurrentHashMap<>();
  private final LongAdder troubles = new LongAdder();
  private final Queue<String> shown = new ConcurrentLinkedQueue<>();
  private volatile boolean over;

  Visitors(List<BackendProcess> backends) {
    this.backends = List.copyOf(backends);
  }

  /** Lets more users come, all from one address, to a port. */
  void come(int users, String address, int port) {
    HttpClientAgent client =
        vertx.createHttpClient(new HttpClientOptions().setLocalAddress(address));
    for (int i = 0; i < users; i++) {
      Visitor visitor = new Visitor(client, port);
      visitors.add(visitor);
      visitor.connect();
    }
  }

  /** Waits until each was answered once more than before. */
  void awaitAnswers() throws Exception {
    List<Long> before = visitors.stream().map(visitor -> visitor.answered.get()).toList();
    Wait.until(EACH_IS_ANSWERED, () -> {
      for (int i = 0; i < before.size(); i++) {
        if (visitors.get(i).answered.get() == before.get(i)) {
          return false;
        }
      }
      return true;
    });
  }

  /** How many answers there were. */
  long requests() {
    return requests.sum();
  }

  /** How many users changed from a backend that had died. */
  long moves() {
    return moves.sum();
  }

  /** How requests failed while the backend of their user died, and how many. */
  Map<String, Integer> cut() {
    return Map.copyOf(cut);
  }

  /** How many requests failed or changed their backend without a reason. */
  long troubles() {
    return troubles.sum();
  }

  /** What the first troubles were. */
  List<String> shown() {
    return List.copyOf(shown);
  }

  /** Lets nobody ask again. */
  void stop() {
    over = true;
  }

  @Override
  public void close() {
    stop();
    vertx.close().await();
  }

  private int[] phases() {
    return backends.stream().mapToInt(BackendProcess::phase).toArray();
  }

  private int index(String id) {
    for (int i = 0; i < backends.size(); i++) {
      if (backends.get(i).id().equals(id)) {
        return i;
      }
    }
    throw new IllegalArgumentException("backend: " + id);
  }

  private void trouble(String what) {
    troubles.increment();
    if (shown.size() < TROUBLES_SHOWN) {
      long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
      shown.add(what + ", at " + seconds + " s");
    }
  }

  private final class Visitor {
    private final HttpClientAgent client;
    private final HttpConnectOptions gateway;
    private final Map<String, String> jar = new ConcurrentHashMap<>();
    private final AtomicLong answered = new AtomicLong();
    private int home = NONE;
    private int phaseOfHome;

    Visitor(HttpClientAgent client, int port) {
      this.client = client;
      this.gateway = new HttpConnectOptions().setHost("127.0.0.1").setPort(port);
    }

    void connect() {
      client.connect(gateway).onComplete(this::ask, this::lost);
    }

    private void ask(HttpClientConnection connection) {
      if (over) {
        return;
      }
      int[] phases = phases();
      connection
          .request(new RequestOptions().setMethod(HttpMethod.GET).setURI("/"))
          .compose(this::send)
          .onComplete(
              answer -> {
                heard(answer, phases);
                ask(connection);
              },
              cause -> {
                failed(cause.toString(), phases);
                connection.close().onComplete(closed -> connect());
              });
    }

    private Future<Answer> send(HttpClientRequest request) {
      if (!jar.isEmpty()) {
        request.putHeader("cookie", cookies());
      }
      return request.send().compose(response -> {
        keep(response);
        return response.body().map(body -> new Answer(response.statusCode(), body.toString()));
      });
    }

    private void heard(Answer answer, int[] phases) {
      if (answer.status() == 200) {
        servedBy(index(answer.body()), phases);
      } else {
        failed(answer.toString(), phases);
      }
    }

    private void servedBy(int backend, int[] phases) {
      if (home != NONE && home != backend) {
        moved(backend);
      }
      home = backend;
      phaseOfHome = phases[backend];
      requests.increment();
      answered.incrementAndGet();
    }

    private void moved(int to) {
      if (!backends.get(home).servedSince(phaseOfHome)) {
        moves.increment();
      } else {
        trouble(
            "moved from " + backends.get(home).id() + " to " + backends.get(to).id());
      }
    }

    private void failed(String what, int[] phases) {
      if (over) {
        return;
      }
      if (home != NONE && !backends.get(home).servedSince(phases[home])) {
        cut.merge(what, 1, Integer::sum);
      } else {
        trouble(what + " after " + answered + " answers");
      }
    }

    private void lost(Throwable cause) {
      if (!over) {
        trouble("connect: " + cause);
      }
    }

    private void keep(HttpClientResponse response) {
      for (String field : response.headers().getAll("set-cookie")) {
        String pair = field.split(";", 2)[0];
        int equals = pair.indexOf('=');
        jar.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }

    private String cookies() {
      return jar.entrySet().stream()
          .map(cookie -> cookie.getKey() + '=' + cookie.getValue())
          .collect(Collectors.joining("; "));
    }
  }

  private record Answer(int status, String body) {}
}
