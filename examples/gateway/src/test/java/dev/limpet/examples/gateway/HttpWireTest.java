package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes between HTTP/1 clients and backends. */
@Timeout(30)
class HttpWireTest {
  private static final String GET = "GET /x?y=1 HTTP/1.1\r\nHost: site:81\r\n";
  private static final String CLOSE = "Connection: close\r\n\r\n";

  @Test
  void response_passesButForItsHopByHopFields() throws Exception {
    try (TestBackend backend = answering("HTTP/1.1 200 Fine\r\nContent-Length: 2\r\n"
            + "Cache-Control: public, max-age=99999999999\r\nExpires: 0\r\nDate: x\r\nSet-Cookie: a=b\r\n"
            + "Connection: x-hop, cache-control\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\n\r\nok");
        TestGateway gateway = start(backend)) {
      assertThat(exchange(gateway, GET + CLOSE))
          .startsWith("HTTP/1.1 200 Fine\r\n")
          .contains("public, max-age=99999999999", "Expires: 0", "Date: x", "Set-Cookie: a=b")
          .endsWith("\r\n\r\nok")
          .doesNotContainIgnoringCase("x-hop")
          .doesNotContain("Keep-Alive");
      assertThat(backend.last().startLine()).isEqualTo("GET /x?y=1 HTTP/1.1");
    }
  }

