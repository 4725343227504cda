package dev.limpet.examples.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Fault;
import dev.limpet.examples.gateway.admin.AdminClient.Answer;
import dev.limpet.examples.gateway.config.ConfigFault;
import dev.limpet.examples.gateway.operate.Change;
import dev.limpet.examples.gateway.operate.Edit;
import dev.limpet.examples.gateway.operate.TracedRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes by the API, and what it answers if they cannot be made. */
@Timeout(60)
class AdminChangesTest {
  private static final String STICKY = "/api/pools/web/stickySession";
  private static final String WEB1 = "/api/pools/web/backends/web1";

  private AdminScene scene;

  @BeforeEach
  void start() throws IOException {
    scene = AdminScene.of(FakeOperations.open());
  }

  @AfterEach
  void stop() {
    scene.close();
  }

  @Test
  void aChange_isAnsweredWithTheNewVersionAndWhatChanged() throws IOException {
    Answer answer = scene.client.change("PUT", STICKY, "{ \"type\": \"source-ip\" }");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.field("etag")).isEqualTo("\"8\"");
    assertThat(answer.json())
        .isEqualTo(new JsonObject()
            .put("version", "8")
            .put("differences", JsonArray.of("a: 1 -> 2"))
            .put("written", false)
            .put("paste", "a: 2"));
    assertThat(scene.operations.edits)
        .containsExactly(new Edit.Stickiness("web", "{\"type\":\"source-ip\"}"));
  }

  @Test
  void eachRequest_isTheEditThatItSays() throws IOException {
    scene.client.change("DELETE", STICKY, "");
    scene.client.change("PATCH", WEB1, "{\"weight\":3}");
    scene.client.change("PATCH", WEB1 + "?confirm=true", "{\"weight\":0}");
    Answer added = scene.client.change("POST", "/api/pools/web/backends", "{\"id\":\"new\"}");
    scene.client.change("DELETE", WEB1, "");
    scene.client.change("DELETE", WEB1 + "?confirm=true", "");
    scene.client.change("POST", WEB1 + "/drain", "");
    scene.client.change("POST", WEB1 + "/drain?confirm=true", "{\"deadline\":\"10m\"}");
    scene.client.change("POST", WEB1 + "/ready", "{}");

    assertThat(added.status()).isEqualTo(201);
    assertThat(scene.operations.edits)
        .containsExactly(
            new Edit.Stickiness("web", null),
            new Edit.ChangeBackend("web", "web1", "{\"weight\":3}", false),
            new Edit.ChangeBackend("web", "web1", "{\"weight\":0}", true),
            new Edit.AddBackend("web", "{\"id\":\"new\"}"),
            new Edit.RemoveBackend("web", "web1", false),
            new Edit.RemoveBackend("web", "web1", true),
            new Edit.Drain("web", "web1", null, false),
            new Edit.Drain("web", "web1", "10m", true),
            new Edit.Ready("web", "web1"));
  }

  /** The version comes from a look, and is refused once somebody else has changed something. */
  @Test
  void aStaleEdit_isRefusedWithTheDifferences_andThenMade() throws IOException {
    String seen = scene.client.get("/api/state").field("etag");
    scene.client.change("PUT", STICKY, "{}");

    Answer stale = scene.client.change("PATCH", WEB1, "{\"weight\":3}", "If-Match: " + seen);

    assertThat(seen).isEqualTo("\"7\"");
    assertThat(stale.status()).isEqualTo(412);
    assertThat(stale.field("etag")).isEqualTo("\"8\"");
    assertThat(stale.json().getString("version")).isEqualTo("8");
    assertThat(stale.json().getJsonArray("differences"))
        .containsExactly("pools.web.backends.web1.weight: 5 -> 3");
    assertThat(scene.operations.edits).hasSize(1);
    assertThat(scene
            .client
            .change("PATCH", WEB1, "{\"weight\":3}", "If-Match: " + stale.field("etag"))
            .status())
        .isEqualTo(200);
    assertThat(scene.operations.expected).containsExactly(-1L, 8L);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      "7" | 200
      * | 200
      "6" | 412
      "abc" | 412
      "99999999999999999999" | 412
      "" | 412
      7 | 400
      W/"7" | 400
      "7", "8" | 400
      "7 | 400
      ** | 400
      """)
  void ifMatch_namesOneVersionOrAny(String value, int status) throws IOException {
    assertThat(scene.client.send("DELETE", STICKY, "", "If-Match: " + value).status())
        .isEqualTo(status);
    assertThat(scene.operations.edits).hasSize((status == 200) ? 1 : 0);
  }

  @Test
  void withoutIfMatch_nothingIsChanged() throws IOException {
    Answer answer = scene.client.send("DELETE", STICKY, "");

    assertThat(answer.status()).isEqualTo(428);
    assertThat(answer.title()).startsWith("If-Match: absent (expected: ");
    assertThat(scene.operations.edits).isEmpty();
  }

  @Test
  void faults_areSaidByFieldInTheTextsOfTheFile() throws IOException {
    Fault fault = Fault.of("duration", "61m", "1m..60m at layer 4, in whole seconds");
    scene.operations.nextChange =
        new Change.Faulty(List.of(new ConfigFault("config.yaml", 17, fault)));

    Answer answer = scene.client.change("PUT", STICKY, "{\"duration\":\"61m\"}");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.field("content-type")).isEqualTo("application/problem+json");
    assertThat(answer.json())
        .isEqualTo(new JsonObject()
            .put("status", 422)
            .put("title", "The settings are faulty")
            .put(
                "faults",
                JsonArray.of(new JsonObject()
                    .put("field", "duration")
                    .put(
                        "message",
                        "duration: 61m (expected: 1m..60m at layer 4, in whole seconds)"))));
  }

  @Test
  void theLastBackend_asksForAConfirmation() throws IOException {
    scene.operations.nextChange = new Change.Unconfirmed("web1 is the last one");

    Answer answer = scene.client.change("POST", WEB1 + "/drain", "{}");

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.title()).isEqualTo("web1 is the last one");
    assertThat(answer.json().getBoolean("confirm")).isTrue();
  }

  @Test
  void anUnknownName_is404WithTheKnownOnes() throws IOException {
    scene.operations.nextChange = new Change.Unknown("pool: x (expected: one of [web])");

    Answer answer = scene.client.change("DELETE", "/api/pools/x/stickySession", "");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.title()).isEqualTo("pool: x (expected: one of [web])");
  }

  @ParameterizedTest
  @ValueSource(strings = {"confirm=yes", "confirm", "confirm=true&confirm=true", "confirm=%zz"})
  void malformedQueries_areRefused(String query) throws IOException {
    assertThat(scene.client.change("DELETE", WEB1 + '?' + query, "").status()).isEqualTo(400);
    assertThat(scene.operations.edits).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      {"deadline":10} | 422
      {"until":"10m"} | 400
      {"deadline":null} | 200
      """)
  void aDrain_hasADeadlineOrNothing(String body, int status) throws IOException {
    assertThat(scene.client.change("POST", WEB1 + "/drain", body).status()).isEqualTo(status);
  }

  @Test
  void aPreview_needsNoVersion_andChangesNothing() throws IOException {
    Answer answer =
        scene.client.send("POST", STICKY + "/preview", "null", "Content-Type: application/json");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json())
        .isEqualTo(new JsonObject()
            .put("stay", 12)
            .put("reinterpreted", 3)
            .put("end", 1)
            .put("notes", JsonArray.of("A note.")));
    assertThat(scene.operations.edits).containsExactly(new Edit.Stickiness("web", null));
  }

  @Test
  void stickiness_belongsToWhatTheProfileSays() throws IOException {
    String listener = "/api/listeners/front/stickySession";
    Answer wrong = scene.client.change("DELETE", listener, "");
    assertThat(wrong.status()).isEqualTo(404);
    assertThat(wrong.title())
        .isEqualTo("stickySession: of a listener (expected: of a pool) [profile open]");
    try (AdminScene classic = AdminScene.of(FakeOperations.classic())) {
      assertThat(classic.client.change("DELETE", listener, "").status()).isEqualTo(200);
      assertThat(classic.client.change("DELETE", STICKY, "").status()).isEqualTo(404);
      assertThat(classic.operations.edits).containsExactly(new Edit.Stickiness("front", null));
    }
  }

  @Test
  void aTrace_passesEverythingOn() throws IOException {
    Answer answer = scene.client.send(
        "POST",
        "/api/trace",
        "{\"listener\":\"front\",\"address\":\"2001:db8::1\",\"target\":\"/a?b=c\","
            + "\"headers\":{\"Cookie\":[\"a=1\",\"b=2\"]}}",
        "Content-Type: application/json");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getString("backend")).isEqualTo("web1");
    assertThat(answer.json().getValue("reason")).isNull();
    assertThat(scene.operations.traced)
        .containsExactly(new TracedRequest(
            "front", "2001:db8::1", Map.of("Cookie", List.of("a=1", "b=2")), "/a?b=c"));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      {} | 400
      {"listener":7} | 400
      {"listener":"front","more":"the-cookie"} | 400
      {"listener":"front","headers":["the-cookie"]} | 400
      {"listener":"front","headers":{"Cookie":"the-cookie"}} | 400
      {"listener":"front","headers":{"Cookie":["the-cookie",7]}} | 400
      {"listener":"front","address":"the-cookie"} | 422
      {"listener":"front","target":"the-cookie"} | 422
      {"listener":"x","target":"/the-cookie"} | 404
      {"listener":"front","target":"the-cookie | 400
      """)
  void aFaultyTrace_isRefused_withoutWhatWasPasted(String body, int status) throws IOException {
    Answer answer = scene.client.send("POST", "/api/trace", body, "Content-Type: application/json");

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text()).doesNotContain("the-cookie");
  }

  @Test
  void theStory_playsOnceAtATime_andOnlyInADemonstration() throws IOException {
    assertThat(scene.client.send("POST", "/api/story", "").status()).isEqualTo(404);
    scene.operations.story = FakeOperations.story(false);
    assertThat(scene.client.send("POST", "/api/story", "").status()).isEqualTo(202);
    scene.operations.story = FakeOperations.story(true);
    assertThat(scene.client.send("POST", "/api/story", "").status()).isEqualTo(409);
  }

  @Test
  void aFailure_saysNothingOfItsCause() throws IOException {
    scene.operations.failure = new IllegalStateException("the-secret");

    Answer answer = scene.client.get("/api/state");

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.title()).isEqualTo("Internal Server Error");
  }
}
