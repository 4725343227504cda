package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.internal.HttpToken;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server that requests can be routed to. A value: equal if all its parts are, except the {@link
 * #attachment}. Immutable.
 *
 * <p>Bindings refer to a backend by its {@link #name}: its id or, if it has a generation, {@code
 * id@generation}. The address is not part of the name, so a backend keeps its sessions when its
 * address changes. If a server takes over the id or address of another one, but does not have its
 * sessions, give it a new generation.
 */
public final class Backend {

  /** The highest weight. */
  public static final int MAX_WEIGHT = 256;

  /** The last tier. */
  public static final int MAX_TIER = 255;

  static final int MAX_ID_LENGTH = 128;

  private static final String NAME_RULE =
      "1.." + MAX_ID_LENGTH + " printable ASCII characters, no '@'";
  private static final int MAX_PORT = 65_535;
  private static final String HTTP = "http";
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*");

  private final String id;
  private final InetSocketAddress address;
  private final String scheme;
  private final int weight;
  private final @Nullable String generation;
  private final int maxConnections;
  private final int tier;
  private final @Nullable Object attachment;
  private final String name;

  private Backend(
      String id,
      InetSocketAddress address,
      String scheme,
      int weight,
      @Nullable String generation,
      int maxConnections,
      int tier,
      @Nullable Object attachment) {
    this.id = id;
    this.address = address;
    this.scheme = scheme;
    this.weight = weight;
    this.generation = generation;
    this.maxConnections = maxConnections;
    this.tier = tier;
    this.attachment = attachment;
    this.name = (generation == null) ? id : id + '@' + generation;
  }

  /**
   * {@return a backend of weight 1 in the first tier, of the scheme {@code http}, without a
   * generation, a limit of connections and an attachment}
   *
   * @param id 1..128 printable ASCII characters, no {@code @}; {@link #idOf} makes one of any text
   * @param host the host's name or address, an IPv6 address with or without brackets; never looked
   *     up here
   * @param port 1..65535
   * @throws IllegalArgumentException if the id or the port is invalid, or the host is empty
   */
  public static Backend of(String id, String host, int port) {
    checkName("id", id);
    return new Backend(id, unresolved(host, port), HTTP, 1, null, 0, 0, null);
  }

  /**
   * Makes an id of any text, such as an address, a URI or the name of an instance in a registry.
   *
   * <p>Printable ASCII stays as it is, so {@code 10.0.0.1:8080} is its own id. {@code @}, {@code %}
   * and all other characters become the octets of their UTF-8 in percent-encoding, so {@code
   * web@zürich} becomes {@code web%40z%C3%BCrich}. An unpaired surrogate becomes the three octets
   * that UTF-8 would have for it. If the result is longer than 128 characters, the id is made of
   * three parts: as much of its beginning as fits into 62 characters, {@code %~}, and the SHA-256
   * of the text's octets as 64 hexadecimal digits.
   *
   * <p>The same text always has the same id, in every process and version. Different texts have
   * different ids, unless two of the long ones have the same SHA-256.
   *
   * @param text one character or more
   * @return 1..128 printable ASCII characters, no {@code @}
   * @throws IllegalArgumentException if the text is empty
   */
  public static String idOf(String text) {
    if (text.isEmpty()) {
      throw new FaultException(Fault.of("text", "\"\"", "one character or more"));
    }
    return BackendId.of(text);
  }

  /**
   * Scales weights of any range to those that a pool takes: 0..256. Meant for the weights that a
   * registry or another load balancer has.
   *
   * <p>Weights of which none is above 256 stay as they are. Otherwise all are divided by their
   * greatest common divisor. If one is still above 256, they are scaled so that the highest is 256,
   * and rounded to whole numbers; a weight that would become 0 is 1. Only a weight of 0 stays 0.
   * Tiers make no difference: to use the whole range in each, scale each by itself.
   *
   * @param weights each backend's weight, 0 or more, in place of its own
   * @return the backends with their scaled weights, in the order in which the map is iterated;
   *     unmodifiable
   * @throws FaultException if a weight is negative; the message names all of them
   */
  public static List<Backend> scaled(Map<Backend, Long> weights) {
    return WeightScale.of(weights).backends();
  }

  /** {@return the id, which is unique within a pool} */
  public String id() {
    return id;
  }

  /**
   * {@return the name by which bindings refer to the backend: its id, followed by {@code
   * @generation} if it has one}
   */
  public String name() {
    return name;
  }

  /**
   * {@return where to connect to; unresolved, as no name is looked up here} {@link
   * java.net.Socket#connect} refuses such an address with an {@link java.net.UnknownHostException},
   * and {@link java.nio.channels.SocketChannel#connect} with an {@link
   * java.nio.channels.UnresolvedAddressException}, even where the host is an IP address. To resolve
   * it, use {@code new InetSocketAddress(backend.host(), backend.port())}, which looks the name up
   * and may block meanwhile. Libraries that resolve names themselves, as Netty does, take it as it
   * is.
   */
  public InetSocketAddress address() {
    return address;
  }

  /**
   * {@return {@code host:port} as it stands in a URI} An IPv6 address is in brackets, and its zone
   * is encoded as RFC 6874 says: {@code fe80::1%eth0} and port 80 are {@code
   * [fe80::1%25eth0]:80}. Other hosts stay as they are. A zone means something on this machine
   * only; a {@code Host} field that is sent to others must not have it.
   */
  public String authority() {
    return Authority.of(host(), port());
  }

  /** {@return the scheme of the backend's URIs, in lower case; {@code http} by default} */
  public String scheme() {
    return scheme;
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
   * {@return the weight, 0..256: the backend's share of new sessions in proportion to the other
   * weights; with 0, it gets no new sessions}
   */
  public int weight() {
    return weight;
  }

  /**
   * {@return the generation, which distinguishes backends that use the same id one after the other;
   * null if absent}
   */
  public @Nullable String generation() {
    return generation;
  }

  /** {@return the maximum number of connections at a time; 0 for no limit} */
  public int maxConnections() {
    return maxConnections;
  }

  /**
   * {@return the tier, 0 for the first: new sessions go to a later tier only if no earlier one can
   * serve them}
   */
  public int tier() {
    return tier;
  }

  /**
   * {@return the embedder's object, or null if absent} It is no part of what makes backends
   * equal.
   *
   * @see #withAttachment
   */
  public @Nullable Object attachment() {
    return attachment;
  }

  /**
   * {@return a copy with another weight}
   *
   * @param weight 0..256; a backend of weight 0 takes no new sessions
   * @throws IllegalArgumentException if the value is out of range
   */
  public Backend withWeight(int weight) {
    if (weight < 0 || weight > MAX_WEIGHT) {
      throw new IllegalArgumentException(
          "weight: " + weight + " (expected: 0.." + MAX_WEIGHT + ")");
    }
    return new Backend(id, address, scheme, weight, generation, maxConnections, tier, attachment);
  }

  /**
   * {@return a copy with another address}
   *
   * @param host the host's name or address; never looked up here
   * @param port 1..65535
   * @throws IllegalArgumentException if the port is out of range or the host is empty
   */
  public Backend withAddress(String host, int port) {
    InetSocketAddress moved = unresolved(host, port);
    return new Backend(id, moved, scheme, weight, generation, maxConnections, tier, attachment);
  }

  /**
   * {@return a copy of another scheme} The router does not use it; it tells the embedder how to
   * talk to the backend.
   *
   * @param scheme a letter, followed by letters, digits, {@code +}, {@code -} and {@code .}, in any
   *     case (RFC 3986, section 3.1)
   * @throws IllegalArgumentException if it is not as expected
   */
  public Backend withScheme(String scheme) {
    if (!SCHEME.matcher(scheme).matches()) {
      throw new FaultException(Fault.of(
          "scheme",
          HttpToken.quoted(scheme),
          "a letter, followed by letters, digits, '+', '-' and '.'"));
    }
    String lower = scheme.toLowerCase(Locale.ROOT);
    return new Backend(id, address, lower, weight, generation, maxConnections, tier, attachment);
  }

  /**
   * {@return a copy that carries an object of the embedder's} Meant for what the embedder needs
   * once it knows the backend, such as a connection pool or the instance of a registry: {@code
   * route.backend().attachment()}. The router never looks at it.
   *
   * <p>The attachment is no part of {@link #equals}, {@link #hashCode} and {@link #toString}, and
   * all other {@code with} methods keep it. A pool tells attachments apart by identity. An edit
   * that replaces a backend by an equal one with another attachment takes effect: routes from then
   * on carry the new object, and nothing else changes. Routes that were made before keep the old
   * one. A balancer's picker is not made anew for it, and keeps the objects that it was made with
   * until the set of backends or a weight changes.
   *
   * @param attachment any object, or null; not copied. Threads that route share it
   */
  public Backend withAttachment(@Nullable Object attachment) {
    return new Backend(id, address, scheme, weight, generation, maxConnections, tier, attachment);
  }

  /**
   * {@return a copy with another generation, to which no present binding refers}
   *
   * @param generation 1..128 printable ASCII characters, no {@code @}; or null
   * @throws IllegalArgumentException if the generation is invalid
   */
  public Backend withGeneration(@Nullable String generation) {
    if (generation != null) {
      checkName("generation", generation);
    }
    return new Backend(id, address, scheme, weight, generation, maxConnections, tier, attachment);
  }

  /**
   * {@return a copy with a maximum number of connections} The pool must {@linkplain
   * PoolBuilder#countConnections count connections}.
   *
   * @param maxConnections the maximum number of connections at a time; 0 for no limit
   * @throws IllegalArgumentException if the number is negative
   */
  public Backend withMaxConnections(int maxConnections) {
    if (maxConnections < 0) {
      throw new FaultException(Fault.of("maxConnections", maxConnections, "0 or more"));
    }
    return new Backend(id, address, scheme, weight, generation, maxConnections, tier, attachment);
  }

  /**
   * {@return a copy in another tier} Put backup servers in tier 1.
   *
   * @param tier 0..255
   * @throws IllegalArgumentException if the value is out of range
   */
  public Backend withTier(int tier) {
    if (tier < 0 || tier > MAX_TIER) {
      throw new FaultException(Fault.of("tier", tier, "0.." + MAX_TIER));
    }
    return new Backend(id, address, scheme, weight, generation, maxConnections, tier, attachment);
  }

  /** {@return whether another backend is equal and has the same attachment} */
  @SuppressWarnings("ReferenceEquality") // an equal attachment is another object
  boolean isSame(Backend other) {
    return equals(other) && attachment == other.attachment;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Backend that
        && name.equals(that.name)
        && address.equals(that.address)
        && scheme.equals(that.scheme)
        && weight == that.weight
        && maxConnections == that.maxConnections
        && tier == that.tier;
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, address, scheme, weight, maxConnections, tier);
  }

  /**
   * {@return the name, the address, the weight, and what else is set, except the attachment} The
   * scheme stands before the address if it is not {@code http}.
   */
  @Override
  public String toString() {
    return name + " (" + (scheme.equals(HTTP) ? "" : scheme + "://") + authority()
        + ", weight " + weight
        + (maxConnections == 0 ? "" : ", at most " + maxConnections + " connections")
        + (tier == 0 ? "" : ", tier " + tier) + ')';
  }

  private static InetSocketAddress unresolved(String host, int port) {
    if (host.isEmpty()) {
      throw new FaultException(Fault.of("host", "\"\"", "a host's name or address"));
    }
    if (port < 1 || port > MAX_PORT) {
      throw new FaultException(Fault.of("port", port, "1.." + MAX_PORT));
    }
    return InetSocketAddress.createUnresolved(host, port);
  }

  private static void checkName(String setting, String value) {
    requireNonNull(value, setting);
    if (value.isEmpty()
        || value.length() > MAX_ID_LENGTH
        || !value.chars().allMatch(Backend::isNameChar)) {
      throw new FaultException(Fault.of(setting, HttpToken.quoted(value), NAME_RULE));
    }
  }

  /** {@return whether ids and generations may have a character} */
  static boolean isNameChar(int c) {
    return c >= ' ' && c <= '~' && c != '@';
  }
}
