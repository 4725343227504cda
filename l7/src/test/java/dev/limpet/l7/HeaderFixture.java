package dev.limpet.l7;

import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.core.table.CaffeineStickyTable;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** A pool of three backends whose sessions are identified by a field, and clocks of the test. */
final class HeaderFixture {
  static final String NAME = "X-Session";
  static final String MCP = "Mcp-Session-Id";

  final TestClock clock = new TestClock();
  final Environment environment =
      Environment.of(LbFixture.secret(7)).withClock(() -> this.nanos).withWallClock(clock);
  final Pool pool = pool("web", "a", "b", "c");
  CaffeineStickyTable table;
  HeaderAffinity<Call, Response> affinity;
  long nanos;

  Pool pool(String name, String... backends) {
    return Pool.builder(name)
        .backends(List.of(backends).stream().map(LbFixture::backend).toList())
        .environment(environment)
        .build();
  }

  HeaderAffinity.Builder<Call, Response> learned() {
    return HeaderAffinity.learned(Call.ACCESS, NAME)
        .environment(environment)
        .table((session, given) -> table(session, 100));
  }

  HeaderAffinity.Builder<Call, Response> sealed() {
    return HeaderAffinity.sealed(pool, Call.ACCESS, NAME);
  }

  HeaderAffinity.Builder<Call, Response> issued() {
    return HeaderAffinity.issued(pool, Call.ACCESS, NAME);
  }

  HeaderAffinity.Builder<Call, Response> mcpLearned() {
    return McpAffinity.learned(Call.ACCESS, (session, given) -> table(session, 100))
        .environment(environment);
  }

  HeaderAffinity.Builder<Call, Response> mcpSealed() {
    return McpAffinity.sealed(pool, Call.ACCESS);
  }

  CaffeineStickyTable table(StickySession session, int capacity) {
    table = CaffeineStickyTable.of(session, capacity, environment.clock());
    return table;
  }

  HttpRouter<Call, Response> router(HeaderAffinity.Builder<Call, Response> builder) {
    affinity = builder.build();
    return HttpRouter.of(pool, affinity);
  }

  HttpRouter<Call, Response> router(
      HeaderAffinity.Builder<Call, Response> builder, Failover failover) {
    affinity = builder.build();
    return HttpRouter.builder(pool, affinity).failover(failover).build();
  }

  void advance(Duration duration) {
    nanos += duration.toNanos();
    clock.advance(duration);
  }

  static String id(Route route) {
    Backend backend = route.backend();
    return (backend == null) ? "none" : backend.id();
  }

  /** A request with an id. */
  static Call with(String... ids) {
    return Call.post().with(NAME, ids);
  }

  static Call mcp(String... ids) {
    return Call.post().with(MCP, ids);
  }

  /** A successful response with an id. */
  static Response sets(String... ids) {
    return Response.ok().with(NAME, ids);
  }

  static Response mcpSets(String... ids) {
    return Response.ok().with(MCP, ids);
  }

  static String value(Response response) {
    return String.join("|", response.fields(NAME));
  }

  static String mcpValue(Response response) {
    return String.join("|", response.fields(MCP));
  }

  static UnaryOperator<StickySession> absolute(Duration duration) {
    return session -> session.withDuration(duration).withMode(StickySession.Mode.ABSOLUTE);
  }
}
