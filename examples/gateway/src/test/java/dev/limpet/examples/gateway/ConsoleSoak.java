package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.examples.gateway.demo.GatewayProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten pages of the console that stay open while users come and an operator changes the stickiness,
 * for as many minutes as the system property {@code soak.minutes} says. The memory of the gateway
 * stays as it is after the first minute.
 */
class ConsoleSoak {
  private static final Duration LENGTH = Duration.ofMinutes(Long.getLong("soak.minutes", 10));
  private static final int PAGES = 10;
  private static final int USERS = 100;
  private static final int WARM_UP = 60;
  private static final int ROUND = 20;
  private static final long HEAP_GROWTH = 1 << 20;
  private static final String YAML = """
      admin: {port: 0}
      profile: open
      listeners: [{name: web, protocol: http, port: 0, pool: web}]
      pools: [{name: web, stickySession: {type: app-cookie, cookieName: SID}, backends: [BACKENDS]}]
      """;

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void tenPagesThatStayOpen_takeNoMoreMemory(@TempDir Path folder) throws Exception {
    List<BackendProcess> backends =
        List.of(BackendProcess.start("web1"), BackendProcess.start("web2"));
    String entries = backends.stream().map(BackendProcess::entry).collect(Collectors.joining(", "));
    Path file =
        Files.writeString(folder.resolve("gateway.yaml"), YAML.replace("BACKENDS", entries));
    try (GatewayProcess gateway =
            GatewayProcess.start("gateway", file, List.of("-Xmx128m", "-XX:+UseSerialGC"));
        Visitors visitors = new Visitors(backends)) {
      gateway.await("listening admin", 1);
      visitors.come(USERS, "127.0.88.1", gateway.port("web"));
      List<Long> live = live(gateway, URI.create("http://127.0.0.1:" + gateway.port("admin")));
      visitors.awaitAnswers();

      System.out.printf(
          "%d pages, %,d answers, live objects after each %d seconds: %s bytes%n",
          PAGES, visitors.requests(), ROUND, live);
      assertThat(visitors.shown()).as("moves and failures without a reason").isEmpty();
      assertThat(live.get(live.size() - 1) - live.get(0))
          .as("growth of the heap")
          .isLessThan(HEAP_GROWTH);
    } finally {
      backends.forEach(BackendProcess::close);
    }
  }

  /** Returns the bytes of live objects, again and again, until the end. */
  private List<Long> live(GatewayProcess gateway, URI admin) throws Exception {
    List<BufferedReader> pages = new ArrayList<>();
    for (int i = 0; i < PAGES; i++) {
      pages.add(open(admin));
    }
    long start = System.nanoTime();
    read(pages, WARM_UP);
    List<Long> live = new ArrayList<>(List.of(LiveObjects.bytes(gateway.pid())));
    while (System.nanoTime() - start < LENGTH.toNanos()) {
      setDuration(admin, 20 + live.size() % 2);
      read(pages, ROUND);
      live.add(LiveObjects.bytes(gateway.pid()));
    }
    for (BufferedReader page : pages) {
      page.close();
    }
    return live;
  }

  private BufferedReader open(URI admin) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(admin.resolve("/api/figures/stream")).build();
    return new BufferedReader(new InputStreamReader(
        client.send(request, BodyHandlers.ofInputStream()).body(), StandardCharsets.UTF_8));
  }

  /** Reads a number of lines of every page, of which there is one a second. */
  private static void read(List<BufferedReader> pages, int lines) throws IOException {
    for (int i = 0; i < lines; i++) {
      for (BufferedReader page : pages) {
        assertThat(page.readLine()).startsWith("{");
      }
    }
  }

  private void setDuration(URI admin, int minutes) throws Exception {
    String settings =
        "{\"type\":\"app-cookie\",\"cookieName\":\"SID\",\"duration\":\"" + minutes + "m\"}";
    HttpRequest request = HttpRequest.newBuilder(admin.resolve("/api/pools/web/stickySession"))
        .header("Content-Type", "application/json")
        .header("If-Match", "*")
        .PUT(BodyPublishers.ofString(settings))
        .build();
    assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
  }
}
