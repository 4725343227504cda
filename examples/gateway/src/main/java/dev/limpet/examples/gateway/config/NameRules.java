package dev.limpet.examples.gateway.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rules about names that must differ and names that must exist. */
final class NameRules {
  private final Items<ListenerDraft> listeners;
  private final Items<PoolDraft> pools;
  private final Faults faults;
  private final Map<String, Integer> addresses = new HashMap<>();

  NameRules(Items<ListenerDraft> listeners, Items<PoolDraft> pools, Faults faults) {
    this.listeners = listeners;
    this.pools = pools;
    this.faults = faults;
  }

  void check() {
    checkListeners();
    checkPools();
    checkUse();
  }

  private void checkListeners() {
    Map<String, Integer> names = new HashMap<>();
    for (ListenerDraft listener : listeners.read()) {
      checkNew(names, listener.section(), "name", listener.name());
      checkAddress(listener.host(), listener.port(), listener.section().line("port"));
    }
  }

  /** Checks that the port for operators is no listener's. */
  void checkAdmin(AdminConfig admin, int line) {
    checkAddress(admin.host(), admin.port(), line);
  }

  private void checkAddress(@Nullable String host, @Nullable Integer port, int line) {
    if (port == null || port == 0 || host == null) {
      return;
    }
    String address = HostPort.canonical(host, port);
    Integer first = addresses.putIfAbsent(address, line);
    if (first != null) {
      faults.add(line, "port", port.toString(), "another port; line " + first + " has " + address);
    }
  }

  private void checkPools() {
    Map<String, Integer> names = new HashMap<>();
    for (PoolDraft pool : pools.read()) {
      checkNew(names, pool.section(), "name", pool.name());
      Map<String, Integer> ids = new HashMap<>();
      for (BackendDraft backend : pool.backends().read()) {
        checkNew(ids, backend.section(), "id", backend.id());
      }
    }
  }

  /**
   * Checks that each name refers to something and is referred to. Reports nothing if the missing
   * item may be one that could not be read.
   */
  private void checkUse() {
    Set<String> known = names(pools.read(), PoolDraft::name);
    if (isComplete(pools, PoolDraft::name)) {
      listeners.read().forEach(listener -> checkKnown(known, listener));
    }
    Set<String> used = names(listeners.read(), ListenerDraft::pool);
    if (isComplete(listeners, ListenerDraft::pool)) {
      pools.read().forEach(pool -> checkUsed(used, pool));
      pools.read().forEach(this::checkTimeout);
      pools.read().forEach(this::checkSchemes);
    }
  }

  /**
   * Rejects a response timeout for a pool without HTTP listeners, because only HTTP has responses.
   */
  private void checkTimeout(PoolDraft pool) {
    boolean isForHttp = listeners.read().stream()
        .anyMatch(listener ->
            Objects.equals(listener.pool(), pool.name()) && listener.protocol() != Protocol.TCP);
    if (pool.responseTimeout() != null && !isForHttp) {
      String key = "responseTimeout";
      String shown = pool.section().shown(key);
      faults.add(pool.section().line(key), key, shown, "absent, as no http listener has this pool");
    }
  }

  /** Rejects https backends of TCP listeners, which pass on bytes and begin no TLS. */
  private void checkSchemes(PoolDraft pool) {
    String names = listeners.read().stream()
        .filter(listener ->
            Objects.equals(listener.pool(), pool.name()) && listener.protocol() == Protocol.TCP)
        .map(ListenerDraft::label)
        .collect(Collectors.joining(", "));
    for (BackendDraft backend : pool.backends().read()) {
      if (backend.isHttps() && !names.isEmpty()) {
        int line = backend.section().line("scheme");
        faults.add(line, "scheme", "https", "http, as tcp listener " + names + " has this pool");
      }
    }
  }

  private void checkKnown(Set<String> known, ListenerDraft listener) {
    String pool = listener.pool();
    if (pool != null && !known.contains(pool)) {
      faults.add(listener.section().line("pool"), "pool", pool, Shown.names(known));
    }
  }

  private void checkUsed(Set<String> used, PoolDraft pool) {
    String name = pool.name();
    if (name != null && !used.contains(name)) {
      faults.add(pool.section().line("name"), "name", name, "the pool of a listener");
    }
  }

  private void checkNew(
      Map<String, Integer> lines, Section section, String key, @Nullable String name) {
    if (name == null) {
      return;
    }
    int line = section.line(key);
    Integer first = lines.putIfAbsent(name, line);
    if (first != null) {
      faults.add(line, key, section.shown(key), "another " + key + "; line " + first + " has it");
    }
  }

  private static <T> boolean isComplete(Items<T> items, Function<T, @Nullable String> name) {
    return items.complete() && items.read().stream().noneMatch(item -> name.apply(item) == null);
  }

  private static <T> Set<String> names(List<T> items, Function<T, @Nullable String> name) {
    Set<String> names = new TreeSet<>();
    for (T item : items) {
      String one = name.apply(item);
      if (one != null) {
        names.add(one);
      }
    }
    return names;
  }
}
