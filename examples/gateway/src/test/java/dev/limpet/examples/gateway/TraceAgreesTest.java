package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.RouterStats;
import dev.limpet.examples.gateway.operate.Trace;
import dev.limpet.examples.gateway.operate.TracedRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a trace says of a request is what then happens to it. */
@Tag("slow")
@Timeout(60)
class TraceAgreesTest {
  private static final List<String> TYPES = List.of(
      "{type: source-ip}",
      "{type: lb-cookie}",
      "{type: app-cookie, cookieName: SID}",
      "{type: prefix-cookie, cookieName: SID}",
      "{type: route-suffix, cookieName: SID, appendRoute: true}",
      "{type: header, header: X-Session, form: sent}",
      "{type: header, header: X-Session, form: learned}",
      "{type: header, header: X-Session, form: sealed}",
      "{type: header, header: X-Session, form: issued}",
      "{type: mcp}",
      "{type: mcp, form: learned}");
  private static final List<String> FAILOVERS =
      List.of("", "failover: move", "failover: lend", "failover: strict");

  private final AtomicLong elapsed = new AtomicLong();
  private final Clocks clocks = new Clocks(
      elapsed::get, () -> Instant.parse("2026-01-01T00:00:00.5Z").plusNanos(elapsed.get()));
  private TestGateway gateway;
  private String session;

  static Stream<Arguments> settings() {
    return TYPES.stream().flatMap(type -> FAILOVERS.stream().map(it -> Arguments.of(type, it)));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void theTraceOfARequest_saysWhatHappens(String type, String failover) throws Exception {
    Map<String, Consumer<String>> events = new LinkedHashMap<>();
    events.put("nothing", home -> {});
    events.put("drained", home -> gateway.pool().change(edit -> edit.drain(home)));
    events.put("weightless", home -> gateway.pool().change(edit -> edit.weight(home, 0)));
    events.put("down", home -> gateway.pool().change(edit -> edit.down(home)));
    events.put("removed", home -> gateway.pool().change(edit -> edit.remove(home)));
    events.put("expired", home -> elapsed.addAndGet(Duration.ofHours(30).toNanos()));
    events.put("all down", home -> gateway.pool().change(edit -> edit.down("b1").down("b2")));
    events.put(
        "gone and down",
        home ->
            gateway.pool().change(edit -> edit.remove(home).down(home.equals("b1") ? "b2" : "b1")));
    List<String> faults = new ArrayList<>();
    for (Map.Entry<String, Consumer<String>> event : events.entrySet()) {
      for (boolean isBound : new boolean[] {true, false}) {
        try (TestBackend b1 = server("b1");
            TestBackend b2 = server("b2")) {
          run(type, failover, event.getKey(), event.getValue(), isBound, faults, b1, b2);
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  private void run(
      String type,
      String failover,
      String name,
      Consumer<String> event,
      boolean isBound,
      List<String> faults,
      TestBackend... backends)
      throws IOException {
    session = type.contains("sent") ? "own" : null;
    String more = failover.isEmpty() ? "" : '\n' + failover;
    try (TestGateway running = TestGateway.of(
        TestGateway.yaml(
            "http", "", "stickySession: " + type + more, TestGateway.entries(backends)),
        clocks)) {
      gateway = running;
      Client client = running.client();
      String home = "b1";
      if (isBound) {
        home = send(client).body();
        send(client);
      }
      event.accept(home);
      Trace trace =
          running.gateway().trace(new TracedRequest("web", "127.0.77.1", headers(client), "/"));
      RouterStats before = stats();
      Message answer = send(client);
      RouterStats after = stats();
      String what = type + ' ' + failover + (isBound ? " bound, " : " fresh, ") + name + ": ";
      String happened = happened(before, after);
      String said = trace.outcome() + ' ' + trace.reason();
      if (!happened.equals(said)) {
        faults.add(what + "said " + said + ", was " + happened);
      }
      if (trace.backend() != null && !trace.backend().equals(answer.body())) {
        faults.add(what + "said " + trace.backend() + ", was " + answer.body());
      }
    }
  }

  private RouterStats stats() {
    return gateway.gateway().listeners().get("web").router().stats();
  }

  private static String happened(RouterStats before, RouterStats after) {
    for (Outcome outcome : Outcome.values()) {
      if (after.count(outcome) > before.count(outcome)) {
        for (Reason reason : Reason.values()) {
          if (after.count(outcome, reason) > before.count(outcome, reason)) {
            return outcome + " " + reason;
          }
        }
        return outcome + " null";
      }
    }
    return "nothing";
  }

  private Message send(Client client) throws IOException {
    Message answer = (session == null)
        ? client.get()
        : client.get("X-Session: " + session, "Mcp-Session-Id: " + session);
    for (String field : List.of("X-Session", "Mcp-Session-Id")) {
      session = (answer.field(field) == null) ? session : answer.field(field);
    }
    return answer;
  }

  private Map<String, List<String>> headers(Client client) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    String cookies = Stream.of("limpet-web", "SID")
        .filter(name -> client.cookie(name) != null)
        .map(name -> name + '=' + client.cookie(name))
        .reduce((one, other) -> one + "; " + other)
        .orElse("");
    if (!cookies.isEmpty()) {
      headers.put("Cookie", List.of(cookies));
    }
    if (session != null) {
      headers.put("X-Session", List.of(session));
      headers.put("Mcp-Session-Id", List.of(session));
    }
    return headers;
  }

  private static TestBackend server(String id) throws IOException {
    return TestBackend.http(
        id,
        request -> request.fields("x-session").isEmpty()
                && request.fields("cookie").stream().noneMatch(it -> it.contains("SID="))
            ? TestBackend.ok(
                id,
                "Set-Cookie: SID=s-0123456789abcdef0123\r\n",
                "X-Session: s-0123456789abcdef0123\r\n",
                "Mcp-Session-Id: s-0123456789abcdef0123\r\n")
            : TestBackend.ok(id));
  }
}
