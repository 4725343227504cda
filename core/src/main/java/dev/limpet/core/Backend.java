package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.internal.HttpToken;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A server that requests can be routed to. A value: equal if all its parts are. Immutable.
 *
 * <p>Bindings know a backend by its {@link #name}: the id or, where the embedder gives a
 * generation, {@code id@generation}. The address is not part of it, so a backend may change its
 * address and keep its sessions; a server that took over another's id or address, and knows nothing
 * of its sessions, is told apart by a new generation.
 */
public final class Backend {

  /** The highest weight. */
  public static final int MAX_WEIGHT = 256;

  /** The last tier. */
  public static final int MAX_TIER = 255;

  private static final int MAX_ID_LENGTH = 128;
  private static final String NAME_RULE =
      "1.." + MAX_ID_LENGTH + " printable ASCII characters, no '@'";
  private static final int MAX_PORT = 65_535;

  private final String id;
  private final InetSocketAddress address;
  private final int weight;
  private final @Nullable String generation;
  private final int maxConnections;
  private final int tier;
  private final String name;

  private Backend(
      String id,
      InetSocketAddress address,
      int weight,
      @Nullable String generation,
      int maxConnections,
      int tier) {
    this.id = id;
    this.address = address;
    this.weight = weight;
    this.generation = generation;
    this.maxConnections = maxConnections;
    this.tier = tier;
    this.name = (generation == null) ? id : id + '@' + generation;
  }

  /**
   * {@return a backend of weight 1 in the first tier, without a generation and a limit of
   * connections}
   *
   * @param id 1..128 printable ASCII characters, no {@code @}
   * @param host the host's name or address; never looked up here
   * @param port 1..65535
   * @throws IllegalArgumentException if the id or the port is not as expected, or the host is empty
   */
  public static Backend of(String id, String host, int port) {
    checkName("id", id);
    if (host.isEmpty()) {
      throw new FaultException(Fault.of("host", "\"\"", "a host's name or address"));
    }
    if (port < 1 || port > MAX_PORT) {
      throw new FaultException(Fault.of("port", port, "1.." + MAX_PORT));
    }
    return new Backend(id, InetSocketAddress.createUnresolved(host, port), 1, null, 0, 0);
  }

  /** {@return what identifies the backend within its pool} */
  public String id() {
    return id;
  }

  /**
   * {@return what bindings know the backend by: its id, followed by {@code @generation} if it has
   * one}
   */
  public String name() {
    return name;
  }

  /** {@return where to connect to; unresolved} */
  public InetSocketAddress address() {
    return address;
  }

  /** {@return the name or address of the host to connect to} */
  public String host() {
    return address.getHostString();
  }

  /** {@return the port to connect to, 1..65535} */
  public int port() {
    return address.getPort();
  }

  /**
   * {@return how many new sessions the backend takes in proportion to the others, 0..256; 0 for
   * none}
   */
  public int weight() {
    return weight;
  }

  /** {@return which incarnation of its id this is, or null if the id alone says it} */
  public @Nullable String generation() {
    return generation;
  }

  /** {@return how many connections it takes at a time, or 0 if there is no limit} */
  public int maxConnections() {
    return maxConnections;
  }

  /**
   * {@return in which tier it serves, 0 the first: new sessions go to a later one if no earlier one
   * can serve}
   */
  public int tier() {
    return tier;
  }

  /**
   * {@return a copy with another weight}
   *
   * @param weight 0..256; 0 takes no new sessions
   * @throws IllegalArgumentException if it is out of range
   */
  public Backend withWeight(int weight) {
    if (weight < 0 || weight > MAX_WEIGHT) {
      throw new IllegalArgumentException(
          "weight: " + weight + " (expected: 0.." + MAX_WEIGHT + ")");
    }
    return new Backend(id, address, weight, generation, maxConnections, tier);
  }

  /**
   * {@return a copy at another address}
   *
   * @param host the host's name or address; never looked up here
   * @param port 1..65535
   * @throws IllegalArgumentException if the port is out of range or the host is empty
   */
  public Backend withAddress(String host, int port) {
    return new Backend(id, of(id, host, port).address, weight, generation, maxConnections, tier);
  }

  /**
   * {@return a copy of another generation: to all bindings, another backend}
   *
   * @param generation 1..128 printable ASCII characters, no {@code @}; null for none
   * @throws IllegalArgumentException if it is not as expected
   */
  public Backend withGeneration(@Nullable String generation) {
    if (generation != null) {
      checkName("generation", generation);
    }
    return new Backend(id, address, weight, generation, maxConnections, tier);
  }

  /**
   * {@return a copy with a limit of connections} It needs a pool that {@linkplain
   * PoolBuilder#countConnections counts connections}.
   *
   * @param maxConnections how many it takes at a time, 1 or more; 0 for no limit
   * @throws IllegalArgumentException if it is negative
   */
  public Backend withMaxConnections(int maxConnections) {
    if (maxConnections < 0) {
      throw new FaultException(Fault.of("maxConnections", maxConnections, "0 or more"));
    }
    return new Backend(id, address, weight, generation, maxConnections, tier);
  }

  /**
   * {@return a copy in another tier} A backup server is one in tier 1.
   *
   * @param tier 0..255
   * @throws IllegalArgumentException if it is out of range
   */
  public Backend withTier(int tier) {
    if (tier < 0 || tier > MAX_TIER) {
      throw new FaultException(Fault.of("tier", tier, "0.." + MAX_TIER));
    }
    return new Backend(id, address, weight, generation, maxConnections, tier);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Backend that
        && name.equals(that.name)
        && address.equals(that.address)
        && weight == that.weight
        && maxConnections == that.maxConnections
        && tier == that.tier;
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, address, weight, maxConnections, tier);
  }

  /** {@return the name, the address, the weight, and what else is set} */
  @Override
  public String toString() {
    return name + " (" + host() + ':' + port() + ", weight " + weight
        + (maxConnections == 0 ? "" : ", at most " + maxConnections + " connections")
        + (tier == 0 ? "" : ", tier " + tier) + ')';
  }

  private static void checkName(String setting, String value) {
    requireNonNull(value, setting);
    if (value.isEmpty()
        || value.length() > MAX_ID_LENGTH
        || !value.chars().allMatch(Backend::isNameChar)) {
      throw new FaultException(Fault.of(setting, HttpToken.quoted(value), NAME_RULE));
    }
  }

  private static boolean isNameChar(int c) {
    return c >= ' ' && c <= '~' && c != '@';
  }
}
