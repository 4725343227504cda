package dev.limpet.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OriginTest {
  private final List<HttpServer> servers = Origin.start(2);
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    servers.forEach(server -> server.stop(0));
  }

  @Test
  void backend_answersWithItsNameAndGivesAStrangerACookie() throws Exception {
    HttpResponse<String> first = get(1, "other=1; xx=2");

    assertThat(first.body()).isEqualTo("web2\n");
    assertThat(first.headers().firstValue("Set-Cookie"))
        .hasValueSatisfying(cookie -> assertThat(cookie).matches("x=[0-9a-f-]{36}; Path=/"));
  }

  @Test
  void clientWithACookie_isGivenNone() throws Exception {
    assertThat(get(0, "a=1; x=2").headers().firstValue("Set-Cookie")).isEmpty();
  }

  private HttpResponse<String> get(int server, String cookies) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + servers.get(server).getAddress().getPort() + "/");
    return client.send(
        HttpRequest.newBuilder(uri).header("Cookie", cookies).build(), BodyHandlers.ofString());
  }
}
