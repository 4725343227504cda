package dev.limpet.examples.gateway.net;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Backend;
import dev.limpet.examples.gateway.config.IpLiteral;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the address at which a backend is reached. A name is looked up when it is first used, and
 * again when a connect fails. The address that answers is used until it fails. An IP literal is
 * never looked up. For any thread.
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
   * The JDK looks up names as the operating system does, and blocks. Each name has its own thread
   * for at most one lookup at a time, so a lookup that hangs does not delay other names. Its own
   * callers wait no longer than for a connect, and then try the addresses that the name had before.
   */

  private static final Executor THREADS = Executors.newCachedThreadPool(work -> {
    Thread thread = new Thread(work, "lookup");
    thread.setDaemon(true);
    return thread;
  });

  private static final int MAX_LINES = 16; // some servers return a few of many addresses

  private final Names names;
  private final Duration patience;
  private final Consumer<String> log;
  private final Map<InetSocketAddress, Target> targets = new ConcurrentHashMap<>();

  /** Looks up names; may block. */
  @FunctionalInterface
  public interface Names {
    /**
     * Returns all addresses of a name, in the order in which to try them.
     *
     * @throws UnknownHostException if the name has no address
     */
    InetAddress[] addresses(String name) throws UnknownHostException;
  }

  /**
   * Starts without a lookup.
   *
   * @param names such as {@code InetAddress::getAllByName}
   * @param patience how long a connect waits for a lookup
   * @param log receives a line for each name that has several addresses
   */
  public BackendAddresses(Names names, Duration patience, Consumer<String> log) {
    this.names = names;
    this.patience = patience;
    this.log = log;
  }

  /**
   * Connects to a backend: at the address in use or, if that fails or there is none yet, at each
   * address of its name until one answers. For an event-loop context, on which the result
   * completes.
   *
   * @param connect connects to an address. Called before this returns if an address is in use, and
   *     at most once for each address
   * @return the result of the successful connect; failed if no address answers, or the name has
   *     none
   */
  public <T> Future<T> reach(Backend backend, Function<SocketAddress, Future<T>> connect) {
    return targets.computeIfAbsent(backend.address(), this::target).reach(connect);
  }

  private Target target(InetSocketAddress address) {
    InetAddress literal = IpLiteral.parse(address.getHostString());
    return (literal == null) ? new Name(address) : new Literal(at(literal, address.getPort()));
  }

  /**
   * Returns an address without a name, because Vert.x takes all addresses with the same name for
   * one.
   */
  private static SocketAddress at(InetAddress address, int port) {
    return SocketAddress.inetSocketAddress(port, address.getHostAddress());
  }

  /** An address of a backend as configured: a literal or a name. */
  private interface Target {
    <T> Future<T> reach(Function<SocketAddress, Future<T>> connect);
  }

  private record Literal(SocketAddress address) implements Target {
    @Override
    public <T> Future<T> reach(Function<SocketAddress, Future<T>> connect) {
      return connect.apply(address);
    }
  }

  private final class Name implements Target {
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

    @Override
    public <T> Future<T> reach(Function<SocketAddress, Future<T>> connect) {
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
        lookup = CompletableFuture.supplyAsync(this::lookedUp, THREADS);
      }
      return lookup;
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

  /** A connect after the address in use has failed, or if there is none yet. */
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
