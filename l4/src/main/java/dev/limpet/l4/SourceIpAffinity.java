package dev.limpet.l4;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Affinity;
import dev.limpet.core.Bound;
import dev.limpet.core.Environment;
import dev.limpet.core.Fault;
import dev.limpet.core.FaultException;
import dev.limpet.core.Layer;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Recall;
import dev.limpet.core.Remaining;
import dev.limpet.core.StickySession;
import dev.limpet.core.TableFactory;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.affinity.Quota;
import dev.limpet.core.table.Restored;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
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
 * <p>Addresses are compared as {@link SourceIp} does: IPv4-mapped ones are IPv4, zones do not
 * count, and no name is ever looked up. All clients behind one address translator are one session.
 *
 * @param <R> the embedder's connection, or request
 */
public final class SourceIpAffinity<R> implements Affinity<R> {
  private static final int IPV4_NETWORK = 24;
  private static final int IPV6_NETWORK = 56;

  private final KeyAffinity<R> keys;

  private SourceIpAffinity(KeyAffinity<R> keys) {
    this.keys = keys;
  }

  /**
   * {@return a builder of an affinity by source address}
   *
   * @param address finds the client's address: the peer's, or what a trusted proxy reported; null
   *     if there is none
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
  public CompletionStage<Bound> bindAsync(
      long key, @Nullable String expected, String candidate, boolean byHash) {
    return keys.bindAsync(key, expected, candidate, byHash);
  }

  @Override
  public boolean admits(R request, long key) {
    return keys.admits(request, key);
  }

  @Override
  public void endAdmission(long key) {
    keys.endAdmission(key);
  }

  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    return keys.bind(key, expected, candidate, byHash);
  }

  @Override
  public boolean unbind(long key, String expected) {
    return keys.unbind(key, expected);
  }

  @Override
  public Remaining remaining(String name) {
    return keys.remaining(name);
  }

  /** {@return how many times a connection was refused a place by the quota; 0 without one} */
  public long overQuota() {
    return keys.overQuota();
  }

  /**
   * Saves the live bindings, as {@link KeyAffinity#save} does.
   *
   * @param file where to; replaced if it is there
   * @throws IOException if the file cannot be written, or the table cannot be saved
   */
  public void save(Path file) throws IOException {
    keys.save(file);
  }

  /**
   * Restores bindings that were saved, as {@link KeyAffinity#restore} does. Call this before
   * requests are routed. Restored sessions count for no {@link Quota}.
   *
   * @param file what {@link #save} of an affinity with the same secret wrote; see {@link
   *     Builder#environment}
   * @return what was restored; a file that cannot be read, or was not written so, changes nothing
   */
  public Restored restore(Path file) {
    return keys.restore(file);
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
     * Sets how many leading bits of an IPv4 address count. Default 32: each address is a session of
     * its own. With 24, the 256 addresses of a network share one backend.
     *
     * @param bits 0..32
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder<R> ipv4Prefix(int bits) {
      source = source.withIpv4Prefix(bits);
      return this;
    }

    /**
     * Sets how many leading bits of an IPv6 address count. Default 128: each address is a session
     * of its own. With 64, a client that changes its address within its network stays on its
     * backend.
     *
     * @param bits 0..128
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
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
     * @throws IllegalArgumentException if it is of another type
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
     * Sets the secret that keys are made with, and the clocks; the table gets it too. Default
     * {@link Environment#local}: proxies that are to make the same rendezvous choices, and tables
     * that are saved, need an environment with a secret.
     *
     * @param environment the secret and the clocks
     * @return this builder
     */
    public Builder<R> environment(Environment environment) {
      this.environment = requireNonNull(environment, "environment");
      return this;
    }

    /**
     * Sets the table. Default: one of {@link KeyAffinity#DEFAULT_CAPACITY} sessions in this
     * process.
     *
     * @param table makes the table; called once, by {@link #build}
     * @return this builder
     */
    public Builder<R> table(TableFactory table) {
      this.table = requireNonNull(table, "table");
      return this;
    }

    /**
     * Sets how many sessions may take places, in all or of one network: of one /24 or, by IPv6,
     * /56, or of what is one session if that is larger. Default: as many as there are places.
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
     * @throws IllegalArgumentException if the table cannot be made, or the quota is a share of its
     *     capacity and that is not known
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
