package dev.limpet.examples.gateway.admin;

import dev.limpet.core.Member;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickyTable;
import dev.limpet.examples.gateway.config.Durations;
import dev.limpet.examples.gateway.config.ListenerConfig;
import dev.limpet.examples.gateway.config.PoolConfig;
import dev.limpet.examples.gateway.config.Spelled;
import dev.limpet.examples.gateway.config.StickyConfig;
import dev.limpet.examples.gateway.operate.Choices;
import dev.limpet.examples.gateway.operate.Draining;
import dev.limpet.examples.gateway.operate.Operations;
import dev.limpet.examples.gateway.operate.Running;
import dev.limpet.examples.gateway.operate.Running.Served;
import dev.limpet.examples.gateway.operate.StoryControl;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The state of the gateway in JSON. Safe for use by many threads at once. */
final class StateView {
  private final Operations operations;
  private final SessionCounts counts;
  private final Time time;

  /** By owner. No change of a running gateway affects them. */
  private final Map<String, Choices> choices = new ConcurrentHashMap<>();

  StateView(Operations operations, SessionCounts counts, Time time) {
    this.operations = operations;
    this.counts = counts;
    this.time = time;
  }

  /**
   * Answers with the present state, whose version changes refer to. What takes long is done first,
   * as changes wait for the rest.
   */
  Reply reply() {
    Running seen = operations.running();
    counts.refresh(seen);
    seen.config().owners().forEach(this::choices);
    return operations.atRest(running -> Reply.json(json(running)).withVersion(running.version()));
  }

  private JsonObject json(Running running) {
    SessionOwners owners = new SessionOwners(running);
    List<Draining> drains = operations.drains();
    StoryControl story = operations.story();
    return new JsonObject()
        .put("version", String.valueOf(running.version()))
        .put("profile", running.config().profile().toString())
        .put("file", running.file())
        .put("writable", running.writable())
        .put("demo", story != null)
        .put("fleet", running.config().pools().stream().anyMatch(StateView::isShared))
        .put("listeners", listeners(running))
        .put("owners", owners(running.config().ownerKind(), owners.all()))
        .put("pools", pools(owners, drains))
        .put("drains", DrainsView.json(drains))
        .put("differences", differences(running))
        .put("story", (story == null) ? null : json(story));
  }

  private static boolean isShared(PoolConfig pool) {
    return pool.sharedTable() != null;
  }

  private static JsonArray listeners(Running running) {
    JsonArray all = new JsonArray();
    for (ListenerConfig listener : running.config().listeners()) {
      Served served = running.listeners().get(listener.name());
      all.add(new JsonObject()
          .put("name", listener.name())
          .put("protocol", listener.protocol().toString())
          .put("host", listener.host())
          .put("port", (served == null) ? listener.port() : served.port())
          .put("pool", listener.pool())
          .put("tls", listener.tls() != null)
          .put("owner", running.config().ownerOf(listener)));
    }
    return all;
  }

  private JsonArray owners(String kind, List<SessionOwner> owners) {
    JsonArray all = new JsonArray();
    for (SessionOwner owner : owners) {
      Set<StickyTable> tables = SessionCounts.tables(owner.routers());
      all.add(new JsonObject()
          .put("owner", owner.name())
          .put("kind", kind)
          .put("pool", owner.pool().name())
          .put("listeners", names(owner.listeners()))
          .put("algorithm", owner.pool().algorithm().toString())
          .put("failover", failover(owner.pool()))
          .put("shared", isShared(owner.pool()))
          .put("stickySession", stickySession(owner))
          .put("effective", effective(owner))
          .put("sessions", counts.total(tables))
          .put("capacity", SessionCounts.capacity(tables))
          .put("choices", json(choices(owner.name()))));
    }
    return all;
  }

  private static @Nullable JsonObject stickySession(SessionOwner owner) {
    StickyConfig sticky = owner.sticky();
    return (sticky == null) ? null : StickinessView.json(sticky);
  }

  private static JsonArray names(List<ListenerConfig> listeners) {
    return new JsonArray(listeners.stream().map(ListenerConfig::name).toList());
  }

  private static @Nullable String failover(PoolConfig pool) {
    return (pool.failover() == null) ? null : Spelled.of(pool.failover());
  }

  private static String effective(SessionOwner owner) {
    return owner.routers().isEmpty()
        ? "not sticky"
        : StickinessView.effective(owner.routers().get(0), owner.sticky());
  }

  private Choices choices(String owner) {
    return choices.computeIfAbsent(owner, operations::choices);
  }

  private static JsonObject json(Choices choices) {
    JsonArray types = new JsonArray();
    for (Choices.Type type : choices.types()) {
      types.add(new JsonObject()
          .put("type", type.type())
          .put("label", type.label())
          .put("refusal", type.refusal())
          .put("least", Durations.inMinutes(type.least()))
          .put("most", Durations.inMinutes(type.most()))
          .put("standard", Durations.inMinutes(type.standard())));
    }
    return new JsonObject().put("refusal", choices.refusal()).put("types", types);
  }

  private JsonArray pools(SessionOwners owners, List<Draining> drains) {
    JsonArray all = new JsonArray();
    for (PoolConfig pool : owners.pools()) {
      List<StickyRouter<?>> routers = owners.routers(pool.name());
      all.add(new JsonObject()
          .put("name", pool.name())
          .put("algorithm", pool.algorithm().toString())
          .put("listeners", names(owners.listeners(pool.name())))
          .put("tiers", pool.backends().stream().anyMatch(it -> it.backend().tier() > 0))
          .put("backends", backends(pool.name(), routers, drains)));
    }
    return all;
  }

  private JsonArray backends(String pool, List<StickyRouter<?>> routers, List<Draining> drains) {
    JsonArray all = new JsonArray();
    Set<StickyTable> tables = SessionCounts.tables(routers);
    Instant now = time.instants().instant();
    if (!routers.isEmpty()) {
      for (Member member : routers.get(0).pool().snapshot().members()) {
        Long sessions = left(pool, member, drains);
        Long bindings = counts.ofBackend(tables, member.name());
        all.add(new BackendView(member, (sessions == null) ? bindings : sessions, now, time.zone())
            .json());
      }
    }
    return all;
  }

  /** Returns how many sessions the drain of a backend has left; null if that is unknown. */
  private static @Nullable Long left(String pool, Member member, List<Draining> drains) {
    for (Draining drain : drains) {
      boolean isOf =
          drain.pool().equals(pool) && drain.backend().equals(member.backend().id());
      if (isOf && drain.result() == null) {
        return drain.sessions();
      }
    }
    return null;
  }

  private static JsonArray differences(Running running) {
    JsonArray all = new JsonArray();
    running
        .differences()
        .forEach(difference -> all.add(new JsonObject()
            .put("path", difference.path())
            .put("file", difference.inFile())
            .put("running", difference.inEffect())));
    return all;
  }

  private static JsonObject json(StoryControl story) {
    return new JsonObject().put("playing", story.isPlaying()).put("output", story.output());
  }
}
