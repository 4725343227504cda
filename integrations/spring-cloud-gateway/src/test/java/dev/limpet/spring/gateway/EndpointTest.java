package dev.limpet.spring.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.testkit.RawBackend;
import dev.limpet.testkit.RawClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The endpoint of the actuator shows pools and drains backends. */
@Tag("slow")
class EndpointTest extends GatewayScene {
  private static final String SECRET = Base64.getEncoder().encodeToString(new byte[32]);
  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();

  @Test
  void endpoint_showsPoolsAndBackends() throws Exception {
    startWithActuator();
    RawClient client = newClient();
    String home = ask(client, RawBackend.setCookie("JSESSIONID=1A; Path=/"));
    assertStays(client, home);
    backend(home).kill();
    ask(client);
    awaitOpenRoutes(0);

    JsonNode pool = body(get("")).get("story");

    assertThat(pool.get("balancer").asString()).isEqualTo("weighted-round-robin");
    assertThat(pool.get("sessions").asString())
        .isEqualTo("app-cookie PT20M sliding, cookie \"JSESSIONID\"");
    assertThat(pool.get("bindings").asLong()).isOne();
    assertThat(pool.get("capacity").asLong()).isGreaterThan(1_000);
    assertThat(pool.get("requests").asLong()).isEqualTo(6);
    assertThat(pool.get("outcomes").get("kept").asLong()).isEqualTo(5);
    assertThat(pool.get("reroutes").asLong()).isOne();
    assertThat(pool.get("ejections").asLong()).isOne();
    JsonNode ejected = backendOf(pool, home);
    assertThat(ejected.get("uri").asString())
        .isEqualTo("http://localhost:" + backend(home).port());
    assertThat(ejected.get("state").asString()).isEqualTo("ejected");
    assertThat(ejected.get("ejection").get("cause").asString()).isEqualTo("connect");
    assertThat(ejected.get("ejection").get("remaining").asString()).startsWith("PT");
    JsonNode other = backendOf(pool, other(home).id());
    assertThat(other.get("state").asString()).isEqualTo("up");
    assertThat(other.get("bindings").asLong()).isOne();
    assertThat(other.get("weight").asInt()).isOne();
    assertThat(other.get("connections").asInt()).isZero();
    assertThat(body(get("/story")).get("requests").asLong()).isEqualTo(6);
  }

  @Test
  void backend_isDrainedAndMadeReady() throws Exception {
    startWithActuator();

    HttpResponse<String> drained = post("/story/b1", "{\"action\": \"drain\"}");

    assertThat(drained.statusCode()).isEqualTo(200);
    assertThat(backendOf(body(drained), "b1").get("state").asString()).isEqualTo("draining");
    for (int i = 0; i < 3; i++) {
      assertThat(ask(newClient())).isEqualTo("b2");
    }
    assertThat(post("/story/b1", "{\"action\": \"ready\"}").statusCode()).isEqualTo(200);
    assertThat(backendOf(body(get("/story")), "b1").get("draining").asBoolean()).isFalse();
  }

  @Test
  void whatIsNotThere_is404_andAnUnknownAction400() throws Exception {
    startWithActuator();

    assertThat(get("/unknown").statusCode()).isEqualTo(404);
    assertThat(post("/unknown/b1", "{\"action\": \"drain\"}").statusCode()).isEqualTo(404);
    assertThat(post("/story/b9", "{\"action\": \"drain\"}").statusCode()).isEqualTo(404);
    assertThat(post("/story/b1", "{\"action\": \"explode\"}").statusCode()).isEqualTo(400);
    assertThat(post("/story/b1", "{}").statusCode()).isEqualTo(400);
  }

  @Test
  void otherEndpoints_showNoSecret() throws Exception {
    startWithActuator();

    for (String endpoint : new String[] {"env", "configprops", "limpet"}) {
      HttpResponse<String> shown = send(HttpRequest.newBuilder(uri("/actuator/" + endpoint)));
      assertThat(shown.statusCode()).isEqualTo(200);
      assertThat(shown.body()).contains("story").doesNotContain(SECRET).doesNotContain("pa55word");
    }
  }

  private void startWithActuator() {
    start(TestGateway.listed(backends())
        .pool("sticky-session.type", "app-cookie")
        .pool("sticky-session.cookie-name", "JSESSIONID")
        .pool("passive-health.failures", 1)
        .with("limpet.key-secret", SECRET)
        .with("limpet.cookie-keys[0]", "1:" + SECRET)
        .with("limpet.pools.other.sticky-session.type", "source-ip")
        .with("limpet.pools.other.shared-table.redis", "redis://:pa55word@127.0.0.1:1")
        .with("management.endpoints.web.exposure.include", "*")
        .with("management.endpoint.env.show-values", "always")
        .with("management.endpoint.configprops.show-values", "always"));
  }

  private static JsonNode backendOf(JsonNode pool, String id) {
    for (JsonNode backend : pool.get("backends")) {
      if (backend.get("id").asString().equals(id)) {
        return backend;
      }
    }
    throw new AssertionError(pool);
  }

  private JsonNode body(HttpResponse<String> response) {
    return json.readTree(response.body());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(uri("/actuator/limpet" + path)));
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return send(HttpRequest.newBuilder(uri("/actuator/limpet" + path))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + gateway().port() + path);
  }
}
