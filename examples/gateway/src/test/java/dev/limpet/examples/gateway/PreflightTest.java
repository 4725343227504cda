package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a browser asks before it sends a request to another origin. */
@Timeout(30)
class PreflightTest {
  private static final String ORIGIN = "Origin: https://shop.example";
  private static final String ASKED = "Access-Control-Request-Method: POST";

  private TestBackend b1;
  private TestBackend b2;
  private TestGateway gateway;

  @BeforeEach
  void start() throws IOException {
    b1 = TestBackend.http("b1");
    b2 = TestBackend.http("b2");
    gateway = TestGateway.http(TestGateway.LB_COOKIE, b1, b2);
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    b1.close();
    b2.close();
  }

  @Test
  void preflightsBeforeFirstRequests_leaveTheSessionsSpread() throws Exception {
    Map<String, Integer> sessions = new HashMap<>();
    for (int i = 0; i < 40; i++) {
      client().send("OPTIONS", ORIGIN, ASKED);
      sessions.merge(client().send("POST", ORIGIN, "Content-Length: 0").body(), 1, Integer::sum);
    }
    assertThat(sessions).isEqualTo(Map.of("b1", 20, "b2", 20));
  }

  @Test
  void preflight_setsNoCookie() throws Exception {
    assertThat(client().send("OPTIONS", ORIGIN, ASKED).fields("set-cookie")).isEmpty();
    assertThat(gateway.sessionAt("b1").send("OPTIONS", ORIGIN, ASKED).fields("set-cookie"))
        .isEmpty();
  }

  @Test
  void otherOptions_beginASession() throws Exception {
    assertThat(client().send("OPTIONS", ORIGIN).fields("set-cookie")).hasSize(1);
  }

  private Client client() {
    return new Client(gateway.port());
  }
}
