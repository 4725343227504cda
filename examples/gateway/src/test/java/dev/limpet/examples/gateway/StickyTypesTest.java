package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The types of stickiness that no profile limits, from the client to the backend and back. */
@Timeout(30)
class StickyTypesTest {
  private static final String TERMINATED =
      "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32001,\"message\":\"Session terminated\"},"
          + "\"id\":null}";
  private static final String UNAVAILABLE =
      "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32000,\"message\":\"Unavailable, try again\"},"
          + "\"id\":null}";

  private List<TestBackend> backends = List.of();
  private TestGateway gateway;

  @AfterEach
  void stop() throws IOException {
    if (gateway != null) {
      gateway.close();
    }
    for (TestBackend backend : backends) {
      backend.close();
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      {type: route-suffix} | / | JSESSIONID=abc.b2 | b2
      {type: route-suffix} | / | other=abc.b1; JSESSIONID=abc.b3 | b3
      {type: route-suffix} | /a;jsessionid=abc.b3?x=y | a=b | b3
      {type: route-suffix} | /a;jsessionid=abc.b3?x=y | JSESSIONID=abc.b2 | b3
      {type: route-suffix, cookieFirst: true} | /a;jsessionid=abc.b3 | JSESSIONID=abc.b2 | b2
      {type: route-suffix, pathParameter: none} | /a;jsessionid=abc.b3 | JSESSIONID=abc.b2 | b2
      {type: route-suffix, pathParameter: sid} | /a;sid=abc.b1 | a=b | b1
      {type: route-suffix, cookieName: SID, separator: "!"} | / | SID=abc!b2 | b2
      {type: route-suffix, ranked: true} | / | JSESSIONID=abc.gone.b3.b2 | b3
      """)
  void routeSuffix_theRouteNamesTheBackend(
      String sticky, String target, String cookies, String expected) throws IOException {
    start(sticky, id -> TestBackend.ok(id));

    for (int i = 0; i < 4; i++) {
      assertThat(ask("GET " + target, "Cookie: " + cookies).body()).isEqualTo(expected);
    }
  }

  @Test
  void routeSuffix_unknownRoutesAreServedByHash_andStayTogether() throws IOException {
    start("{type: route-suffix}", id -> TestBackend.ok(id));
    Set<String> homes = new HashSet<>();
    for (int i = 0; i < 30; i++) {
      String home = ask("GET /", "Cookie: JSESSIONID=s" + i + ".gone").body();
      assertThat(ask("GET /", "Cookie: JSESSIONID=s" + i + ".lost").body()).isEqualTo(home);
      homes.add(home);
    }
    assertThat(homes).containsExactlyInAnyOrder("b1", "b2", "b3");
  }

  @Test
  void routeSuffix_sessionsAreLentByDefault() throws Exception {
    start("{type: route-suffix}", id -> TestBackend.ok(id));
    String session = "Cookie: JSESSIONID=abc.b2";
    gateway.pool().change(edit -> edit.down("b2"));
    assertThat(ask("GET /", session).body()).isNotEqualTo("b2");
    gateway.pool().change(edit -> edit.up("b2"));

    assertThat(ask("GET /", session).body()).isEqualTo("b2");
  }

  @Test
  void routeSuffix_appendsARouteIfTheFileSaysSo() throws IOException {
    start(
        "{type: route-suffix, appendRoute: true}",
        id -> TestBackend.ok(id, "Set-Cookie: JSESSIONID=abc; Path=/\r\n"));
    Message got = ask("GET /");

    assertThat(got.field("set-cookie")).isEqualTo("JSESSIONID=abc." + got.body() + "; Path=/");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void prefixCookie_theBackendSeesItsOwnCookie(boolean encrypted) throws IOException {
    start(
        "{type: prefix-cookie, cookieName: SID, encrypted: " + encrypted + "}",
        id -> TestBackend.ok(id, "Set-Cookie: SID=own-" + id + "; Path=/; HttpOnly\r\n"));
    for (int i = 0; i < 6; i++) {
      Message first = ask("GET /");
      String field = first.field("set-cookie");
      String value = field.substring("SID=".length(), field.indexOf(';'));
      assertThat(value).endsWith("~own-" + first.body());
      assertThat(field).endsWith("; Path=/; HttpOnly");

      Message next = ask("GET /", "Cookie: a=b; SID=" + value);

      assertThat(next.body()).isEqualTo(first.body());
      assertThat(seen(next).fields("cookie")).containsExactly("a=b; SID=own-" + first.body());
    }
  }

  @Test
  void headerLearned_theBackendsIdIsRemembered() throws IOException {
    AtomicInteger ids = new AtomicInteger();
    start(
        "{type: header, header: X-Session}",
        id ->
            TestBackend.ok(id, "X-Session: " + id + "-session-" + ids.incrementAndGet() + "\r\n"));
    for (int i = 0; i < 6; i++) {
      Message first = ask("GET /");
      String id = first.field("x-session");
      assertThat(id).startsWith(first.body() + "-session-");

      for (int j = 0; j < 4; j++) {
        Message next = ask("GET /", "X-Session: " + id);
        assertThat(next.body()).isEqualTo(first.body());
        assertThat(seen(next).field("x-session")).isEqualTo(id);
      }
    }
  }

  @Test
  void headerSealed_theClientGetsAToken_andTheBackendItsId() throws IOException {
    start(
        "{type: header, header: X-Session, form: sealed}",
        id -> TestBackend.ok(id, "X-Session: own-" + id + "\r\n"));
    for (int i = 0; i < 6; i++) {
      Message first = ask("GET /");
      String token = first.field("x-session");
      assertThat(token).doesNotContain("own");

      Message next = ask("GET /", "X-Session: " + token);

      assertThat(next.body()).isEqualTo(first.body());
      assertThat(seen(next).field("x-session")).isEqualTo("own-" + first.body());
    }
    Message forged = ask("GET /", "X-Session: forged");
    assertThat(forged.status()).isEqualTo(404);
    assertThat(forged.body()).isEqualTo("this session is over, begin a new one\n");
  }

  @Test
  void headerIssued_theBackendDoesNotSeeIt() throws IOException {
    start("{type: header, header: X-Session, form: issued}", id -> TestBackend.ok(id));
    for (int i = 0; i < 6; i++) {
      Message first = ask("GET /");

      Message next = ask("GET /", "X-Session: " + first.field("x-session"));

      assertThat(next.body()).isEqualTo(first.body());
      assertThat(next.fields("x-session")).isEmpty();
      assertThat(seen(next).fields("x-session")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sealed", "learned"})
  void mcp_requestsOfASessionReachItsServer(String form) throws IOException {
    startMcp(form);
    for (int i = 0; i < 6; i++) {
      Message first = ask("POST /mcp", "Content-Length: 0");
      String session = "Mcp-Session-Id: " + first.field("mcp-session-id");
      for (String request : List.of("POST /mcp", "GET /mcp", "DELETE /mcp")) {
        Message next = ask(request, session, "Content-Length: 0");
        assertThat(next.body()).isEqualTo(first.body());
        assertThat(seen(next).field("mcp-session-id")).startsWith(first.body() + "-session-");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sealed", "learned"})
  void mcp_aServerThatIsDown_is503InJson(String form) throws IOException {
    startMcp(form);
    Message first = ask("POST /mcp", "Content-Length: 0");
    String session = "Mcp-Session-Id: " + first.field("mcp-session-id");
    gateway.pool().change(edit -> edit.down(first.body()));

    Message refused = ask("POST /mcp", session, "Content-Length: 0");

    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.field("retry-after")).isEqualTo("1");
    assertThat(refused.field("content-type")).isEqualTo("application/json");
    assertThat(refused.body()).isEqualTo(UNAVAILABLE);
    gateway.pool().change(edit -> edit.up(first.body()));
    assertThat(ask("POST /mcp", session, "Content-Length: 0").body()).isEqualTo(first.body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"sealed", "learned"})
  void mcp_aServerThatLeft_is404InJson(String form) throws IOException {
    startMcp(form);
    Message first = ask("POST /mcp", "Content-Length: 0");
    String session = "Mcp-Session-Id: " + first.field("mcp-session-id");
    gateway.pool().change(edit -> edit.remove(first.body()));

    Message refused = ask("POST /mcp", session, "Content-Length: 0");

    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.fields("retry-after")).isEmpty();
    assertThat(refused.field("content-type")).isEqualTo("application/json");
    assertThat(refused.body()).isEqualTo(TERMINATED);
  }

  @Test
  void mcp_aForgedId_is404InJson() throws IOException {
    startMcp("sealed");

    assertThat(ask("GET /mcp", "Mcp-Session-Id: forged").body()).isEqualTo(TERMINATED);
  }

  @Test
  void mcp_allServersDown_is503InJson() throws IOException {
    startMcp("sealed");
    gateway.pool().change(edit -> edit.down("b1").down("b2").down("b3"));

    Message refused = ask("POST /mcp", "Content-Length: 0");

    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.body()).isEqualTo(UNAVAILABLE);
  }

  @Test
  void mcp_anotherFailoverCanBeChosen() throws IOException {
    startMcp("sealed}\nfailover: move #");
    Message first = ask("POST /mcp", "Content-Length: 0");
    gateway.pool().change(edit -> edit.down(first.body()));

    Message moved =
        ask("POST /mcp", "Mcp-Session-Id: " + first.field("mcp-session-id"), "Content-Length: 0");

    assertThat(moved.status()).isEqualTo(200);
    assertThat(moved.body()).isNotEqualTo(first.body());
  }

  @Test
  void headerSent_itsValueIdentifiesTheSession() throws IOException {
    start("{type: header, header: X-User, form: sent}", id -> TestBackend.ok(id));
    Set<String> homes = new HashSet<>();
    for (int i = 0; i < 9; i++) {
      String home = ask("GET /", "X-User: u" + i).body();
      assertThat(ask("GET /", "x-user: u" + i).body()).isEqualTo(home);
      assertThat(ask("GET /b", "X-User: u" + i).body()).isEqualTo(home);
      homes.add(home);
    }
    assertThat(homes).containsExactlyInAnyOrder("b1", "b2", "b3");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      {type: query, parameter: cart} | /a?x=y&cart=%d | /b?cart=%d&z
      {type: path, parameter: cart} | /a;cart=%d/b?x=y | /c;x=y;cart=%d
      """)
  void parameters_identifySessions(String sticky, String target, String later) throws IOException {
    start(sticky, id -> TestBackend.ok(id));
    Set<String> homes = new HashSet<>();
    for (int i = 0; i < 9; i++) {
      String home = ask("GET " + target.formatted(i)).body();
      assertThat(ask("GET " + later.formatted(i)).body()).isEqualTo(home);
      assertThat(ask("GET " + later.formatted(i)).body()).isEqualTo(home);
      homes.add(home);
    }
    assertThat(homes).containsExactlyInAnyOrder("b1", "b2", "b3");
  }

  private void startMcp(String form) throws IOException {
    AtomicInteger ids = new AtomicInteger();
    List<TestBackend> servers = new ArrayList<>();
    for (String id : List.of("b1", "b2", "b3")) {
      servers.add(TestBackend.http(
          id,
          request -> request.fields("mcp-session-id").isEmpty()
              ? TestBackend.ok(
                  id, "Mcp-Session-Id: " + id + "-session-" + ids.incrementAndGet() + "\r\n")
              : TestBackend.ok(id)));
    }
    backends = servers;
    start("{type: mcp, form: " + form + "}");
  }

  private void start(String sticky, Function<String, String> answer) throws IOException {
    List<TestBackend> servers = new ArrayList<>();
    for (String id : List.of("b1", "b2", "b3")) {
      servers.add(TestBackend.http(id, request -> answer.apply(id)));
    }
    backends = servers;
    start(sticky);
  }

  /** Starts a gateway with the strictest profile that allows stickiness on the pool. */
  private void start(String sticky) throws IOException {
    gateway = TestGateway.of(TestGateway.yaml(
            "http",
            "",
            "stickySession: " + sticky,
            TestGateway.entries(backends.toArray(TestBackend[]::new)))
        .replace("profile: open", "profile: enhanced"));
  }

  private Message ask(String methodAndTarget, String... fields) throws IOException {
    StringBuilder request = new StringBuilder(methodAndTarget + " HTTP/1.1\r\nHost: site\r\n");
    for (String field : fields) {
      request.append(field).append("\r\n");
    }
    String got = new Client(gateway.port())
        .exchange(request.append("Connection: close\r\n\r\n").toString());
    return Message.response(
        new ByteArrayInputStream(got.getBytes(StandardCharsets.ISO_8859_1)), false);
  }

  /** What the backend saw of a request. */
  private Message seen(Message response) {
    return backends.stream()
        .filter(backend -> backend.id().equals(response.body()))
        .findFirst()
        .orElseThrow()
        .last();
  }
}
