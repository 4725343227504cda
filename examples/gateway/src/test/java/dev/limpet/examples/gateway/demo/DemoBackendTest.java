package dev.limpet.examples.gateway.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DemoBackendTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final HttpClient client = HttpClient.newHttpClient();
  private final DemoBackend web1 = DemoBackend.start("web1");

  @AfterEach
  void stop() {
    web1.close();
  }

  @Test
  void login_setsASessionCookieThatWhoamiKnows() throws Exception {
    HttpResponse<String> login = post("/login?user=alice", "");
    assertThat(login.statusCode()).isEqualTo(200);
    assertThat(login.headers().firstValue("Set-Cookie").orElseThrow())
        .matches("DEMOSESSION=[0-9a-f-]{36}; HttpOnly; Path=/");

    HttpResponse<String> whoami = get("/whoami", session(login));
    assertThat(whoami.statusCode()).isEqualTo(200);
    assertThat(whoami.body()).isEqualTo("alice on web1\n");
    assertThat(whoami.headers().firstValue("X-Backend")).hasValue("web1");
  }

  @Test
  void whoami_asksAnUnknownSessionToLogIn() throws Exception {
    HttpResponse<String> whoami = get("/whoami", "DEMOSESSION=of-another-backend");

    assertThat(whoami.statusCode()).isEqualTo(401);
    assertThat(whoami.body()).isEqualTo("please log in (web1)\n");
    assertThat(whoami.headers().firstValue("X-Backend")).hasValue("web1");
  }

  @Test
  void login_keepsAKnownSessionAndReplacesAnUnknownOne() throws Exception {
    String alice = session(post("/login?user=alice", ""));

    assertThat(post("/login?user=bob", alice).headers().allValues("Set-Cookie")).isEmpty();
    assertThat(get("/whoami", alice).body()).isEqualTo("bob on web1\n");
    assertThat(post("/login?user=carol", "DEMOSESSION=unknown").headers().allValues("Set-Cookie"))
        .hasSize(1);
  }

  @Test
  void login_takesTheUserOfAForm() throws Exception {
    HttpRequest form = request("/login", "")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString("user=alice"))
        .build();

    assertThat(client.send(form, BodyHandlers.ofString()).body()).isEqualTo("alice on web1\n");
  }

  @Test
  void login_refusesWhatIsNoName() throws Exception {
    assertThat(post("/login?user=%3Cb%3E", "").statusCode()).isEqualTo(400);
    assertThat(post("/login", "").statusCode()).isEqualTo(400);
  }

  @Test
  void logout_forgetsTheSessionAndDeletesItsCookie() throws Exception {
    String alice = session(post("/login?user=alice", ""));

    HttpResponse<String> logout = post("/logout", alice);

    assertThat(logout.headers().allValues("Set-Cookie"))
        .isEqualTo(List.of("DEMOSESSION=; Max-Age=0; Path=/"));
    assertThat(get("/whoami", alice).statusCode()).isEqualTo(401);
  }

  @Test
  void page_greetsTheUser() throws Exception {
    String alice = session(post("/login?user=alice", ""));

    assertThat(get("/", alice).body()).contains("hello alice, from web1", "<form");
    assertThat(get("/", "").body()).contains("please log in, from web1");
  }

  @Test
  void tcp_knowsTheUsersWhoLoggedInHereOverAllConnections() throws Exception {
    try (Connection connection = tcp()) {
      assertThat(connection.whoami("alice")).isEqualTo(new Connection.Answer("web1", false));
      assertThat(connection.login("alice")).isEqualTo(new Connection.Answer("web1", true));
    }
    try (Connection connection = tcp()) {
      assertThat(connection.whoami("alice")).isEqualTo(new Connection.Answer("web1", true));
      assertThat(connection.whoami("bob")).isEqualTo(new Connection.Answer("web1", false));
    }
  }

  @Test
  void tcp_explainsItselfAndQuits() throws Exception {
    try (Socket socket = new Socket(LOOPBACK, web1.tcpPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write("help\r\nlogin alice\r\nquit\r\n".getBytes(US_ASCII));

      assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
          .isEqualTo("web1\nexpected: login <user> | whoami <user> | quit\nalice on web1\n");
    }
  }

  @Test
  void tcp_closesAConnectionWithoutLines() throws Exception {
    try (Socket socket = new Socket(LOOPBACK, web1.tcpPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write("x".repeat(1000).getBytes(US_ASCII));

      assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII)).isEqualTo("web1\n");
    }
  }

  @Test
  void kill_closesPortsAndConnections() throws Exception {
    Connection open = tcp();
    open.login("alice");
    get("/whoami", "");

    web1.kill();
    web1.close();

    assertThatThrownBy(() -> open.whoami("alice")).isInstanceOf(IOException.class);
    assertThatThrownBy(this::tcp).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> get("/whoami", "")).isInstanceOf(IOException.class);
  }

  @Test
  void restart_keepsThePortsAndForgetsTheSessions() throws Exception {
    String alice = session(post("/login?user=alice", ""));
    tcp().login("alice");
    int httpPort = web1.httpPort();
    int tcpPort = web1.tcpPort();

    web1.kill();
    web1.restart();

    assertThat(List.of(web1.httpPort(), web1.tcpPort())).isEqualTo(List.of(httpPort, tcpPort));
    assertThat(get("/whoami", alice).statusCode()).isEqualTo(401);
    assertThat(tcp().whoami("alice").known()).isFalse();
  }

  private Connection tcp() throws IOException {
    return TcpConnection.to(new InetSocketAddress(LOOPBACK, web1.tcpPort()), LOOPBACK)
        .open();
  }

  private HttpResponse<String> get(String target, String cookie) throws Exception {
    return client.send(request(target, cookie).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String target, String cookie) throws Exception {
    HttpRequest request = request(target, cookie).POST(BodyPublishers.noBody()).build();
    return client.send(request, BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String target, String cookie) {
    URI uri = URI.create("http://127.0.0.1:" + web1.httpPort() + target);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    return cookie.isEmpty() ? request : request.header("Cookie", cookie);
  }

  private static String session(HttpResponse<String> login) {
    return login.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
  }
}
