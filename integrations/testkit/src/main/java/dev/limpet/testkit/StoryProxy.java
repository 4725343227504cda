package dev.limpet.testkit;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Pool;

/**
 * A running proxy, as a {@link StickyStory} sees it. {@link #of} makes one of any proxy that routes
 * by a {@link Pool}.
 */
public interface StoryProxy {

  /** {@return the port at which it accepts HTTP/1.1, on the loopback interface} */
  int port();

  /**
   * Drains a backend: it serves its own sessions and takes no new ones.
   *
   * @param id the backend's id
   * @throws Exception if it cannot be drained; the test fails
   */
  void drain(String id) throws Exception;

  /** {@return how many routes are not closed yet} */
  int openRoutes();

  /**
   * Closes the proxy and all its connections.
   *
   * @throws Exception if it cannot be closed; the test fails
   */
  void close() throws Exception;

  /**
   * {@return a running proxy}
   *
   * @param pool the pool that it routes by, which must {@linkplain Pool#counts count connections}
   * @param port the port at which it accepts HTTP/1.1, on the loopback interface
   * @param proxy closes it
   * @throws IllegalArgumentException if the pool does not count connections, because then nothing
   *     tells how many routes are open
   */
  static StoryProxy of(Pool pool, int port, AutoCloseable proxy) {
    requireNonNull(proxy, "proxy");
    if (!pool.counts()) {
      throw new IllegalArgumentException(
          "pool: " + pool.name() + " (expected: one that counts connections)");
    }
    return new StoryProxy() {
      @Override
      public int port() {
        return port;
      }

      @Override
      public void drain(String id) {
        pool.change(edit -> edit.drain(id));
      }

      @Override
      public int openRoutes() {
        return pool.snapshot().members().stream()
            .mapToInt(member -> member.load().connections())
            .sum();
      }

      @Override
      public void close() throws Exception {
        proxy.close();
      }
    };
  }
}
