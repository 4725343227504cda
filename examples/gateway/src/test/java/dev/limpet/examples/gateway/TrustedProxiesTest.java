package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients behind proxies, of which 127.0.1.0/24, 10.0.0.0/8 and fd00::/8 are trusted. */
@Timeout(30)
class TrustedProxiesTest {
  private static final String TRUSTED = "trustedProxies: [127.0.1.0/24, 10.0.0.0/8, \"fd00::/8\"]";
  private static final String PROXY = "127.0.1.1";
  private static final String STRANGER = "127.0.2.1";

  private TestBackend b1;
  private TestBackend b2;
  private TestBackend b3;

  @BeforeEach
  void start() throws IOException {
    b1 = TestBackend.http("b1");
    b2 = TestBackend.http("b2");
    b3 = TestBackend.http("b3");
  }

  @AfterEach
  void stop() throws IOException {
    b1.close();
    b2.close();
    b3.close();
  }

  /** A session of the expected client has begun before, so any other client takes the next turn. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
      127.0.1.1 | 192.0.2.7 | 192.0.2.7
      127.0.1.9 | 192.0.2.7 | 192.0.2.7
      127.0.1.1 | 192.0.2.1, 192.0.2.7 | 192.0.2.7
      127.0.1.1 | 192.0.2.7, 10.1.1.1, 127.0.1.2 | 192.0.2.7
      127.0.1.1 | 192.0.2.7:8080 | 192.0.2.7
      127.0.1.1 | 2001:DB8:0::7 | 2001:db8::7
      127.0.1.1 | [2001:db8::7]:443, fd00::1 | 2001:db8::7
      127.0.1.1 | ::ffff:192.0.2.7 | 192.0.2.7
      127.0.1.1 | 192.0.2.7, 10.2.2.2/192.0.2.8, 10.1.1.1 | 10.1.1.1
      127.0.1.1 | 192.0.2.7, host, 10.1.1.1 | 10.1.1.1
      127.0.1.1 | 192.0.2.7, unknown | 127.0.1.1
      127.0.1.1 | 192.0.2.7, 010.1.1.1 | 127.0.1.1
      127.0.1.1 | 10.1.1.1, 10.2.2.2 | 10.1.1.1
      127.0.1.1 | none | 127.0.1.1
      127.0.2.1 | 192.0.2.7 | 127.0.2.1
      127.0.2.1 | none | 127.0.2.1
      """)
  void theClient_isTheRightmostAddressThatIsNotTrusted(String peer, String field, String client)
      throws IOException {
    try (TestGateway gateway = gateway("stickySession: {type: source-ip}")) {
      boolean isPeer = client.startsWith("127.");
      String home = isPeer
          ? new Client(gateway.port(), client).body()
          : new Client(gateway.port(), PROXY).get("X-Forwarded-For: " + client).body();

      Client from = new Client(gateway.port(), peer);
      Message got = (field == null) ? from.get() : from.get("X-Forwarded-For: " + field);

      assertThat(got.body()).isEqualTo(home);
      assertThat(new Client(gateway.port(), "127.0.3.3").body()).isNotEqualTo(home);
    }
  }

  @Test
  void ipv6Prefix_clientsOfOneNetworkShareASession() throws IOException {
    try (TestGateway gateway = gateway("stickySession: {type: source-ip, ipv6Prefix: 64}")) {
      Client proxy = new Client(gateway.port(), PROXY);
      String home = proxy.get("X-Forwarded-For: 2001:db8:1:2::1").body();

      assertThat(proxy.get("X-Forwarded-For: 2001:db8:1:2:ffff::9").body()).isEqualTo(home);
      assertThat(proxy.get("X-Forwarded-For: 2001:db8:1:3::1").body()).isNotEqualTo(home);
    }
  }

  @Test
  void sourceIpHash_spreadsByTheClient() throws IOException {
    try (TestGateway gateway = gateway("algorithm: source-ip-hash")) {
      List<String> homes = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        String field = "X-Forwarded-For: 192.0.2." + i;
        String home = new Client(gateway.port(), PROXY).get(field).body();
        assertThat(new Client(gateway.port(), "127.0.1.77").get(field).body()).isEqualTo(home);
        homes.add(home);
      }
      assertThat(homes).contains("b1", "b2", "b3");
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      X-Forwarded-For: 192.0.2.7 | 192.0.2.7, 127.0.1.1
      X-Forwarded-For: 192.0.2.7, 10.1.1.1 | 192.0.2.7, 10.1.1.1, 127.0.1.1
      X-Forwarded-For: garbage | garbage, 127.0.1.1
      A: b | 127.0.1.1
      """)
  void aTrustedProxysHops_areKeptAndItsAddressIsAppended(String field, String expected)
      throws IOException {
    try (TestGateway gateway = gateway(TestGateway.NOT_STICKY)) {
      Message got = new Client(gateway.port(), PROXY).get(field);

      assertThat(seen(got).fields("x-forwarded-for")).containsExactly(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      127.0.1.1 | https | a.example:8443 | https | a.example:8443
      127.0.1.1 | HTTPS | [2001:db8::1] | https | [2001:db8::1]
      127.0.1.1 | http | a, b | http | site
      127.0.1.1 | https, http | a b | http | site
      127.0.1.1 | wss | a | http | a
      127.0.2.1 | https | a.example | http | site
      """)
  void aTrustedProxysSchemeAndHost_areKeptIfTheyAreValid(
      String peer, String scheme, String host, String expectedScheme, String expectedHost)
      throws IOException {
    try (TestGateway gateway = gateway(TestGateway.NOT_STICKY)) {
      Message got = new Client(gateway.port(), peer)
          .get("X-Forwarded-Proto: " + scheme, "X-Forwarded-Host: " + host);

      assertThat(seen(got).fields("x-forwarded-proto")).containsExactly(expectedScheme);
      assertThat(seen(got).fields("x-forwarded-host")).containsExactly(expectedHost);
    }
  }

  @Test
  void proxiesOfHttp2_areTrustedToo() throws Exception {
    String yaml = TestGateway.yaml(
        "http", "trustedProxies: [127.0.0.1]", TestGateway.NOT_STICKY, TestGateway.entries(b1));
    try (TestGateway gateway = TestGateway.of(yaml);
        Http2Client client = new Http2Client()) {
      Http2Client.await(client
          .request(HttpMethod.GET, gateway, "/")
          .compose(request ->
              Http2Client.sendForBody(request.putHeader("x-forwarded-for", "192.0.2.7"))));

      assertThat(b1.last().fields("x-forwarded-for")).containsExactly("192.0.2.7, 127.0.0.1");
    }
  }

  @Test
  void aStrangersClaims_areReplaced() throws IOException {
    try (TestGateway gateway = gateway(TestGateway.NOT_STICKY)) {
      Message got = new Client(gateway.port(), STRANGER)
          .get("X-Forwarded-For: 192.0.2.7", "Forwarded: for=1.1.1.1", "X-Real-IP: 1.1.1.1");

      assertThat(seen(got).fields("x-forwarded-for")).containsExactly(STRANGER);
      assertThat(seen(got).head()).doesNotContain("1.1.1.1");
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      {type: lb-cookie} | 127.0.1.1 | https | true
      {type: lb-cookie} | 127.0.1.1 | http | false
      {type: lb-cookie} | 127.0.2.1 | https | false
      {type: lb-cookie, secure: false} | 127.0.1.1 | https | false
      {type: lb-cookie, secure: true} | 127.0.1.1 | http | true
      """)
  void lbCookies_areSecureIfATrustedProxySaysSo(
      String sticky, String peer, String scheme, boolean isSecure) throws IOException {
    try (TestGateway gateway = gateway("stickySession: " + sticky)) {
      Message got = new Client(gateway.port(), peer).get("X-Forwarded-Proto: " + scheme);

      assertThat(got.field("set-cookie").contains("; Secure")).isEqualTo(isSecure);
    }
  }

  @Test
  void listenersOfOnePool_trustTheirOwnProxies() throws IOException {
    String yaml = """
        profile: open
        stopTimeout: 0s
        listeners:
          - {name: web, protocol: http, port: 0, pool: web, %s}
          - {name: open, protocol: http, port: 0, pool: web}
        pools:
          - name: web
            stickySession: {type: source-ip}
            backends: [%s, %s, %s]
        """.formatted(TRUSTED, b1.entry(), b2.entry(), b3.entry());
    try (TestGateway gateway = TestGateway.of(yaml)) {
      String field = "X-Forwarded-For: 192.0.2.7";
      String home = new Client(gateway.port("web"), PROXY).get(field).body();

      Message direct = new Client(gateway.port("open"), PROXY).get(field);

      assertThat(direct.body()).isNotEqualTo(home);
      assertThat(seen(direct).fields("x-forwarded-for")).containsExactly(PROXY);
    }
  }

  private TestGateway gateway(String settings) throws IOException {
    return TestGateway.of(
        TestGateway.yaml("http", TRUSTED, settings, TestGateway.entries(b1, b2, b3)));
  }

  /** What the backend saw of a request. */
  private Message seen(Message response) {
    return List.of(b1, b2, b3).stream()
        .filter(backend -> backend.id().equals(response.body()))
        .findFirst()
        .orElseThrow()
        .last();
  }
}
