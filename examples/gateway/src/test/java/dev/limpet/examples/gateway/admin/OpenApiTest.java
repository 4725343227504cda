package dev.limpet.examples.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.limpet.core.Drained;
import dev.limpet.core.FailureKind;
import dev.limpet.core.Fault;
import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.examples.gateway.admin.AdminClient.Answer;
import dev.limpet.examples.gateway.config.ConfigFault;
import dev.limpet.examples.gateway.operate.Change;
import dev.limpet.examples.gateway.operate.Draining;
import dev.limpet.examples.gateway.operate.Preview;
import dev.limpet.examples.gateway.operate.Running;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The document of the API, and whether the answers are as it says. */
@Timeout(120)
class OpenApiTest {
  private static final String ID = "https://limpet.dev/openapi.json";
  private static final String WEB1 = "/api/pools/web/backends/web1";
  private static final String STICKY = "/api/pools/web/stickySession";
  private static final String SETTINGS = "{\"type\":\"source-ip\"}";
  private static final ConfigFault FAULT =
      new ConfigFault(null, 0, Fault.of("duration", "61m", "1m..60m"));

  private final String text = text();
  private final JsonObject document = new JsonObject(text);
  private final SchemaRegistry schemas = SchemaRegistry.withDefaultDialect(
      SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(ID, text)));
  private final List<Answer> answers = new ArrayList<>();
  private AdminScene scene;

  @BeforeEach
  void start() throws IOException {
    scene = AdminScene.of(FakeOperations.open());
  }

  @AfterEach
  void stop() {
    scene.close();
  }

  private static String text() {
    try (InputStream in = Api.class.getResourceAsStream("/openapi.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Checks an answer against what the document says of a path and method, and returns it. */
  private Answer check(String template, String method, Answer answer) {
    answers.add(answer);
    String status = String.valueOf(answer.status());
    JsonObject response = document
        .getJsonObject("paths")
        .getJsonObject(template)
        .getJsonObject(method.toLowerCase(Locale.ROOT))
        .getJsonObject("responses")
        .getJsonObject(status);
    assertThat(response).as(method + ' ' + template + ' ' + status).isNotNull();
    if (response.containsKey("$ref")) {
      String name = response.getString("$ref").replaceAll(".*/", "");
      response =
          document.getJsonObject("components").getJsonObject("responses").getJsonObject(name);
    }
    String type = answer.field("content-type").replaceAll(";.*", "");
    JsonObject content = response.getJsonObject("content").getJsonObject(type);
    assertThat(content).as(method + ' ' + template + ' ' + status + ' ' + type).isNotNull();
    conform(content.getJsonObject("schema").getString("$ref"), answer.text());
    return answer;
  }

  private void conform(String ref, String json) {
    assertThat(schemas.getSchema(SchemaLocation.of(ID + ref)).validate(json, InputFormat.JSON))
        .as(json)
        .isEmpty();
  }

  private Answer check(String template, String path, String method, String json, int status)
      throws IOException {
    Answer answer = check(template, method, scene.client.change(method, path, json));
    assertThat(answer.status()).isEqualTo(status);
    return answer;
  }

  @Test
  void pathsAndMethods_areThoseOfTheServer() throws IOException {
    Set<String> served = new TreeSet<>();
    FakeOperations operations = FakeOperations.open();
    SessionCounts counts = new SessionCounts(() -> 0);
    FiguresView figures = new FiguresView(operations, counts, Time.system());
    Api.pages(
            operations,
            Setup.standard(line -> {}),
            new StateView(operations, counts, Time.system()),
            figures,
            new FigureStreams(figures::sample, Duration.ofSeconds(1)))
        .forEach((path, page) -> page.methods().forEach(method -> served.add(method + " " + path)));
    served.add("GET /metrics");

    Set<String> described = new TreeSet<>();
    document
        .getJsonObject("paths")
        .forEach(path -> ((JsonObject) path.getValue())
            .fieldNames().stream()
                .filter(key -> !key.equals("parameters"))
                .forEach(key -> described.add(
                    HttpMethod.valueOf(key.toUpperCase(Locale.ROOT)) + " " + path.getKey())));
    assertThat(described).isEqualTo(served);
  }

  @Test
  void everyReference_hasItsTarget() {
    Set<String> missing = new TreeSet<>();
    List<String> parts = List.of(text.split("\"\\$ref\": \"#/", -1));
    for (String part : parts.subList(1, parts.size())) {
      Object at = document;
      for (String key : part.substring(0, part.indexOf('"')).split("/", -1)) {
        at = (at instanceof JsonObject object) ? object.getValue(key) : null;
      }
      if (at == null) {
        missing.add(part.substring(0, part.indexOf('"')));
      }
    }
    assertThat(parts).hasSizeGreaterThan(50);
    assertThat(missing).isEmpty();
  }

  /** Otherwise an answer with a key that nobody described would pass. */
  @Test
  void aKeyThatIsNotDescribed_isFound() {
    String wrong = "{\"lines\": [], \"more\": 1}";
    assertThat(schemas
            .getSchema(SchemaLocation.of(ID + "#/components/schemas/Audit"))
            .validate(wrong, InputFormat.JSON))
        .hasSize(1);
  }

  @Test
  void enumsOfTheDocument_areThoseOfTheLibrary() {
    JsonObject all = document.getJsonObject("components").getJsonObject("schemas");
    assertThat(all.getJsonObject("Reason").getJsonArray("enum"))
        .containsExactlyElementsOf(names(Reason.values()));
    assertThat(all.getJsonObject("Outcome").getJsonArray("enum"))
        .containsExactlyElementsOf(names(Outcome.values()));
  }

  private static List<String> names(Enum<?>[] values) {
    return List.of(values).stream().map(Enum::name).collect(Collectors.toList());
  }

  @Test
  void everyAnswer_isAsTheDocumentSays_andHasNoSecret() throws Exception {
    scene.operations.story = FakeOperations.story(false);
    scene.operations.differences =
        List.of(new Running.Difference("pools.web.backends.web1.weight", "5", null));
    makeStates();
    readAll();
    changeAll();
    failInEachWay();
    traceAndPlay();

    assertThat(answers).hasSizeGreaterThan(40);
    assertThat(answers)
        .allSatisfy(answer -> assertThat(answer.text() + answer.lines())
            .doesNotContain(FakeOperations.SECRETS)
            .doesNotContain(AdminScene.TOKEN));
  }

  /** Lets backends be up, drained, down and ejected, and have sessions. */
  private void makeStates() {
    for (int session = 0; session < 40; session++) {
      scene.operations.request(session);
    }
    Route failed = scene.operations.router().route(FakeOperations.address(1));
    scene.operations.router().failed(failed, FailureKind.TIMEOUT);
    failed.close();
    scene.operations.pool("db").change(edit -> edit.drain("db1").down("db2"));
    scene.operations.drains.add(new Draining(
        "db",
        "db1",
        AdminScene.NOW,
        AdminScene.NOW.plusSeconds(600),
        312L,
        2,
        AdminScene.NOW.plusSeconds(1200),
        null));
    scene.operations.drains.add(new Draining(
        "web", "web2", AdminScene.NOW, null, null, 0, null, Drained.Result.DEADLINE_PASSED));
  }

  private void readAll() throws Exception {
    for (String path :
        List.of("/api/state", "/api/figures", "/api/reasons", "/api/audit", "/api/openapi.json")) {
      assertThat(check(path, "GET", scene.client.get(path)).status()).isEqualTo(200);
    }
    conform("#/components/schemas/Figures", firstSample());
    scene.operations.failure = new IllegalStateException("secret");
    for (String path : List.of("/api/state", "/api/figures")) {
      assertThat(check(path, "GET", scene.client.get(path)).status()).isEqualTo(500);
    }
    scene.operations.failure = null;
    try (AdminScene classic = AdminScene.of(FakeOperations.classic())) {
      check("/api/state", "GET", classic.client.get("/api/state"));
      check("/api/figures", "GET", classic.client.get("/api/figures"));
    }
  }

  private String firstSample() throws IOException {
    try (Socket socket = scene.client.connect()) {
      AdminClient.offer(socket, "GET /api/figures/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
      InputStream in = new BufferedInputStream(socket.getInputStream());
      assertThat(AdminClient.head(in).field("content-type")).isEqualTo("application/x-ndjson");
      return AdminClient.chunk(in);
    }
  }

  private void changeAll() throws IOException {
    String listener = "/api/listeners/{listener}/stickySession";
    check("/api/pools/{pool}/stickySession", STICKY, "PUT", SETTINGS, 200);
    check("/api/pools/{pool}/stickySession", STICKY, "DELETE", "", 200);
    check(listener, "/api/listeners/front/stickySession", "PUT", SETTINGS, 404);
    check(listener, "/api/listeners/front/stickySession", "DELETE", "", 404);
    check(
        listener + "/preview", "/api/listeners/front/stickySession/preview", "POST", SETTINGS, 404);
    check("/api/pools/{pool}/stickySession/preview", STICKY + "/preview", "POST", SETTINGS, 200);
    check("/api/pools/{pool}/stickySession/preview", STICKY + "/preview", "POST", "null", 200);
    check("/api/pools/{pool}/backends", "/api/pools/web/backends", "POST", "{}", 201);
    String backend = "/api/pools/{pool}/backends/{backend}";
    check(backend, WEB1, "PATCH", "{\"weight\":3}", 200);
    check(backend, WEB1, "DELETE", "", 200);
    check(backend + "/drain", WEB1 + "/drain", "POST", "{\"deadline\":\"10m\"}", 200);
    check(backend + "/ready", WEB1 + "/ready", "POST", "{}", 200);
  }

  private void failInEachWay() throws IOException {
    String backend = "/api/pools/{pool}/backends/{backend}";
    scene.operations.nextChange = new Change.Faulty(List.of(FAULT));
    check(backend, WEB1, "PATCH", "{\"weight\":-3}", 422);
    scene.operations.nextChange = new Change.Unconfirmed("It is the last one; confirm=true");
    check(backend, WEB1, "DELETE", "", 409);
    check(backend, WEB1, "PATCH", "{\"weight\":0}", 409);
    check(backend + "/drain", WEB1 + "/drain", "POST", "{}", 409);
    scene.operations.nextChange = new Change.Unknown("pool: x (expected: one of [web])");
    check(backend + "/ready", WEB1 + "/ready", "POST", "", 404);
    check(backend, WEB1, "PATCH", "{", 400);
    check(backend, WEB1, "PATCH", "{\"x\":\"" + "y".repeat(70_000) + "\"}", 413);
    check(backend, "PATCH", scene.client.send("PATCH", WEB1, "{}", "If-Match: *"));
    check(backend, "DELETE", scene.client.send("DELETE", WEB1, ""));
    check(backend, "DELETE", scene.client.send("DELETE", WEB1, "", "If-Match: \"3\""));
    check(backend, "DELETE", scene.client.send("DELETE", WEB1, "", "Origin: http://evil"));
    String preview = "/api/pools/{pool}/stickySession/preview";
    scene.operations.nextPreview = new Preview.Faulty(List.of(FAULT));
    check(preview, STICKY + "/preview", "POST", SETTINGS, 422);
    scene.operations.nextPreview = new Preview.Unknown("pool: x (expected: one of [web])");
    check(preview, STICKY + "/preview", "POST", SETTINGS, 404);
    try (AdminScene guarded = AdminScene.withToken()) {
      check("/api/state", "GET", guarded.client.get("/api/state"));
      for (int i = 0; i < WrongTokens.MAX_WRONG; i++) {
        guarded.client.get("/api/state", "Authorization: Bearer wrong");
      }
      assertThat(check("/api/state", "GET", guarded.client.get("/api/state")).status())
          .isEqualTo(429);
    }
    try (AdminScene impatient = AdminScene.impatient()) {
      Answer late = impatient.client.exchange(
          "POST /api/trace HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n{", false);
      assertThat(check("/api/trace", "POST", late).status()).isEqualTo(408);
    }
  }

  private void traceAndPlay() throws IOException {
    check("/api/trace", "/api/trace", "POST", "{\"listener\":\"front\"}", 200);
    check("/api/trace", "/api/trace", "POST", "{\"listener\":\"x\"}", 404);
    check("/api/trace", "/api/trace", "POST", "{\"listener\":\"front\",\"address\":\"a\"}", 422);
    check("/api/story", "/api/story", "POST", "", 202);
    scene.operations.story = FakeOperations.story(true);
    check("/api/story", "/api/story", "POST", "", 409);
    scene.operations.story = null;
    check("/api/story", "/api/story", "POST", "", 404);
  }
}
