package dev.limpet.l4;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Environment;
import dev.limpet.core.Fault;
import dev.limpet.core.FaultException;
import dev.limpet.core.Layer;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Recall;
import dev.limpet.core.StickySession;
import dev.limpet.core.TableFactory;
import dev.limpet.core.affinity.ForwardingAffinity;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.affinity.Quota;
import dev.limpet.core.table.Restored;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Binds the connections of one client address, or of one network, to one backend. A connection
 * without an address belongs to no session. Safe for use by many threads at once.
 *
 * <pre>{@code
 * StickyRouter<Socket> router =
 *     StickyRouter.of(pool, SourceIpAffinity.builder(Socket::getInetAddress).build());
 * }</pre>
 *
 * <p>Addresses are compared as {@link SourceIp} does: IPv4-mapped ones count as IPv4, zones are
 * ignored, and host names are never looked up. All clients behind one NAT address are one session.
 *
 * @param <R> the embedder's connection, or request
 */
public final class SourceIpAffinity<R> extends ForwardingAffinity<R> {
  private static final int IPV4_NETWORK = 24;
  private static final int IPV6_NETWORK = 56;

  private final KeyAffinity<R> keys;

  private SourceIpAffinity(KeyAffinity<R> keys) {
    super(keys);
    this.keys = keys;
  }

  /**
   * {@return a builder of an affinity by source address}
   *
   * @param address finds the client's address: that of the peer, or the one that a trusted proxy
   *     reported; null if absent
   * @param <R> the embedder's connection, or request
   */
  public static <R> Builder<R> builder(
      Function<? super R, ? extends @Nullable InetAddress> address) {
    return builder(SourceIp.of(address));
  }

  /**
   * {@return a builder of an affinity by source address}
   *
   * @param source finds the key of the client's address, such as {@link SourceIp#ofBytes}; its
   *     prefixes are the builder's defaults
   * @param <R> the embedder's connection, or request
   */
  public static <R> Builder<R> builder(SourceIp<R> source) {
    return new Builder<>(requireNonNull(source, "source"));
  }

  @Override
  public Recall recall(R request, PoolSnapshot pool) {
    return keys.recall(request, pool);
  }

  @Override
  public Recall peek(R request, PoolSnapshot pool) {
    return keys.peek(request, pool);
  }

  @Override
  public long key(R request) {
    return keys.key(request);
  }

  @Override
  public boolean admits(R request, long key) {
    return keys.admits(request, key);
  }

  /** {@return the number of times that the quota rejected a connection; 0 without a quota} */
  public long overQuota() {
    return keys.overQuota();
  }

  /**
   * Saves the live bindings, as {@link KeyAffinity#save} does.
   *
   * @param file the file to write; replaced if it exists
   * @throws IOException if the file cannot be written, or the table cannot be saved
   */
  public void save(Path file) throws IOException {
    keys.save(file);
  }

  /**
   * Restores saved bindings, as {@link KeyAffinity#restore} does. Call this before requests are
   * routed. Restored sessions do not count against a {@link Quota}.
   *
   * @param file a file that {@link #save} of an affinity with the same secret wrote; see {@link
   *     Builder#environment}
   * @return the result; a file that cannot be read, or was not written by {@link #save} with this
   *     secret, changes nothing
   */
  public Restored restore(Path file) {
    return keys.restore(file);
  }

  /** Expects the return of rejected sessions, as {@link KeyAffinity#expectRejected} does. */
  public void expectRejected() {
    keys.expectRejected();
  }

  @Override
  public Environment environment() {
    return keys.environment();
  }

  @Override
  public StickySession session() {
    return keys.session();
  }

  /**
   * Settings of a {@link SourceIpAffinity}. Not for use by several threads at once.
   *
   * @param <R> the embedder's connection, or request
   */
  public static final class Builder<R> {
    private SourceIp<R> source;
    private StickySession session = StickySession.sourceIp();
    private Environment environment = Environment.local();
    private @Nullable TableFactory table;
    private @Nullable Quota quota;

    private Builder(SourceIp<R> source) {
      this.source = source;
    }

    /**
     * Sets how many leading bits of an IPv4 address count. Default 32: each address is its own
     * session. With 24, the 256 addresses of a network share one backend.
     *
     * @param bits 0..32
     * @return this builder
     * @throws IllegalArgumentException if the number is out of range
     */
    public Builder<R> ipv4Prefix(int bits) {
      source = source.withIpv4Prefix(bits);
      return this;
    }

    /**
     * Sets how many leading bits of an IPv6 address count. Default 128: each address is its own
     * session. With 64, a client that changes its address within its network stays on its backend.
     *
     * @param bits 0..128
     * @return this builder
     * @throws IllegalArgumentException if the number is out of range
     */
    public Builder<R> ipv6Prefix(int bits) {
      source = source.withIpv6Prefix(bits);
      return this;
    }

    /**
     * Declares how sessions stick. Default {@link StickySession#sourceIp}: sliding, 20 minutes.
     *
     * @param session a declaration of the type {@code source-ip}; the router checks the rest of it
     *     against its profile
     * @return this builder
     * @throws IllegalArgumentException if the declaration has another type
     */
    public Builder<R> session(StickySession session) {
      if (session.type() != StickySession.Type.SOURCE_IP) {
        throw new FaultException(Fault.of(
            "type", session.type(), StickySession.Type.SOURCE_IP + " at " + Layer.LAYER_4));
      }
      this.session = session;
      return this;
    }

    /**
     * Sets the secret from which keys are made, and the clocks. The table gets them too. Default
     * {@link Environment#local}. If proxies must make the same rendezvous choices, or tables are
     * saved, use an environment with a secret.
     *
     * @param environment the secret and the clocks
     * @return this builder
     */
    public Builder<R> environment(Environment environment) {
      this.environment = requireNonNull(environment, "environment");
      return this;
    }

    /**
     * Sets the table. Default: a table in this process with a capacity of {@link
     * KeyAffinity#DEFAULT_CAPACITY}.
     *
     * @param table makes the table; called once, by {@link #build}
     * @return this builder
     */
    public Builder<R> table(TableFactory table) {
      this.table = requireNonNull(table, "table");
      return this;
    }

    /**
     * Limits how many sessions may take slots, in total or per network. A network is a /24 or, with
     * IPv6, a /56; if the prefix of a session is shorter than that, each session is its own
     * network. Default: no limit except the number of slots.
     *
     * @param quota the limits
     * @return this builder
     */
    public Builder<R> quota(Quota quota) {
      this.quota = requireNonNull(quota, "quota");
      return this;
    }

    /**
     * {@return the affinity}
     *
     * @throws IllegalArgumentException if the table cannot be made, or if the quota is a share of
     *     the table's capacity and that is unknown
     */
    public SourceIpAffinity<R> build() {
      KeyAffinity.Builder<R> keys =
          KeyAffinity.<R>builder(source).session(session).environment(environment);
      if (table != null) {
        keys.table(table);
      }
      if (quota != null) {
        keys.quota(quota, source.within(IPV4_NETWORK, IPV6_NETWORK));
      }
      return new SourceIpAffinity<>(keys.build());
    }
  }
}