  @Test
  void fields_keepTheirOrderAndValues_alsoIfRepeatedOrEmpty() throws Exception {
    String fields = "X-B: 1\r\nTE: 2\r\nX-A: 3\r\nX-B:\r\nX-B: 1\r\n";
    try (TestBackend backend =
            answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + fields + "\r\nok");
        TestGateway gateway = start(backend)) {
      String answer = exchange(gateway, GET + fields + CLOSE);

      assertThat(named(answer)).containsExactly("X-B: 1", "X-A: 3", "X-B: ", "X-B: 1");
      assertThat(named(backend.last().head()))
          .containsExactly("X-B: 1", "X-A: 3", "X-B: ", "X-B: 1");
    }
  }

  private static List<String> named(String head) {
    return head.lines()
        .filter(line -> line.startsWith("X-A:") || line.startsWith("X-B:"))
        .toList();
  }

  @Test
  void request_passesButForHopByHopFieldsAndClaimsOfTheClient() throws Exception {
    try (TestBackend backend = TestBackend.http("b1");
        TestGateway gateway = start(backend)) {
      exchange(
          gateway,
          GET
              + "Cookie: a=1\r\nCookie: b=\"2\r\nX-Forwarded-For: 6.6.6.6\r\nX_Forwarded_For: 6.6.6.6\r\n"
              + "X.Forwarded.For: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\n"
              + "X-Client-IP: 6.6.6.6\r\nX_Client_IP: 6.6.6.6\r\nX-Forwarded-Host: 6.6.6.6\r\n"
              + "TE: trailers\r\nX-Foo: 1\r\nX-Bar: 2\r\nProxy-Connection: x\r\n"
              + "Connection: x-foo, Keep-Alive, ,\r\n" + CLOSE);
      Message request = backend.last();
      assertThat(request.fields("cookie")).containsExactly("a=1", "b=\"2");
      assertThat(request.field("x-forwarded-for")).isEqualTo("127.0.0.1");
      assertThat(request.field("x-forwarded-proto")).isEqualTo("http");
      assertThat(request.field("x-forwarded-host")).isEqualTo("site:81");
      assertThat(request.field("host")).isEqualTo("site:81");
      assertThat(request.fields("te")).isEmpty();
      assertThat(request.field("x-bar")).isEqualTo("2");
      assertThat(request.head())
          .doesNotContain("6.6.6.6")
          .doesNotContainIgnoringCase("x-foo")
          .doesNotContainIgnoringCase("connection");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-For",
        "X_Forwarded_For",
        "X.Forwarded.For",
        "X-Real-IP",
        "X-Client-IP",
        "Forwarded"
      })
  void addressThatTheClientClaims_choosesNoSession(String field) throws Exception {
    try (TestBackend b1 = TestBackend.http("b1");
        TestBackend b2 = TestBackend.http("b2");
        TestGateway gateway = TestGateway.http(TestGateway.SOURCE_IP, b1, b2)) {
      Client client = gateway.client();
      String home = client.body();
      for (int i = 0; i < 8; i++) {
        String address = "6.6.6." + i;
        String claim = field.equals("Forwarded") ? "for=" + address : address;
        assertThat(client.get(field + ": " + claim).body()).isEqualTo(home);
      }
    }
  }

  @Test
  void connectionField_removesNoProtectedField() throws Exception {
    try (TestBackend backend = TestBackend.http("b1");
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, backend)) {
      Client client = gateway.sessionAt("b1").withCookie("a", "1");
      Message kept = client.get(
          "Authorization: x",
          "Connection: cookie, x-forwarded-for, X-Forwarded-Proto, host, authorization");
      assertThat(kept.fields("set-cookie")).isEmpty();
      assertThat(backend.last().field("cookie")).isEqualTo("a=1");
      assertThat(backend.last().field("authorization")).isEqualTo("x");
      assertThat(backend.last().field("host")).isEqualTo("site");
      assertThat(backend.last().field("x-forwarded-for")).startsWith("127.0.77.");
      assertThat(backend.last().field("x-forwarded-proto")).isEqualTo("http");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://site/a?b", "http://other:99/a?b", "/a?b"})
  void target_isForwardedInOriginForm(String target) throws Exception {
    try (TestBackend backend = TestBackend.http("b1");
        TestGateway gateway = start(backend)) {
      exchange(gateway, "GET " + target + " HTTP/1.1\r\nHost: site\r\n" + CLOSE);
      assertThat(backend.last().startLine()).isEqualTo("GET /a?b HTTP/1.1");
    }
  }

  @Test
  void responsesWithoutABody_leaveTheConnectionUsable() throws Exception {
    try (TestBackend backend =
            answering("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\nETag: x\r\n\r\n");
        TestGateway gateway = start(backend)) {
      String answer = exchange(gateway, GET + "\r\n" + GET + CLOSE);
      assertThat(answer.split("HTTP/1.1 304", -1)).hasSize(3);
      assertThat(answer).endsWith("\r\n\r\n").doesNotContainIgnoringCase("transfer-encoding");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1", "1.0"})
  void bodyThatEndsWithTheConnection_passes(String version) throws Exception {
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          Message.head(socket.getInputStream());
          TestBackend.say(socket, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nwhole");
        });
        TestGateway gateway = start(backend)) {
      String end = version.equals("1.0") ? "Connection: keep-alive\r\n\r\n" : CLOSE;
      String answer = exchange(gateway, "GET / HTTP/" + version + "\r\nHost: a\r\n" + end);
      assertThat(answer).contains("whole");
      assertThat(answer.contains("chunked")).isEqualTo(version.equals("1.1"));
    }
  }

  @Test
  void trailers_pass() throws Exception {
    try (TestBackend backend = answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n");
        TestGateway gateway = start(backend)) {
      assertThat(exchange(gateway, GET + CLOSE)).containsIgnoringCase("0\r\nx-sum: 7\r\n\r\n");
    }
  }

  @Test
  void truncatedResponse_isNotEndedAsIfWhole() throws Exception {
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          Message.head(socket.getInputStream());
          TestBackend.say(
              socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n");
        });
        TestGateway gateway = start(backend)) {
      String answer = exchange(gateway, GET + CLOSE);
      assertThat(answer).startsWith("HTTP/1.1 200");
      assertThat(answer).doesNotEndWith("0\r\n\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Content-Length: 100\r\n", "Transfer-Encoding: chunked\r\n"})
  void responseWhoseConnectionIsReset_isNotEndedAsIfWhole(String framing) throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          Message.head(socket.getInputStream());
          TestBackend.say(socket, "HTTP/1.1 200 OK\r\n" + framing + "\r\n2\r\nok\r\n");
          Wait.until(seen);
          socket.setSoLinger(true, 0);
        });
        TestGateway gateway = start(backend);
        Socket socket = new Client(gateway.port()).connect()) {
      TestBackend.say(socket, GET + "\r\n");
      Message.head(socket.getInputStream());
      seen.countDown();
      assertThat(Client.allUntilReset(socket)).doesNotEndWith("0\r\n\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 99 Odd",
        "HTTP/1.1 0 Odd",
        "HTTP/1.1 1000 Odd",
        "HTTP/2.0 200 OK",
        "HTTP/1.1 20 OK",
        "ICY 200 OK",
        "HTTP/1.1 -1 OK"
      })
  void statusLineThatIsNotHttp1_is502(String line) throws Exception {
    try (TestBackend backend = answering(line + "\r\nContent-Length: 2\r\n\r\nok");
        TestGateway gateway = start(backend)) {
      String answer = exchange(gateway, GET + "\r\n" + GET + CLOSE);
      assertThat(answer.split("HTTP/1.1 502 Bad Gateway", -1)).hasSize(3);
    }
  }

  @Test
  void resetContent_hasNoBody() throws Exception {
    try (TestBackend backend = answering("HTTP/1.1 205 Reset\r\nContent-Length: 2\r\n\r\nok");
        TestGateway gateway = start(backend)) {
      String answer = exchange(gateway, GET + "\r\n" + GET + CLOSE);
      assertThat(answer.split("HTTP/1.1 205 Reset", -1)).hasSize(3);
      assertThat(answer).endsWith("\r\n\r\n").doesNotContain("ok");
    }
  }

  @Test
  void notModifiedWithoutALength_getsNone() throws Exception {
    try (TestBackend backend = answering("HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n");
        TestGateway gateway = start(backend)) {
      assertThat(exchange(gateway, GET + CLOSE))
          .startsWith("HTTP/1.1 304 Not Modified")
          .doesNotContainIgnoringCase("content-length");
    }
  }

  @Test
  void hopByHopFieldsInTrailers_doNotPass() throws Exception {
    try (TestBackend backend = answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nKeep-Alive: x\r\nX-Sum: 7\r\n\r\n");
        TestGateway gateway = start(backend)) {
      assertThat(exchange(gateway, GET + CLOSE))
          .containsIgnoringCase("x-sum: 7")
          .doesNotContainIgnoringCase("keep-alive");
    }
  }

  @Test
  void continue_comesWhenABackendIsConnected() throws Exception {
    CompletableFuture<String> head = new CompletableFuture<>();
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          head.complete(Message.head(socket.getInputStream()));
          byte[] body = socket.getInputStream().readNBytes(5);
          TestBackend.say(socket, TestBackend.ok(new String(body, StandardCharsets.ISO_8859_1)));
        });
        TestGateway gateway = start(backend);
        Socket socket = new Client(gateway.port()).connect()) {
      TestBackend.say(
          socket,
          "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n" + CLOSE);
      assertThat(Message.head(socket.getInputStream())).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      TestBackend.say(socket, "hello");
      assertThat(Client.all(socket)).startsWith("HTTP/1.1 200").endsWith("hello");
      assertThat(head.get(5, TimeUnit.SECONDS)).doesNotContainIgnoringCase("expect");
    }
  }

  @Test
  void earlyHints_doNotReachAClientOfHttp10() throws Exception {
    try (TestBackend backend =
            answering("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + TestBackend.ok("ok"));
        TestGateway gateway = start(backend)) {
      assertThat(exchange(gateway, "GET / HTTP/1.0\r\n\r\n"))
          .startsWith("HTTP/1.0 200")
          .endsWith("\r\n\r\nok");
    }
  }

  @Test
  void expectation_ofAClientOfHttp10_isNotAnsweredAndItsBodyPasses() throws Exception {
    try (TestBackend backend = TestBackend.http("b1");
        TestGateway gateway = start(backend)) {
      String post = "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello";
      assertThat(exchange(gateway, post)).startsWith("HTTP/1.0 200").endsWith("b1");
      assertThat(backend.last().body()).isEqualTo("hello");
    }
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, 127.0.0.1", "::1, [::1]"})
  void requestWithoutAHost_getsTheBackendsAddress(String address, String inUris) throws Exception {
    InetAddress host = InetAddress.getByName(address);
    assumeThat(NetworkInterface.getByInetAddress(host)).isNotNull();
    CompletableFuture<String> head = new CompletableFuture<>();
    try (RawServer backend = new RawServer(host, 0, socket -> {
          head.complete(Message.head(socket.getInputStream()));
          TestBackend.say(socket, TestBackend.ok("ok"));
        });
        TestGateway gateway = TestGateway.of(TestGateway.yaml(
            "http",
            "",
            TestGateway.NOT_STICKY,
            List.of("{id: b1, address: \"" + inUris + ':' + backend.port() + "\"}")))) {
      assertThat(exchange(gateway, "GET / HTTP/1.0\r\n\r\n")).endsWith("ok");
      assertThat(head.get(5, TimeUnit.SECONDS))
          .containsIgnoringCase("\r\nhost: " + inUris + ':' + backend.port() + "\r\n");
    }
  }

  @Test
  void slowClient_pausesTheBackend() throws Exception {
    AtomicLong written = new AtomicLong();
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          Message.head(socket.getInputStream());
          TestBackend.say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
          while (true) {
            socket.getOutputStream().write(new byte[65_536]);
            written.addAndGet(65_536);
          }
        });
        TestGateway gateway = start(backend);
        Socket socket = new Client(gateway.port()).connect()) {
      TestBackend.say(socket, GET + "\r\n");
      assertThat(Wait.untilSteady(written::get)).isLessThan(40_000_000);
    }
  }

  @Test
  void headerSection_upTo64KiBPasses_longerIs431() throws Exception {
    String longField = "X-Big: " + "r".repeat(65_000) + "\r\n";
    try (TestBackend backend = answering(TestBackend.ok("ok", longField));
        TestGateway gateway = start(backend)) {
      String others = "Host: a\r\nCookie: \r\nConnection: close\r\n";
      String value = "c".repeat(64 * 1024 - others.length());
      String fits = "GET / HTTP/1.1\r\nHost: a\r\nCookie: " + value + "\r\n" + CLOSE;

      assertThat(exchange(gateway, fits)).startsWith("HTTP/1.1 200").contains(longField);
      assertThat(backend.last().field("cookie")).isEqualTo(value);
      assertThat(exchange(gateway, fits.replace("Cookie: c", "Cookie: cc")))
          .startsWith("HTTP/1.1 431");
      assertThat(exchange(gateway, fits.replace("Cookie: c", "Cookie: " + "c".repeat(100_000))))
          .startsWith("HTTP/1.1 431");
      assertThat(backend.requests()).hasSize(1);
    }
  }

  @Test
  void cookieFieldOf60KiB_passesWithoutOurs() throws Exception {
    try (TestBackend backend = TestBackend.http("b1");
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, backend)) {
      Client client = gateway.sessionAt("b1");
      String big = "a=" + "c".repeat(60 * 1024);
      Message response = client.get("Cookie: " + big);
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.fields("set-cookie")).isEmpty();
      assertThat(backend.last().fields("cookie")).containsExactly(big);
    }
  }

  private static TestBackend answering(String response) throws IOException {
    return TestBackend.http("b1", request -> response);
  }

  private static TestGateway start(TestBackend backend) throws IOException {
    return TestGateway.http(TestGateway.NOT_STICKY, backend);
  }

  private static String exchange(TestGateway gateway, String text) throws IOException {
    return new Client(gateway.port()).exchange(text);
  }
}
