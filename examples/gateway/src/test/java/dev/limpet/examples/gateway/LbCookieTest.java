package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** LB cookies as clients send them, and what backends see of them. */
@Timeout(30)
class LbCookieTest {
  private static final String NAME = "limpet-web";

  private TestBackend b1;
  private TestBackend b2;
  private TestGateway gateway;
  private String at1;
  private String at2;
  private Message atBackend;

  @BeforeEach
  void start() throws IOException {
    b1 = TestBackend.http("b1");
    b2 = TestBackend.http("b2");
    gateway = TestGateway.http(TestGateway.LB_COOKIE, b1, b2);
    at1 = gateway.sessionAt("b1").cookie(NAME);
    at2 = gateway.sessionAt("b2").cookie(NAME);
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    b1.close();
    b2.close();
  }

  @Test
  void validCookie_isKeptWithoutANewOne() throws Exception {
    for (int i = 0; i < 4; i++) {
      assertKept(get("Cookie: " + NAME + "=" + at1), "b1");
      assertKept(get("Cookie: " + NAME + "=" + at2), "b2");
    }
  }

  @Test
  void forgedCookie_beginsANewSessionAndDoesNotReachTheBackend() throws Exception {
    List<String> forged = new ArrayList<>();
    for (int i = 0; i < at1.length(); i++) {
      forged.add(forged(at1, i));
    }
    forged.addAll(List.of(
        "",
        at1.substring(1),
        at1.substring(0, at1.length() - 1),
        at1 + "A",
        at1 + "=",
        at1 + at1,
        '"' + at1 + '"',
        at1.substring(0, 20) + "+/" + at1.substring(22),
        at1.substring(0, 20) + "%41" + at1.substring(21),
        at1.substring(0, 20) + " " + at1.substring(20),
        "b1",
        "127.0.0.1:80",
        "A".repeat(44),
        "-".repeat(60_000)));
    for (String value : forged) {
      assertNew(get("Cookie: " + NAME + "=" + value), value);
      assertThat(atBackend.fields("cookie")).as(value).isEmpty();
    }
  }

  @Test
  void cookieOfAnotherPool_isForeign() throws Exception {
    String yaml = """
        listeners:
          - {name: web, protocol: http, port: 0, pool: web}
          - {name: other, protocol: http, port: 0, pool: other}
        pools:
          - name: web
            stickySession: {type: lb-cookie, cookieName: stay}
            backends: [%s]
          - name: other
            stickySession: {type: lb-cookie, cookieName: stay}
            backends: [%s]
        """.formatted(b1.entry(), b1.entry());
    try (TestGateway two = TestGateway.of(yaml)) {
      Client client = new Client(two.port("other"));
      client.get();
      assertThat(client.get().fields("set-cookie")).isEmpty();
      Message foreign =
          new Client(two.port()).withCookie("stay", client.cookie("stay")).get();
      assertThat(foreign.fields("set-cookie")).hasSize(1);
      assertThat(b1.last().fields("cookie")).isEmpty();
    }
  }

  @Test
  void cookieOfAnotherStart_isForeignWithoutAConfiguredSecret() throws Exception {
    try (TestGateway next = TestGateway.http(TestGateway.LB_COOKIE, b1, b2)) {
      Message foreign = new Client(next.port()).withCookie(NAME, at1).get();
      assertThat(foreign.status()).isEqualTo(200);
      assertThat(foreign.fields("set-cookie")).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"cookieSecrets: [{id: 1, secret: \"$\", signing: true}]", "keySecret: \"$\""})
  void cookieOfAnotherStart_isKeptWithAConfiguredSecret(String setting) throws Exception {
    String secrets = setting.replace("$", "A".repeat(43) + "=") + "\n";
    String yaml = TestGateway.yaml("http", "", TestGateway.LB_COOKIE, TestGateway.entries(b1, b2));
    try (TestGateway one = TestGateway.of(yaml + secrets);
        TestGateway two = TestGateway.of(yaml + secrets)) {
      String value = one.sessionAt("b2").cookie(NAME);
      for (int i = 0; i < 4; i++) {
        assertKept(new Client(two.port()).withCookie(NAME, value).get(), "b2");
      }
    }
  }

  @Test
  void severalCookies_theFirstValidWinsAndNoneReachesTheBackend() throws Exception {
    String bad = NAME + "=" + forged(at1, 30);
    String good1 = NAME + "=" + at1;
    String good2 = NAME + "=" + at2;
    assertKept(get("Cookie: " + bad + "; " + good2 + "; " + good1), "b2");
    assertThat(atBackend.fields("cookie")).isEmpty();
    assertKept(get("Cookie: " + good1 + "; " + good2), "b1");
    assertThat(atBackend.fields("cookie")).isEmpty();
    assertKept(
        get("Cookie: a=1; " + bad, "Cookie: b=2; " + good2 + "; c=3", "Cookie: " + good1), "b2");
    assertThat(atBackend.fields("cookie")).containsExactly("a=1", "b=2; c=3");
    assertThat(atBackend.head()).doesNotContain(NAME);
  }

  @Test
  void otherCookies_reachTheBackendAsTheyAre() throws Exception {
    String ours = NAME + "=" + at1;
    String[] neighbours = {
      "a=1;b=2 ;  c = 3",
      "q=\"unbalanced; x=1",
      "novalue; =noname; a==b; \u00e4=\u00ff",
      "LIMPET-WEB=" + at2,
      NAME + "2=x",
      "a" + NAME + "=x",
      "=" + NAME + "=x",
      "a=\"b; c\", d"
    };
    for (String other : neighbours) {
      assertKept(get("Cookie: " + other + "; " + ours), "b1");
      assertThat(atBackend.fields("cookie")).containsExactly(other);
      assertKept(get("Cookie: " + ours + "; " + other), "b1");
      assertThat(atBackend.fields("cookie")).containsExactly(other);
    }
  }

  @Test
  void onlyOurCookie_leavesNoCookieField() throws Exception {
    assertKept(get("Cookie: " + NAME + "=" + at2), "b2");
    assertThat(atBackend.head()).doesNotContainIgnoringCase("cookie");
  }

  /** The value with one character changed. */
  private static String forged(String value, int index) {
    char other = (value.charAt(index) == 'A') ? 'B' : 'A';
    return value.substring(0, index) + other + value.substring(index + 1);
  }

  private Message get(String... fields) throws IOException {
    Message response = new Client(gateway.port()).get(fields);
    atBackend = (response.body().equals("b1") ? b1 : b2).last();
    return response;
  }

  private void assertKept(Message response, String backend) {
    assertThat(response.body()).isEqualTo(backend);
    assertThat(response.fields("set-cookie")).isEmpty();
  }

  private void assertNew(Message response, String value) {
    assertThat(response.status()).as(value).isEqualTo(200);
    assertThat(response.fields("set-cookie")).as(value).hasSize(1);
  }
}
