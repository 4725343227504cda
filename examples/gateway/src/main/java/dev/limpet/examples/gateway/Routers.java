package dev.limpet.examples.gateway;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Environment;
import dev.limpet.core.Pool;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.core.table.SaveableTable;
import dev.limpet.examples.gateway.config.CookieSecret;
import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.config.ListenerConfig;
import dev.limpet.examples.gateway.config.PoolConfig;
import dev.limpet.examples.gateway.config.StickyConfig;
import dev.limpet.examples.gateway.operate.Preview;
import dev.limpet.l7.CookieKeys;
import dev.limpet.shared.SharedTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes the routers that a configuration describes, and makes them anew when the stickiness of an
 * owner changes. An owner is a pool or, in the profile classic, a listener; its listeners share a
 * table.
 *
 * <p>If the type of the sessions stays, so does the table; only its durations change. A table that
 * gateways share is opened anew in the same store. What counts against a quota begins at 0 with
 * each change. For one thread at a time.
 */
final class Routers {
  private final Environment environment;
  private final @Nullable CookieKeys cookieKeys;
  private final Function<String, Pool> pools;
  private final Function<String, RequestCounts> counts;
  private final KeptTables kept;
  private final SharedTables sharedTables;
  private final Map<String, Owner> owners = new LinkedHashMap<>();
  private final Map<String, StickyTable> tables = new LinkedHashMap<>();

  /**
   * Makes no router yet.
   *
   * @param pools returns the pool of a name
   * @param counts returns the counts of the requests of a pool, by its name
   */
  Routers(
      GatewayConfig config,
      Environment environment,
      Console console,
      Function<String, Pool> pools,
      Function<String, RequestCounts> counts) {
    this.environment = environment;
    this.pools = pools;
    this.counts = counts;
    this.kept = new KeptTables(config.tables(), environment, console);
    this.sharedTables = new SharedTables(console);
    this.cookieKeys = cookieKeys(config.cookieSecrets());
  }

  /**
   * The next state of an owner.
   *
   * @param name the owner
   * @param owner its routers and affinities
   * @param table its table; null if it has none
   * @param tableChange changes the durations of a table that is kept
   */
  record Made(String name, Owner owner, @Nullable StickyTable table, Runnable tableChange) {

    /** Returns the routers. */
    OwnerRouters routers() {
      return owner.routers();
    }
  }

  /**
   * Makes the routers of an owner, or makes them anew so that its sessions stick as a configuration
   * says. Changes nothing of the present ones until {@link #use}.
   *
   * @throws IllegalArgumentException if the library refuses a setting
   */
  Made make(GatewayConfig config, String owner) {
    List<ListenerConfig> listeners = config.listenersOf(owner);
    ListenerConfig first = listeners.get(0);
    StickyConfig sticky = config.stickySession(first);
    Owner previous = owners.get(owner);
    StickyTable present = keptTable(owner, sticky);
    NextTable next = new NextTable(
        config.pool(first), present, session -> newTable(owner, session, previous == null));
    OwnerBuilder builder = new OwnerBuilder(
        config,
        sticky,
        pools.apply(first.pool()),
        counts.apply(first.pool()),
        environment,
        cookieKeys,
        (session, same) -> next.of(session),
        (previous == null || present == null) ? new TokenBindings() : previous.tokens(),
        previous);
    listeners.forEach(builder::add);
    return new Made(owner, builder.build(), next.table, next.change(sticky));
  }

  /** Returns the table of an owner if other settings keep it; null if they do not. */
  private @Nullable StickyTable keptTable(String owner, @Nullable StickyConfig sticky) {
    Owner previous = owners.get(owner);
    boolean keeps = previous != null && StickyKinds.shareTable(previous.sticky(), sticky);
    return keeps ? tables.get(owner) : null;
  }

  /**
   * Makes an owner's next state the present one. If its type stays, routers that it had before use
   * the table with its new durations, too. May take some milliseconds per 100,000 bindings.
   */
  void use(Made next) {
    next.tableChange().run();
    use(next.name(), next.table());
    owners.put(next.name(), next.owner());
  }

  private void use(String owner, @Nullable StickyTable table) {
    if (table == null) {
      tables.remove(owner);
    } else {
      tables.put(owner, table);
    }
  }

  /** The saved bindings are those of the last run, so a table of a later type begins empty. */
  private LiveTable newTable(String name, StickySession session, boolean isFirst) {
    LiveTable table = new LiveTable(session, KeyAffinity.DEFAULT_CAPACITY, environment.clock());
    if (isFirst) {
      kept.restore(name, table);
    }
    return table;
  }

  /** The table of an owner's next routers: the present one if it is kept, or else a new one. */
  private final class NextTable {
    private final PoolConfig pool;
    private final @Nullable StickyTable present;
    private final Function<StickySession, LiveTable> making;
    private @Nullable StickyTable table;

    NextTable(
        PoolConfig pool, @Nullable StickyTable present, Function<StickySession, LiveTable> making) {
      this.pool = pool;
      this.present = present;
      this.making = making;
    }

    StickyTable of(StickySession session) {
      if (table == null) {
        table = (present != null) ? present : made(session);
      }
      return table;
    }

    private StickyTable made(StickySession session) {
      SharedTable shared = sharedTables.open(pool, session, environment, null);
      return (shared != null) ? new LiveSharedTable(shared) : making.apply(session);
    }

    /** Returns what changes the durations of the table, if it is kept. */
    Runnable change(@Nullable StickyConfig sticky) {
      if (sticky != null && present instanceof LiveTable live) {
        CompactStickyTable empty = live.empty(sticky.session());
        return () -> live.change(empty);
      }
      if (sticky != null && present instanceof LiveSharedTable live) {
        SharedTable opened =
            requireNonNull(sharedTables.open(pool, sticky.session(), environment, live.present()));
        return () -> live.change(opened);
      }
      return () -> {};
    }
  }

  /**
   * Returns what {@link #use} would do to the live bindings in the table of this gateway. Changes
   * nothing; takes some milliseconds per 100,000 bindings.
   */
  Preview.Effect preview(GatewayConfig wanted, String owner) {
    ListenerConfig first = wanted.listenersOf(owner).get(0);
    return new StickyPreview(
            requireNonNull(owners.get(owner), owner).sticky(),
            tables.get(owner),
            wanted.stickySession(first))
        .effect();
  }

  /** Returns how the sessions of an owner stick now; null if they do not. */
  @Nullable
  StickyConfig sticky(String owner) {
    return requireNonNull(owners.get(owner), owner).sticky();
  }

  /** Returns the tables that are shared with other gateways. */
  SharedTables sharedTables() {
    return sharedTables;
  }

  /**
   * Saves the present tables, except shared ones, if the configuration names a folder for them.
   * Deletes the tables of earlier runs whose sessions have ended.
   */
  void saveTables() {
    for (String owner : owners.keySet()) {
      StickyTable table = tables.get(owner);
      Optional<SaveableTable> saveable =
          (table == null) ? Optional.empty() : SaveableTable.of(table);
      saveable.ifPresentOrElse(it -> kept.save(owner, it), () -> kept.forget(owner));
    }
  }

  private static @Nullable CookieKeys cookieKeys(List<CookieSecret> secrets) {
    if (secrets.isEmpty()) {
      return null; // they follow from the environment
    }
    CookieKeys.Builder keys = CookieKeys.builder();
    for (CookieSecret secret : secrets) {
      if (secret.signing()) {
        keys.signing(secret.id(), secret.secret().bytes());
      } else {
        keys.verifyOnly(secret.id(), secret.secret().bytes());
      }
    }
    return keys.build();
  }
}
