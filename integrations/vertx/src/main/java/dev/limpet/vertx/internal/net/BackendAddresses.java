package dev.limpet.vertx.internal.net;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Backend;
import dev.limpet.vertx.BackendConnector.Names;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the address at which a backend is reached. A name is looked up when it is first used, and
 * again when a connect fails. The address that answers is used until it fails, or until 10,000
 * other names with ports were used later. An IP literal is never looked up. For any thread.
 */
public final class BackendAddresses {
  /*
   * A backend's id stands for one machine. If its name has several addresses and the name server
   * rotates them, sessions of one backend would be spread over several machines. So the address is
   * chosen once for each host and port, and is replaced only after it failed, by another address
   * that answered.
   *
   * Connects that fail at the same time each try the addresses by themselves. If they waited for
   * the first of them, a request would be as slow as the longest timeout, such as that of a health
   * check. They share one lookup, and therefore one order of addresses. Before each try, they check
   * whether another address was chosen in the meantime. The first one that connects chooses the
   * address for all later ones.
   *
   * The JDK looks up names as the operating system does, and blocks. Each name has at most one
   * lookup at a time, so a lookup that hangs takes no more than one thread. Its own callers wait no
   * longer than for a connect, and then try the addresses that the name had before.
   */

  private static final int MAX_NAMES = 10_000;
  private static final int MAX_LINES = 16; // some servers return a few of many addresses

  private final Names names;
  private final Executor threads;
  private final Duration patience;
  private final Consumer<String> log;
  private final Map<InetSocketAddress, Name> latestUsed =
      Collections.synchronizedMap(new Latest<>());
  private final Map<InetSocketAddress, SocketAddress> literals = new ConcurrentHashMap<>();

  /**
   * Starts without a lookup.
   *
   * @param names such as {@code InetAddress::getAllByName}
   * @param threads runs lookups, which block
   * @param patience how long a connect waits for a lookup
   * @param log receives a line for each name that has several addresses
   */
  public BackendAddresses(Names names, Executor threads, Duration patience, Consumer<String> log) {
    this.names = names;
    this.threads = threads;
    this.patience = patience;
    this.log = log;
  }

  /**
   * Connects to a backend: at the address in use or, if that fails or is not known yet, at each
   * address of its name until one answers. For an event-loop context, on which the result
   * completes.
   *
   * @param connect connects to an address. Called before this returns if an address is in use, and
   *     at most once for each address
   * @return the result of the successful connect; failed if no address answers, or the name has
   *     none
   */
  public <T> Future<T> reach(Backend backend, Function<SocketAddress, Future<T>> connect) {
    InetSocketAddress address = backend.address();
    SocketAddress literal = literal(address);
    return (literal == null)
        ? latestUsed.computeIfAbsent(address, Name::new).reach(connect)
        : connect.apply(literal);
  }

  /** Returns the address that a host spells; null if it is a name. */
  private @Nullable SocketAddress literal(InetSocketAddress address) {
    SocketAddress known = literals.get(address);
    return (known == null) ? parsed(address) : known;
  }

  private @Nullable SocketAddress parsed(InetSocketAddress address) {
    InetAddress spelled = Addresses.literal(address.getHostString());
    if (spelled == null) {
      return null;
    }
    if (literals.size() >= MAX_NAMES) {
      literals.clear();
    }
    return literals.computeIfAbsent(address, its -> at(spelled, its.getPort()));
  }

  /**
   * Returns an address without a name, because Vert.x takes all addresses with the same name for
   * one.
   */
  private static SocketAddress at(InetAddress address, int port) {
    return SocketAddress.inetSocketAddress(port, address.getHostAddress());
  }

  /** Forgets the one that was not used for the longest time, such as a backend that has left. */
  private static final class Latest<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1;

    Latest() {
      super(16, 0.75F, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > MAX_NAMES;
    }
  }

