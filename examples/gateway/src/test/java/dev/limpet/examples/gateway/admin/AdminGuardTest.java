package dev.limpet.examples.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.examples.gateway.admin.AdminClient.Answer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may use the port for operators. */
@Timeout(60)
class AdminGuardTest {
  private static final String BEARER = "Authorization: Bearer " + AdminScene.TOKEN;
  private static final String WRONG = "Authorization: Bearer wrong";

  @ParameterizedTest
  @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
      /api/state | localhost | none | 200
      /api/state | 127.0.0.1:8090 | none | 200
      /api/state | [::1]:8090 | none | 200
      /api/state | evil.example | none | 403
      /api/state | localhost.evil.example | none | 403
      /metrics | evil.example | none | 403
      / | evil.example | none | 403
      /console/console.js | evil.example | none | 403
      /api/state | localhost:1 | http://localhost:1 | 200
      /api/state | localhost:1 | https://localhost:1 | 200
      /api/state | localhost:1 | http://LOCALHOST:1 | 200
      /api/state | localhost:1 | http://localhost:2 | 403
      /api/state | localhost:1 | http://localhost | 403
      /api/state | localhost:1 | http://evil.example | 403
      /api/state | localhost:1 | ftp://localhost:1 | 403
      /api/state | localhost:1 | null | 403
      / | localhost:1 | http://evil.example | 403
      /metrics | localhost:1 | http://evil.example | 403
      /api/unknown | evil.example | none | 403
      /api/unknown | localhost | none | 404
      """)
  void withoutAToken_hostAndOriginDecide(String path, String host, String origin, int status)
      throws IOException {
    try (AdminScene scene = AdminScene.of(FakeOperations.open())) {
      Answer answer = (origin == null)
          ? scene.client.get(path, "Host: " + host)
          : scene.client.get(path, "Host: " + host, "Origin: " + origin);

      assertThat(answer.status()).isEqualTo(status);
    }
  }

  /** A page of another site may show an image from here, and a browser names no origin then. */
  @ParameterizedTest
  @CsvSource({
    "/api/state, cross-site, 403",
    "/api/state, same-site, 403",
    "/api/state, same-origin, 200",
    "/api/state, none, 200",
    "/metrics, cross-site, 403",
    "/api/figures/stream, cross-site, 403",
    "/, cross-site, 200",
    "/console/console.js, cross-site, 200"
  })
  void whatABrowserSendsForAnotherSite_isRefused_exceptForThePage(
      String path, String site, int status) throws IOException {
    try (AdminScene scene = AdminScene.of(FakeOperations.open())) {
      assertThat(scene.client.get(path, "Sec-Fetch-Site: " + site).status()).isEqualTo(status);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/api/state, 401",
    "/api/unknown, 401",
    "/metrics, 401",
    "/console/unknown.js, 401",
    "/console/, 401",
    "/console/../api/state, 401",
    "/, 200",
    "/console/index.html, 200",
    "/console/lib/part.mjs, 200"
  })
  void withoutTheToken_onlyTheFilesOfTheConsoleAreServed(String path, int status)
      throws IOException {
    try (AdminScene scene = AdminScene.withToken()) {
      assertThat(scene.client.get(path, "Host: gateway.example").status()).isEqualTo(status);
    }
  }

  @Test
  void withTheToken_anyHostIsServed_butNoOtherOrigin() throws IOException {
    try (AdminScene scene = AdminScene.withToken()) {
      String host = "Host: gateway.example";
      assertThat(scene.client.get("/api/state", host, BEARER).status()).isEqualTo(200);
      assertThat(scene
              .client
              .get("/api/state", host, BEARER, "Origin: http://evil")
              .status())
          .isEqualTo(403);
      assertThat(scene
              .client
              .get("/api/state", host, BEARER, "Origin: https://gateway.example")
              .status())
          .isEqualTo(200);
    }
  }

  @Test
  void tenWrongTokens_closeThePortForTheirAddressForAMinute() throws IOException {
    try (AdminScene scene = AdminScene.withToken()) {
      for (int i = 0; i < 10; i++) {
        assertThat(scene.client.get("/api/state", WRONG).status()).isEqualTo(401);
      }
      scene.advance(Duration.ofSeconds(20));

      Answer limited = scene.client.get("/api/state", BEARER);
      assertThat(limited.status()).isEqualTo(429);
      assertThat(Integer.parseInt(limited.field("retry-after"))).isBetween(40, 41);
      assertThat(scene.client.get("/").status()).isEqualTo(200);
      assertThat(from(scene, "127.0.0.2")).isEqualTo(200);

      scene.advance(Duration.ofSeconds(40));
      assertThat(scene.client.get("/api/state", BEARER).status()).isEqualTo(200);
    }
  }

  private static int from(AdminScene scene, String address) throws IOException {
    try (Socket socket = scene.client.connect(address)) {
      AdminClient.offer(
          socket,
          "GET /api/audit HTTP/1.1\r\nHost: a\r\n" + BEARER + "\r\nConnection: close\r\n\r\n");
      return AdminClient.read(new BufferedInputStream(socket.getInputStream()), false)
          .status();
    }
  }

  /** A page asks without a token first, and that is not a try. */
  @Test
  void requestsWithoutAToken_closeNothing() throws IOException {
    try (AdminScene scene = AdminScene.withToken()) {
      for (int i = 0; i < 20; i++) {
        assertThat(scene.client.get("/api/state").status()).isEqualTo(401);
      }
      assertThat(scene.client.get("/api/state", BEARER).status()).isEqualTo(200);
    }
  }

  @Test
  void wrongTokensOfManyAddresses_takeABoundedNumberOfEntries() {
    WrongTokens wrong = new WrongTokens(() -> 0);
    for (int i = 0; i < 3 * WrongTokens.MAX_ADDRESSES; i++) {
      wrong.record("address " + i);
    }
    assertThat(wrong.addresses()).isEqualTo(WrongTokens.MAX_ADDRESSES);
  }

  @Test
  void allAddressesOfAnIpv6Network_countAsOne() {
    WrongTokens wrong = new WrongTokens(() -> 0);
    for (int i = 0; i < WrongTokens.MAX_WRONG; i++) {
      wrong.record("2001:db8:0:1:0:0:0:" + i + "%eth0");
    }
    assertThat(wrong.delay("2001:db8:0:1:ffff:0:0:1")).isPositive();
    assertThat(wrong.delay("2001:db8:0:2:0:0:0:1")).isZero();
    assertThat(wrong.addresses()).isEqualTo(1);
  }

  @Test
  void whatARequestSaysAboutItsSender_doesNotCount() throws IOException {
    try (AdminScene scene = AdminScene.withToken()) {
      for (int i = 0; i < 10; i++) {
        Answer answer = scene.client.get(
            "/api/state",
            WRONG,
            "X-Forwarded-For: 192.0.2." + i,
            "Forwarded: for=192.0.2." + i,
            "X-Real-IP: 192.0.2." + i);
        assertThat(answer.status()).isEqualTo(401);
      }
      assertThat(scene
              .client
              .get("/api/state", BEARER, "X-Forwarded-For: 192.0.2.99")
              .status())
          .isEqualTo(429);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/api/state", "/api/unknown", "/metrics", "/unknown"})
  void everyAnswer_keepsBrowsersFromOtherSources(String path) throws IOException {
    try (AdminScene scene = AdminScene.of(FakeOperations.open())) {
      for (Answer answer : List.of(
          scene.client.get(path),
          scene.client.send("HEAD", path, ""),
          scene.client.send("POST", path, ""),
          scene.client.get(path, "Host: evil.example"))) {
        assertThat(answer.field("content-security-policy"))
            .isEqualTo("default-src 'none'; script-src 'self'; style-src 'self'; "
                + "img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
                + "form-action 'none'; frame-ancestors 'none'");
        assertThat(answer.field("x-content-type-options")).isEqualTo("nosniff");
        assertThat(answer.field("referrer-policy")).isEqualTo("no-referrer");
        assertThat(answer.field("cross-origin-resource-policy")).isEqualTo("same-origin");
        assertThat(answer.field("cross-origin-opener-policy")).isEqualTo("same-origin");
        assertThat(answer.field("cache-control"))
            .isEqualTo(path.equals("/") && answer.status() == 200 ? "no-cache" : "no-store");
        assertThat(answer.fields("access-control-allow-origin")).isEmpty();
      }
    }
  }
}
