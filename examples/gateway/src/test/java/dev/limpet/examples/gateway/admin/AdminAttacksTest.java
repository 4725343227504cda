package dev.limpet.examples.gateway.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.examples.gateway.admin.AdminClient.Answer;
import dev.limpet.examples.gateway.operate.Edit;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no well-meaning client sends. */
@Timeout(60)
class AdminAttacksTest {
  private static final String WEB1 = "/api/pools/web/backends/web1";
  private static final String READY = WEB1 + "/ready";

  private AdminScene scene;

  @BeforeEach
  void start() throws IOException {
    scene = AdminScene.of(FakeOperations.open());
  }

  @AfterEach
  void stop() {
    scene.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//api/state",
        "/api//state",
        "/api/state/",
        "/api/./state",
        "/api/x/../state",
        "/api/%2e%2e/state",
        "/api/state;x=1",
        "/%61pi/state",
        "/API/state",
        "/api/state%00",
        "/api%2fstate",
        "/console/../openapi.json",
        "/console/%2e%2e/openapi.json",
        "/console/..%2fopenapi.json",
        "/console/lib",
        "/console/lib/",
        "/console/files.txt",
        "/console//console.js",
        "/console/console.js/",
        "/console/console.css%00.js",
        "/index.html",
        "\\console\\console.js",
        "http://localhost/api/state/"
      })
  void otherSpellingsOfPaths_areUnknown(String path) throws IOException {
    assertThat(scene.client.get(path).status()).isIn(400, 404);
  }

  @ParameterizedTest
  @CsvSource({
    "/api/pools/web%31/backends/x/ready, web1, x",
    "/api/pools/a%2Fb/backends/%3Bx/ready, a/b, ;x",
    "/api/pools/%2e%2e/backends/../ready, .., ..",
    "/api/pools/a+b/backends/x;y=1/ready, a+b, x;y=1",
    "/api/pools/%C3%A4/backends/x/ready, \u00e4, x"
  })
  void namesInPaths_areDecodedOnce(String path, String pool, String id) throws IOException {
    scene.client.change("POST", path, "");

    assertThat(scene.operations.edits).containsExactly(new Edit.Ready(pool, id));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/pools/%/backends/x/ready",
        "/api/pools/%zz/backends/x/ready",
        "/api/pools/%ff/backends/x/ready",
        "/api/pools//backends/x/ready"
      })
  void namesThatCannotBeDecoded_areUnknown(String path) throws IOException {
    assertThat(scene.client.change("POST", path, "").status()).isEqualTo(404);
    assertThat(scene.operations.edits).isEmpty();
  }

  @Test
  void aFormOfAnotherSite_changesNothing() throws IOException {
    Answer form = scene.client.send(
        "POST",
        READY,
        "{}",
        "Origin: http://evil.example",
        "Content-Type: text/plain",
        "If-Match: *");
    assertThat(form.status()).isEqualTo(403);
    assertThat(scene
            .client
            .send("POST", READY, "{}", "Content-Type: text/plain", "If-Match: *")
            .status())
        .isEqualTo(415);
    assertThat(scene.operations.edits).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "OPTIONS, /api/state, 'GET, HEAD'",
    "TRACE, /api/state, 'GET, HEAD'",
    "BREW, /api/state, 'GET, HEAD'",
    "POST, /api/state, 'GET, HEAD'",
    "GET, /api/pools/web/backends/web1, 'DELETE, PATCH'",
    "HEAD, /api/pools/web/backends, POST",
    "OPTIONS, /api/pools/web/stickySession, 'DELETE, PUT'",
    "POST, /, 'GET, HEAD'",
    "PUT, /console/console.js, 'GET, HEAD'"
  })
  void otherMethods_areRefused(String method, String path, String allowed) throws IOException {
    Answer answer = scene.client.send(method, path, "");

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.field("allow")).isEqualTo(allowed);
  }

  @Test
  void aBodyBeyondTheLimit_isRefused_whetherItSaysSoOrNot() throws IOException {
    String large = "{\"x\":\"" + "y".repeat(BodyReader.MAX_BYTES) + "\"}";
    assertThat(scene.client.change("PATCH", WEB1, large).status()).isEqualTo(413);
    String chunk = "8000\r\n" + "y".repeat(0x8000) + "\r\n";
    Answer chunked = scene.client.exchange(
        "PATCH " + WEB1 + " HTTP/1.1\r\nHost: localhost\r\nIf-Match: *\r\n"
            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            + chunk.repeat(3) + "0\r\n\r\n",
        false);
    assertThat(chunked.status()).isEqualTo(413);
    assertThat(chunked.field("connection")).isEqualTo("close");
    assertThat(scene.operations.edits).isEmpty();
  }

  @Test
  void aBodyOfTheLimit_isRead() throws IOException {
    String start = "{\"x\":\"";
    String json = start + "y".repeat(BodyReader.MAX_BYTES - start.length() - 2) + "\"}";

    assertThat(scene.client.change("PATCH", WEB1, json).status()).isEqualTo(200);
  }

  @Test
  @Tag("slow")
  void aSlowBody_isGivenUp() throws IOException {
    try (AdminScene impatient = AdminScene.impatient();
        Socket socket = impatient.client.connect()) {
      AdminClient.offer(
          socket,
          "PATCH " + WEB1 + " HTTP/1.1\r\nHost: localhost\r\nIf-Match: *\r\n"
              + "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{");
      InputStream in = new BufferedInputStream(socket.getInputStream());
      assertThat(AdminClient.read(in, false).status()).isEqualTo(408);
      assertThat(in.read()).isEqualTo(-1);
      assertThat(impatient.operations.edits).isEmpty();
    }
  }

  @Test
  void garbageBehindARequest_changesNothing() throws IOException {
    try (Socket socket = scene.client.connect()) {
      AdminClient.offer(
          socket, "GET /api/audit HTTP/1.1\r\nHost: localhost\r\n\r\n\u0000\u0001garbage\r\n\r\n");
      InputStream in = new BufferedInputStream(socket.getInputStream());
      assertThat(AdminClient.read(in, false).status()).isEqualTo(200);
      String rest = new String(in.readAllBytes(), ISO_8859_1);
      assertThat(rest)
          .satisfiesAnyOf(
              text -> assertThat(text).isEmpty(), text -> assertThat(text).contains("400"));
    }
    assertThat(scene.client.get("/api/audit").status()).isEqualTo(200);
  }

  @Test
  void aRequestBehindARefusedOne_isGuardedToo() throws IOException {
    try (Socket socket = scene.client.connect()) {
      AdminClient.offer(
          socket,
          "POST " + READY + " HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil\r\n"
              + "If-Match: *\r\nContent-Length: 2\r\n\r\n{}"
              + "POST " + READY + " HTTP/1.1\r\nHost: evil.example\r\n"
              + "If-Match: *\r\nConnection: close\r\n\r\n");
      InputStream in = new BufferedInputStream(socket.getInputStream());
      assertThat(AdminClient.read(in, false).status()).isEqualTo(403);
      assertThat(AdminClient.read(in, false).status()).isEqualTo(403);
    }
    assertThat(scene.operations.edits).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://evil.example/api/state",
        "http://localhost@evil.example/api/state",
        "http://localhost/api/state",
        "//evil.example/api/state",
        "*",
        "localhost:80"
      })
  void targetsThatNameAHost_areUnknown(String target) throws IOException {
    assertThat(scene.client.get(target).status()).isIn(400, 404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: +5",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding : chunked"
      })
  void requestsOfDoubtfulLength_areRefused_withWhatFollowsThem(String fields) throws IOException {
    try (Socket socket = scene.client.connect()) {
      AdminClient.offer(
          socket,
          "POST " + READY + " HTTP/1.1\r\nHost: localhost\r\nIf-Match: *\r\n"
              + "Content-Type: application/json\r\n" + fields + "\r\n\r\n0\r\n\r\n"
              + "POST " + READY + " HTTP/1.1\r\nHost: localhost\r\nIf-Match: *\r\n\r\n");
      InputStream in = new BufferedInputStream(socket.getInputStream());
      assertThat(AdminClient.read(in, false).status()).isEqualTo(400);
      assertThat(in.read()).isEqualTo(-1);
    }
    assertThat(scene.operations.edits).isEmpty();
  }

  @Test
  void aBodyThatWaitsForLeave_isAskedFor() throws IOException {
    try (Socket socket = scene.client.connect()) {
      AdminClient.offer(
          socket,
          "PATCH " + WEB1 + " HTTP/1.1\r\nHost: localhost\r\nIf-Match: *\r\n"
              + "Content-Type: application/json\r\nExpect: 100-continue\r\n"
              + "Content-Length: 2\r\n\r\n");
      InputStream in = new BufferedInputStream(socket.getInputStream());
      assertThat(AdminClient.head(in).status()).isEqualTo(100);
      AdminClient.offer(socket, "{}");
      assertThat(AdminClient.read(in, false).status()).isEqualTo(200);
    }
  }

  @Test
  void moreConnectionsThanTheLimit_areClosed() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < Connections.MAX; i++) {
        sockets.add(scene.client.connect());
        AdminClient.offer(sockets.get(i), "GET /");
      }
      try (Socket oneMore = scene.client.connect()) {
        assertThat(oneMore.getInputStream().read()).isEqualTo(-1);
      }
      sockets.remove(0).close();
      AdminScene.until(this::isServed);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private boolean isServed() {
    try {
      return scene.client.get("/api/audit").status() == 200;
    } catch (IOException closed) {
      return false;
    }
  }

  @Test
  void aSlowHead_isGivenUp_butNoStream() throws IOException {
    try (Socket slow = scene.client.connect();
        Socket stream = scene.client.connect()) {
      AdminClient.offer(stream, "GET /api/figures/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
      InputStream figures = new BufferedInputStream(stream.getInputStream());
      assertThat(AdminClient.head(figures).status()).isEqualTo(200);
      AdminClient.offer(slow, "GET /api/audit HTTP/1.1\r\nHost: local");
      scene.advance(Duration.ofSeconds(60));

      assertThat(slow.getInputStream().read()).isEqualTo(-1);
      for (int i = 0; i < 5; i++) {
        assertThat(AdminClient.chunk(figures)).startsWith("{");
      }
    }
  }

  @Test
  void aFaultOfTheGateway_isReported_butNotWhatWasSent() throws IOException {
    scene.operations.failure = new IllegalStateException("sent: s3cret");
    Answer answer = scene.client.get("/api/state");

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.title()).isEqualTo("Internal Server Error");
    assertThat(scene.complaints)
        .singleElement()
        .asString()
        .startsWith("admin: unexpected: java.lang.IllegalStateException at dev.limpet.")
        .doesNotContain("s3cret");
  }

  @Test
  void twoHosts_areRefused() throws IOException {
    assertThat(scene
            .client
            .get("/api/state", "Host: localhost\r\nHost: evil.example")
            .status())
        .isIn(400, 403);
    assertThat(scene
            .client
            .get("/api/state", "Host: localhost", "Origin: http://localhost\r\nOrigin: http://evil")
            .status())
        .isEqualTo(403);
    assertThat(scene.client.exchange("GET /api/state HTTP/1.0\r\n\r\n", false).status())
        .isIn(400, 403);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      {"a":1 | body: not well-formed (expected: JSON, with each key once)
      {"a":1,"a":2} | body: not well-formed (expected: JSON, with each key once)
      {"a":{"b":1,"b":1}} | body: not well-formed (expected: JSON, with each key once)
      {"a":1} x | body: not well-formed (expected: JSON, with each key once)
      {'a':1} | body: not well-formed (expected: JSON, with each key once)
      {a: 1} | body: not well-formed (expected: JSON, with each key once)
      [] | body: another value (expected: a JSON object)
      "text" | body: another value (expected: a JSON object)
      7 | body: another value (expected: a JSON object)
      null | body: null (expected: a JSON object)
      """)
  void bodiesThatAreNoObject_areRefused(String body, String title) throws IOException {
    Answer answer = scene.client.change("PATCH", WEB1, body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.title()).isEqualTo(title);
    assertThat(scene.operations.edits).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 900, 5000, 30_000})
  void deeplyNestedBodies_areRefused(int levels) throws IOException {
    String body = "{\"a\":".repeat(levels) + "1" + "}".repeat(levels);
    Answer answer = scene.client.change(
        "PATCH", WEB1, body.length() > BodyReader.MAX_BYTES ? "[".repeat(levels) : body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(scene.operations.edits).isEmpty();
  }

  @Test
  void malformedUtf8_isRefused() throws IOException {
    String request = "PATCH " + WEB1 + " HTTP/1.1\r\nHost: localhost\r\nIf-Match: *\r\n"
        + "Content-Type: application/json\r\nContent-Length: 9\r\nConnection: close\r\n\r\n"
        + "{\"a\":\"\u00ff\"}";
    Answer answer = scene.client.exchange(request, false);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.title()).isEqualTo("body: not UTF-8 (expected: JSON in UTF-8)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/json",
        "application/json; charset=iso-8859-1",
        "application/jsonx",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x"
      })
  void otherTypesOfBodies_areRefused(String type) throws IOException {
    assertThat(scene
            .client
            .send("PATCH", WEB1, "{}", "If-Match: *", "Content-Type: " + type)
            .status())
        .isEqualTo(415);
  }

  @Test
  void theTypeOfABody_mayNameUtf8() throws IOException {
    assertThat(scene
            .client
            .send(
                "PATCH", WEB1, "{}", "If-Match: *", "Content-Type: Application/JSON; charset=UTF-8")
            .status())
        .isEqualTo(200);
  }
}