  /** A host and a port of backends. */
  private final class Name {
    private final String host;
    private final int port;
    private final AtomicReference<@Nullable SocketAddress> kept = new AtomicReference<>();
    private final Set<Set<SocketAddress>> said = ConcurrentHashMap.newKeySet();
    private volatile List<SocketAddress> latest = List.of();
    private CompletableFuture<List<SocketAddress>> lookup =
        CompletableFuture.completedFuture(latest);

    Name(InetSocketAddress address) {
      this.host = address.getHostString();
      this.port = address.getPort();
    }

    <T> Future<T> reach(Function<SocketAddress, Future<T>> connect) {
      SocketAddress used = kept.get();
      Context here = requireNonNull(Vertx.currentContext(), "an event-loop context");
      return (used == null)
          ? new Search<>(this, connect, null).run(here)
          : connect.apply(used).recover(down -> new Search<>(this, connect, used).run(here));
    }

    @Nullable
    SocketAddress kept() {
      return kept.get();
    }

    /** Uses an address from now on, unless the replaced one was already replaced by another. */
    void keep(SocketAddress chosen, @Nullable SocketAddress replaced, List<SocketAddress> all) {
      boolean isUsed = kept.compareAndSet(replaced, chosen);
      if (isUsed && all.size() > 1 && said.size() < MAX_LINES && said.add(Set.copyOf(all))) {
        log.accept("address " + host + ':' + port + ": " + all.size() + " addresses, "
            + all.stream().map(SocketAddress::hostAddress).collect(Collectors.joining(", "))
            + "; uses " + chosen.hostAddress() + " while it answers");
      }
    }

    /**
     * Looks up all addresses. Completes with those of an earlier lookup if this one fails or takes
     * too long.
     */
    Future<List<SocketAddress>> all(Context here) {
      return Future.fromCompletionStage(lookup(), here)
          .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
          .recover(failed ->
              latest.isEmpty() ? Future.failedFuture(failed) : Future.succeededFuture(latest));
    }

    private synchronized CompletableFuture<List<SocketAddress>> lookup() {
      if (lookup.isDone()) {
        lookup = begun();
      }
      return lookup;
    }

    /** Begins a lookup; one that the executor rejects has failed. */
    private CompletableFuture<List<SocketAddress>> begun() {
      try {
        return CompletableFuture.supplyAsync(this::lookedUp, threads);
      } catch (RejectedExecutionException full) {
        return CompletableFuture.failedFuture(full);
      }
    }

    private List<SocketAddress> lookedUp() {
      try {
        latest = Arrays.stream(names.addresses(host))
            .map(address -> at(address, port))
            .distinct()
            .toList();
        return latest;
      } catch (UnknownHostException e) {
        throw new CompletionException(e);
      }
    }
  }

  /** A connect after the address in use has failed, or before one is known. */
  private static final class Search<T> {
    private final Name name;
    private final Function<SocketAddress, Future<T>> connect;
    private final Set<SocketAddress> tried = new HashSet<>();
    private @Nullable SocketAddress replaced;

    Search(
        Name name,
        Function<SocketAddress, Future<T>> connect,
        @Nullable SocketAddress withoutAnswer) {
      this.name = name;
      this.connect = connect;
      this.replaced = withoutAnswer;
      if (withoutAnswer != null) {
        tried.add(withoutAnswer);
      }
    }

    Future<T> run(Context here) {
      return name.all(here).compose(all -> next(all, new ConnectException("no address answers")));
    }

    private Future<T> next(List<SocketAddress> all, Throwable failure) {
      SocketAddress candidate = candidate(all);
      return (candidate == null)
          ? Future.failedFuture(failure)
          : connect
              .apply(candidate)
              .onSuccess(up -> name.keep(candidate, replaced, all))
              .recover(down -> next(all, down));
    }

    /**
     * Returns the address to try next: the address in use if it has changed, or else the first one
     * that was not tried.
     */
    private @Nullable SocketAddress candidate(List<SocketAddress> all) {
      SocketAddress used = name.kept();
      if (used != null && tried.add(used)) {
        replaced = used;
        return used;
      }
      return all.stream().filter(tried::add).findFirst().orElse(null);
    }
  }
}
