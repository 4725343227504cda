package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The LB cookie in responses. */
@Timeout(30)
class ResponseCookieTest {
  private static final String FORM = "limpet-web=[A-Za-z0-9_-]{44}; Path=/; HttpOnly; SameSite=Lax";

  @Test
  void firstResponse_carriesTheCookieAndIsPrivate() throws Exception {
    try (TestBackend backend = TestBackend.http("b1");
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, backend)) {
      Client client = new Client(gateway.port());
      Message first = client.get();
      assertThat(first.field("set-cookie")).matches(FORM);
      assertThat(first.field("cache-control")).isEqualTo("private");
      Message second = client.get();
      assertThat(second.fields("set-cookie")).isEmpty();
      assertThat(second.fields("cache-control")).isEmpty();
    }
  }

  @Test
  void secure_isAsConfigured() throws Exception {
    try (TestBackend backend = TestBackend.http("b1");
        TestGateway gateway =
            TestGateway.http("stickySession: {type: lb-cookie, secure: true}", backend)) {
      assertThat(new Client(gateway.port()).get().field("set-cookie"))
          .startsWith("__Host-limpet-web=")
          .contains("; Secure");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 304 Not Modified\r\nETag: x\r\nContent-Length: 9\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nx",
        "HTTP/1.1 500 Oh\r\nContent-Length: 1\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
      })
  void everyFinalResponse_carriesTheCookieOnce(String response) throws Exception {
    try (TestBackend backend = TestBackend.http("b1", request -> response);
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, backend)) {
      Client client = new Client(gateway.port());
      Message first = client.get();
      assertThat(first.startLine()).isEqualTo(response.substring(0, response.indexOf('\r')));
      assertThat(first.field("set-cookie")).matches(FORM);
      assertThat(client.get().fields("set-cookie")).isEmpty();
    }
  }

  @Test
  void responseToHead_carriesTheCookie() throws Exception {
    try (TestBackend backend =
            TestBackend.http("b1", request -> "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, backend)) {
      Message response = new Client(gateway.port()).send("HEAD");
      assertThat(response.field("set-cookie")).matches(FORM);
      assertThat(response.field("content-length")).isEqualTo("9");
      assertThat(backend.last().startLine()).isEqualTo("HEAD / HTTP/1.1");
    }
  }

  @Test
  void earlyHints_neverCarryACookie() throws Exception {
    try (TestBackend backend = TestBackend.http(
            "b1",
            request -> "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nSet-Cookie: no=1\r\n\r\n"
                + TestBackend.ok("b1"));
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, backend)) {
      String answer = new Client(gateway.port())
          .exchange("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      int end = answer.indexOf("HTTP/1.1 200");
      assertThat(answer.substring(0, end))
          .startsWith("HTTP/1.1 103")
          .containsIgnoringCase("link: </a>")
          .doesNotContainIgnoringCase("cookie");
      assertThat(new Message(answer.substring(end), "").field("set-cookie")).matches(FORM);
    }
  }

  @Test
  void backendsOwnCookieOfOurName_isRemovedAndItsOthersPass() throws Exception {
    try (TestBackend backend = TestBackend.http(
            "b1",
            request -> TestBackend.ok(
                "b1",
                "Set-Cookie: a=1; Path=/x\r\n",
                "Set-Cookie: limpet-web=theirs; Path=/\r\n",
                "SET-COOKIE: LIMPET-WEB=2\r\n",
                "Set-Cookie: limpet-web =spaced\r\n",
                "Set-Cookie: b=\r\n"));
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, backend)) {
      Client client = new Client(gateway.port());
      List<String> first = client.get().fields("set-cookie");
      assertThat(first).hasSize(4);
      assertThat(first.subList(0, 3)).containsExactly("a=1; Path=/x", "LIMPET-WEB=2", "b=");
      assertThat(first.get(3)).matches(FORM);
      assertThat(client.get().fields("set-cookie"))
          .containsExactly("a=1; Path=/x", "LIMPET-WEB=2", "b=");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "public, max-age=60           | public, max-age=60, private",
        "no-store                     | no-store",
        "No-Cache, max-age=0          | No-Cache, max-age=0",
        "private                      | private",
        "max-age=99999999999999999999 | max-age=99999999999999999999, private",
      })
  void cacheControl_isMadePrivateUnlessItProtectsCookies(String from, String to) throws Exception {
    try (TestBackend backend = TestBackend.http(
            "b1", request -> TestBackend.ok("b1", "Cache-Control: " + from + "\r\n"));
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, backend)) {
      Client client = new Client(gateway.port());
      assertThat(String.join(", ", client.get().fields("cache-control"))).isEqualTo(to);
      assertThat(client.get().field("cache-control")).isEqualTo(from);
    }
  }

  @Test
  void answersOfTheGatewayItself_carryNoCookie() throws Exception {
    try (TestBackend backend = TestBackend.refusing("b1");
        TestBackend bad = TestBackend.http("b2", request -> "nonsense\r\n\r\n");
        TestGateway none = TestGateway.http(TestGateway.LB_COOKIE, backend);
        TestGateway broken = TestGateway.http(TestGateway.LB_COOKIE, bad)) {
      assertAnswer(new Client(none.port()).get(), 503);
      assertAnswer(new Client(broken.port()).get(), 502);
      assertAnswer(new Client(broken.port()).get("Host: second"), 400);
      assertAnswer(new Client(broken.port()).get("X: " + "x".repeat(70_000)), 431);
    }
  }

  private static void assertAnswer(Message answer, int status) throws IOException {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.fields("set-cookie")).isEmpty();
  }
}
