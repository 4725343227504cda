package dev.limpet.examples.embedding;

import dev.limpet.core.Backend;
import dev.limpet.core.FailureKind;
import dev.limpet.core.PassiveHealth;
import dev.limpet.core.Pool;
import dev.limpet.l7.StickyExchange;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;

/** The examples of {@code docs/health.md}. */
final class HealthExamples extends Embedder {

  /** Sends a request on a connection that may break. */
  interface Connection {
    Response transmit(StickyExchange<Request, Response> exchange) throws IOException;
  }

  private final Connection connection;

  HealthExamples(Connection connection) {
    this.connection = connection;
  }

  private Response transmit(StickyExchange<Request, Response> exchange) throws IOException {
    return connection.transmit(exchange);
  }

  Pool standard(List<Backend> backends) {
    Pool pool = Pool.builder("web")
        .backends(backends)
        .passiveHealth(PassiveHealth.standard())
        .build();
    return pool;
  }

  Response answer(StickyExchange<Request, Response> exchange) {
    try {
      Response response = transmit(exchange); // throws if the connection breaks
      exchange.responded(response); // a success
      return response;
    } catch (SocketTimeoutException late) {
      exchange.failed(FailureKind.TIMEOUT);
      return new Response(504, new Headers());
    } catch (IOException broken) {
      exchange.failed(FailureKind.RESET_BEFORE_RESPONSE);
      return new Response(502, new Headers());
    }
  }

  PassiveHealth settings() {
    PassiveHealth health = PassiveHealth.builder()
        .failures(5)
        .statuses(502, 503, 504)
        .grace(Duration.ofSeconds(5))
        .listener((backend, ejection) -> log.info("{} is ejected {}", backend.id(), ejection))
        .build();
    return health;
  }

  void check(Pool pool, Backend backend, boolean healthy) {
    pool.report(backend, healthy); // false if the pool does not have this backend any more
  }
}
