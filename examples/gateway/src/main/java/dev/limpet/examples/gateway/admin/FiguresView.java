package dev.limpet.examples.gateway.admin;

import dev.limpet.core.Member;
import dev.limpet.core.Outcome;
import dev.limpet.core.RouterStats;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickyTable;
import dev.limpet.examples.gateway.config.ListenerConfig;
import dev.limpet.examples.gateway.config.PoolConfig;
import dev.limpet.examples.gateway.config.StickyConfig;
import dev.limpet.examples.gateway.config.StickyType;
import dev.limpet.examples.gateway.operate.BackendCounts;
import dev.limpet.examples.gateway.operate.Operations;
import dev.limpet.examples.gateway.operate.Running;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Samples of what the gateway counts, in JSON. Safe for use by many threads at once. */
final class FiguresView {
  private final Operations operations;
  private final SessionCounts sessions;
  private final Time time;
  private final LastMinute lastMinute;
  private final Joins joins;

  FiguresView(Operations operations, SessionCounts sessions, Time time) {
    this.operations = operations;
    this.sessions = sessions;
    this.time = time;
    this.lastMinute = new LastMinute(time.nanos());
    this.joins = new Joins(time.nanos());
  }

  /** Returns a sample of this moment. May take some milliseconds. */
  JsonObject sample() {
    Running running = operations.running();
    sessions.refresh(running);
    SessionOwners owners = new SessionOwners(running);
    Map<String, RouterStats> stats = new LinkedHashMap<>();
    running
        .listeners()
        .forEach((name, served) -> stats.put(name, served.router().stats()));
    Map<String, OutcomeCounts> counts = new LinkedHashMap<>();
    stats.forEach((name, of) -> counts.put(name, OutcomeCounts.of(of)));
    return new JsonObject()
        .put("at", time.millis())
        .put("version", String.valueOf(running.version()))
        .put("listeners", listeners(stats, counts))
        .put("pools", pools(owners, running.counts()))
        .put("owners", owners(owners))
        .put("drains", DrainsView.json(operations.drains()))
        .put("advice", advice(owners, lastMinute.add(counts)));
  }

  private static JsonArray listeners(
      Map<String, RouterStats> stats, Map<String, OutcomeCounts> counts) {
    JsonArray all = new JsonArray();
    counts.forEach((name, count) -> all.add(new JsonObject()
        .put("name", name)
        .put("requests", requests(count))
        .put("reasons", reasons(count))
        .put("reroutes", reroutes(stats, name))));
    return all;
  }

  private static JsonObject requests(OutcomeCounts counts) {
    JsonObject requests = new JsonObject();
    for (Outcome outcome : Outcome.values()) {
      requests.put(outcome.name(), counts.of(outcome));
    }
    return requests;
  }

  private static JsonArray reasons(OutcomeCounts counts) {
    JsonArray all = new JsonArray();
    counts
        .reasons()
        .forEach((outcome, reasons) -> reasons.forEach((reason, count) -> all.add(new JsonObject()
            .put("outcome", outcome.name())
            .put("reason", reason.name())
            .put("count", count))));
    return all;
  }

  private static JsonObject reroutes(Map<String, RouterStats> stats, String listener) {
    JsonObject reroutes = new JsonObject();
    RouterStats of = stats.get(listener);
    for (Outcome outcome : Outcome.values()) {
      if (of != null && of.rerouted(outcome) > 0) {
        reroutes.put(outcome.name(), of.rerouted(outcome));
      }
    }
    return reroutes;
  }

  private JsonArray pools(SessionOwners owners, Map<String, BackendCounts> counts) {
    JsonArray all = new JsonArray();
    for (PoolConfig pool : owners.pools()) {
      all.add(new JsonObject()
          .put("name", pool.name())
          .put("backends", backends(owners.routers(pool.name()), counts.get(pool.name()))));
    }
    return all;
  }

  private JsonArray backends(List<StickyRouter<?>> routers, @Nullable BackendCounts counts) {
    JsonArray all = new JsonArray();
    Set<StickyTable> tables = SessionCounts.tables(routers);
    for (Member member : members(routers)) {
      String name = member.name();
      all.add(new JsonObject()
          .put("id", member.backend().id())
          .put("requests", (counts == null) ? 0 : counts.requests(name))
          .put("movedIn", (counts == null) ? 0 : counts.movedIn(name))
          .put("movedOut", (counts == null) ? 0 : counts.movedOut(name))
          .put("bindings", sessions.ofBackend(tables, name))
          .put("connections", member.load().connections()));
    }
    return all;
  }

  private static List<Member> members(List<StickyRouter<?>> routers) {
    return routers.isEmpty() ? List.of() : routers.get(0).pool().snapshot().members();
  }

  private JsonArray owners(SessionOwners owners) {
    JsonArray all = new JsonArray();
    for (SessionOwner owner : owners.all()) {
      Set<StickyTable> tables = SessionCounts.tables(owner.routers());
      all.add(new JsonObject()
          .put("owner", owner.name())
          .put("sessions", sessions.total(tables))
          .put("capacity", SessionCounts.capacity(tables)));
    }
    return all;
  }

  private JsonArray advice(SessionOwners owners, Map<String, OutcomeCounts> recent) {
    JsonArray all = new JsonArray();
    for (PoolConfig pool : owners.pools()) {
      imbalance(owners, pool.name()).text().ifPresent(text -> all.add(advice(pool.name(), text)));
    }
    for (ListenerConfig listener : owners.listeners()) {
      OutcomeCounts counts = recent.get(listener.name());
      if (counts != null && owners.sticky(listener) != null) {
        OutcomeAdvice.of(counts)
            .forEach(text ->
                all.add(advice(listener.pool(), "Listener " + listener.name() + ": " + text)));
      }
    }
    return all;
  }

  private static JsonObject advice(String pool, String text) {
    return new JsonObject().put("pool", pool).put("text", text);
  }

  private Imbalance imbalance(SessionOwners owners, String pool) {
    List<StickyRouter<?>> routers = owners.routers(pool);
    List<Member> members = members(routers);
    Map<String, Duration> joined =
        joins.look(pool, members.stream().map(Member::name).collect(Collectors.toSet()));
    Set<StickyTable> tables = SessionCounts.tables(routers);
    int tier = members.stream()
        .filter(Member::acceptsNew)
        .mapToInt(member -> member.backend().tier())
        .min()
        .orElse(0);
    List<Imbalance.Share> shares = members.stream()
        .filter(member -> member.backend().tier() == tier && !member.draining())
        .map(member -> share(member, tables, joined))
        .toList();
    return new Imbalance(shares, isByAddress(owners, pool));
  }

  private Imbalance.Share share(
      Member member, Set<StickyTable> tables, Map<String, Duration> joined) {
    Long bindings = sessions.ofBackend(tables, member.name());
    return new Imbalance.Share(
        member.backend().id(),
        member.backend().weight(),
        (bindings == null) ? 0 : bindings,
        member.state(),
        joined.get(member.name()));
  }

  private static boolean isByAddress(SessionOwners owners, String pool) {
    return owners.listeners(pool).stream().anyMatch(listener -> {
      StickyConfig sticky = owners.sticky(listener);
      return sticky != null && sticky.type() == StickyType.SOURCE_IP;
    });
  }
}
