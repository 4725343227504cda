package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard of {@code examples/grafana}: its form, and what Prometheus answers to it. */
class DashboardTest {
  private static final Path FOLDER = Path.of("..", "grafana");
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Pattern METRIC = Pattern.compile("limpet_\\w+");
  private static final Pattern SCRAPE_CONFIGS =
      Pattern.compile("(?s)```yaml\\n(scrape_configs:.*?)```");

  @TempDir
  private Path folder;

  private final JsonObject dashboard = read();

  private static JsonObject read() {
    try {
      return new JsonObject(Files.readString(FOLDER.resolve("limpet.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void panels_haveIdsTitlesAndPlacesOfTheirOwn() {
    Set<Integer> ids = new HashSet<>();
    Set<String> titles = new HashSet<>();
    Set<String> cells = new HashSet<>();
    for (JsonObject panel : panels()) {
      assertThat(ids.add(panel.getInteger("id"))).as(panel.encode()).isTrue();
      assertThat(titles.add(panel.getString("title")))
          .as(panel.getString("title"))
          .isTrue();
      JsonObject place = panel.getJsonObject("gridPos");
      assertThat(place.getInteger("x") + place.getInteger("w")).isLessThanOrEqualTo(24);
      for (int x = 0; x < place.getInteger("w"); x++) {
        for (int y = 0; y < place.getInteger("h"); y++) {
          String cell = (place.getInteger("x") + x) + "," + (place.getInteger("y") + y);
          assertThat(cells.add(cell))
              .as(panel.getString("title") + " at " + cell)
              .isTrue();
        }
      }
    }
    assertThat(ids).hasSizeGreaterThan(20);
    assertThat(dashboard.getInteger("schemaVersion")).isGreaterThanOrEqualTo(39);
  }

  @Test
  void everyQuery_asksTheChosenDataSource_andOnlyForMetersThatThereAre() throws IOException {
    try (EveryOutcome scene = new EveryOutcome()) {
      Set<String> names =
          Samples.of(AdminTest.get(scene.adminPort(), "/metrics").body()).names();
      for (JsonObject panel : panels()) {
        for (JsonObject target : objects(panel, "targets")) {
          assertThat(target.getJsonObject("datasource").getString("uid"))
              .isEqualTo("${datasource}");
          assertThat(METRIC.matcher(target.getString("expr")).results().map(MatchResult::group))
              .as(target.getString("expr"))
              .isNotEmpty()
              .allMatch(names::contains);
        }
      }
    }
  }

  /**
   * Requests go on until each query has had an answer, as rates need two scrapes and an increase.
   */
  @Tag("slow")
  @Test
  @Timeout(180)
  void everyQuery_isAnsweredByPrometheus() throws Exception {
    try (TestRedis redis = new TestRedis();
        EveryOutcome scene = new EveryOutcome(redis.uri());
        TestPrometheus prometheus = new TestPrometheus(folder, config(scene))) {
      scene.change("app", edit -> edit.down("b2"));
      scene.play(); // begins a session of app, at b1
      scene.change("app", edit -> edit.up("b2").drain("b1"));

      Set<String> open = queries();
      assertThat(open).hasSizeGreaterThan(40);
      long end = System.nanoTime() + LIMIT.toNanos();
      while (!open.isEmpty()) {
        assertThat(System.nanoTime()).as("no data: " + open).isLessThan(end);
        scene.play();
        open.removeIf(query -> hasNumbers(prometheus.query(query)));
      }
    }
  }

  private static boolean hasNumbers(JsonArray series) {
    return series.stream()
        .map(one -> ((JsonObject) one).getJsonArray("value").getString(1))
        .anyMatch(value -> !value.equals("NaN"));
  }

  /** Returns the guide's configuration, with the port of this gateway. */
  private static String config(EveryOutcome scene) throws IOException {
    Matcher guide = SCRAPE_CONFIGS.matcher(Files.readString(FOLDER.resolve("README.md")));
    assertThat(guide.find()).isTrue();
    return guide.group(1).replace("127.0.0.1:8090", "127.0.0.1:" + scene.adminPort());
  }

  /** Returns all queries, as Grafana sends them if nothing is chosen. */
  private Set<String> queries() {
    Set<String> queries = new LinkedHashSet<>();
    for (JsonObject panel : panels()) {
      objects(panel, "targets").forEach(target -> queries.add(target.getString("expr")));
    }
    for (JsonObject variable : objects(dashboard.getJsonObject("templating"), "list")) {
      if (variable.getString("type").equals("query")) {
        String asked = variable.getJsonObject("query").getString("query");
        assertThat(asked).startsWith("label_values(");
        queries.add(asked.substring("label_values(".length(), asked.lastIndexOf(',')));
      }
    }
    return replaced(queries);
  }

  private static Set<String> replaced(Set<String> queries) {
    Set<String> replaced = new LinkedHashSet<>();
    for (String query : queries) {
      String sent =
          query.replace("$__rate_interval", "10s").replace("$pool", ".*").replace("$router", ".*");
      assertThat(sent).doesNotContain("$");
      replaced.add(sent);
    }
    return replaced;
  }

  private List<JsonObject> panels() {
    return objects(dashboard, "panels");
  }

  private static List<JsonObject> objects(JsonObject of, String key) {
    List<JsonObject> objects = new ArrayList<>();
    of.getJsonArray(key, new JsonArray()).forEach(one -> objects.add((JsonObject) one));
    return objects;
  }
}
