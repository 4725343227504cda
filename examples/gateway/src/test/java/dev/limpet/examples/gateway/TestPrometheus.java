package dev.limpet.examples.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** A Prometheus that scrapes one address, many times a second. */
final class TestPrometheus implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final HttpClient client = HttpClient.newHttpClient();
  private final int port;
  private final Path log;
  private final Process process;

  /**
   * Starts it, or skips the test if it is not installed.
   *
   * @param config the {@code scrape_configs}, as the guide shows them
   */
  TestPrometheus(Path folder, String config) throws Exception {
    Optional<File> program = Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(path -> new File(path, "prometheus"))
        .filter(File::canExecute)
        .findFirst();
    assumeTrue(
        program.isPresent(),
        "prometheus is not installed, so no query of the dashboard was run;"
            + " apt-get install prometheus, as .ci/run does");
    this.port = TestRedis.freePort();
    this.log = folder.resolve("prometheus.log");
    Path file = folder.resolve("prometheus.yml");
    Files.writeString(file, "global: {scrape_interval: 200ms, scrape_timeout: 200ms}\n" + config);
    this.process = new ProcessBuilder(
            program.get().getPath(),
            "--config.file=" + file,
            "--storage.tsdb.path=" + folder.resolve("data"),
            "--web.listen-address=127.0.0.1:" + port)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
    Wait.until(START_LIMIT, this::isReady);
  }

  private boolean isReady() throws IOException, InterruptedException {
    if (!process.isAlive()) {
      throw new IOException("prometheus has ended: " + Files.readString(log));
    }
    try {
      return get("/-/ready").statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Returns the answer to a query: a list of series, each with its last value. */
  JsonArray query(String query) {
    HttpResponse<String> response = ask(query);
    JsonObject answer = new JsonObject(response.body());
    if (!answer.getString("status").equals("success")) {
      throw new AssertionError(query + ": " + answer.getString("error"));
    }
    return answer.getJsonObject("data").getJsonArray("result");
  }

  private HttpResponse<String> ask(String query) {
    try {
      return get("/api/v1/query?query=" + URLEncoder.encode(query, UTF_8));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(query, e);
    }
  }

  private HttpResponse<String> get(String target) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + target);
    return client.send(
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
