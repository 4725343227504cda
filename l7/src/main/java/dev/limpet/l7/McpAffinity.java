package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Pool;
import dev.limpet.core.TableFactory;

/**
 * A {@link HeaderAffinity} for the sessions of the Model Context Protocol (MCP) over streamable
 * HTTP, versions 2025-03-26 to 2025-11-25: by the field {@code Mcp-Session-Id}. These settings
 * differ from those of another field:
 *
 * <ul>
 * <li>The suggested failover is {@link dev.limpet.core.Failover#STRICT}, because another server
 *     does not know the session. A session whose server is down is refused with 503 and continues
 *     later. If the server has left the pool, the status is 404, so that the client begins anew;
 *     {@link HeaderAffinity#statusWithoutBackend} returns it. Servers that share their sessions may
 *     have another failover.
 * <li>In a learned affinity, a {@code DELETE} request with a 2xx response ends its session. {@link
 *     HttpAccess#method} must return the method.
 * <li>The field is ignored in a request whose {@code MCP-Protocol-Version} is a date from
 *     2026-07-28 on, and in its response, because there are no sessions since that version. {@link
 *     McpKeys} has keys for such requests.
 * </ul>
 *
 * <p>Requests without an id, such as {@code initialize}, are spread over all servers. If a connect
 * has failed, they may be rerouted.
 */
public final class McpAffinity {
  private static final String SESSION_ID = "Mcp-Session-Id";

  private McpAffinity() {}

  /**
   * {@return a sealed affinity with default settings}
   *
   * @param pool the servers
   * @param access reads and changes the embedder's requests and responses
   * @param <Q> the embedder's type of request
   * @param <S> the embedder's type of response
   */
  public static <Q, S> HeaderAffinity<Q, S> of(Pool pool, HttpAccess<Q, S> access) {
    return sealed(pool, access).build();
  }

  /**
   * {@return a builder of an affinity whose sessions are in the ids that clients get} See {@link
   * HeaderAffinity#sealed}.
   *
   * @param pool the servers
   * @param access reads and changes the embedder's requests and responses
   * @param <Q> the embedder's type of request
   * @param <S> the embedder's type of response
   */
  public static <Q, S> HeaderAffinity.Builder<Q, S> sealed(Pool pool, HttpAccess<Q, S> access) {
    return mcp(HeaderAffinity.sealed(pool, access, SESSION_ID));
  }

  /**
   * {@return a builder of an affinity whose sessions are in a table, so that clients get the
   * servers' own ids} See {@link HeaderAffinity#learned}.
   *
   * @param access reads the embedder's requests and responses
   * @param table makes the table
   * @param <Q> the embedder's type of request
   * @param <S> the embedder's type of response
   */
  public static <Q, S> HeaderAffinity.Builder<Q, S> learned(
      HttpAccess<Q, S> access, TableFactory table) {
    return mcp(HeaderAffinity.learned(access, SESSION_ID).table(requireNonNull(table, "table")));
  }

  private static <Q, S> HeaderAffinity.Builder<Q, S> mcp(HeaderAffinity.Builder<Q, S> builder) {
    builder.isMcp = true;
    return builder;
  }
}
