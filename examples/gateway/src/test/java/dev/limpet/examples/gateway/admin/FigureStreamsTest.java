package dev.limpet.examples.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.examples.gateway.admin.AdminClient.Answer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Live figures, and pages that read them slowly or not at all. */
@Timeout(120)
class FigureStreamsTest {
  private static final String GET = "GET /api/figures/stream HTTP/1.1\r\nHost: localhost\r\n\r\n";

  /** A page that reads the stream. */
  private static final class Page implements AutoCloseable {
    final Socket socket;
    final InputStream in;

    Page(AdminClient client) throws IOException {
      socket = client.connect();
      AdminClient.offer(socket, GET);
      in = new BufferedInputStream(socket.getInputStream());
    }

    JsonObject next() throws IOException {
      String line = AdminClient.chunk(in);
      assertThat(line).endsWith("}\n");
      return new JsonObject(line);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void aPage_getsASampleAtOnce_thenMore() throws Exception {
    try (AdminScene scene = AdminScene.of(FakeOperations.open());
        Page page = new Page(scene.client)) {
      Answer head = AdminClient.head(page.in);
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.field("content-type")).isEqualTo("application/x-ndjson");
      assertThat(page.next().getString("version")).isEqualTo("7");
      scene.operations.version = 9;
      scene.operations.pool("web").change(edit -> edit.add(FakeOperations.backend("late")));

      JsonObject sample = page.next();
      while (!sample.getString("version").equals("9")) {
        sample = page.next();
      }
      while (!sample.encode().contains("\"late\"")) {
        sample = page.next();
      }
      assertThat(sample.getLong("at")).isEqualTo(AdminScene.NOW.toEpochMilli());
    }
  }

  @Test
  void aHundredPages_shareTheSamples_andNoMoreAreServed() throws Exception {
    try (AdminScene scene = AdminScene.of(FakeOperations.open())) {
      List<Page> pages = new ArrayList<>();
      for (int i = 0; i < FigureStreams.MAX_STREAMS; i++) {
        pages.add(new Page(scene.client));
      }
      for (Page page : pages) {
        assertThat(AdminClient.head(page.in).status()).isEqualTo(200);
        page.next();
      }
      int before = scene.operations.looks.get();
      for (Page page : pages) {
        for (int i = 0; i < 5; i++) {
          page.next();
        }
      }
      Answer more = scene.client.get("/api/figures/stream");

      assertThat(scene.operations.looks.get() - before).isLessThan(5 * pages.size());
      assertThat(more.status()).isEqualTo(503);
      assertThat(more.title()).startsWith("streams: more than 100");
      pages.get(0).close();
      AdminScene.until(() -> {
        try (Page again = new Page(scene.client)) {
          return AdminClient.head(again.in).status() == 200;
        }
      });
      for (Page page : pages) {
        page.close();
      }
    }
  }

  @Test
  void withoutPages_nothingIsSampled() throws Exception {
    try (AdminScene scene = AdminScene.of(FakeOperations.open())) {
      try (Page page = new Page(scene.client)) {
        AdminClient.head(page.in);
        page.next();
      }
      AdminScene.until(() -> {
        int before = scene.operations.looks.get();
        for (int i = 0; i < 20; i++) { // takes longer than an interval
          scene.client.get("/api/audit");
        }
        return scene.operations.looks.get() == before;
      });
    }
  }

  @Test
  void whenTheServerCloses_theStreamsEnd() throws Exception {
    AdminScene scene = AdminScene.of(FakeOperations.open());
    try (Page page = new Page(scene.client)) {
      AdminClient.head(page.in);
      page.next();
      scene.close();
      String line = AdminClient.chunk(page.in);
      while (line != null) {
        line = AdminClient.chunk(page.in);
      }
      assertThat(page.in.read()).isEqualTo(-1);
    }
  }

  @Test
  void aFailedSample_endsNoStream() throws Exception {
    try (AdminScene scene = AdminScene.of(FakeOperations.open());
        Page page = new Page(scene.client)) {
      AdminClient.head(page.in);
      page.next();
      scene.operations.failure = new IllegalStateException("once");
      int before = scene.operations.looks.get();
      AdminScene.until(() -> scene.operations.looks.get() > before + 2);
      scene.operations.failure = null;
      scene.operations.version = 12;
      JsonObject sample = page.next();
      while (!sample.getString("version").equals("12")) {
        sample = page.next();
      }
    }
  }

  @Test
  void head_opensNoStream() throws IOException {
    try (AdminScene scene = AdminScene.of(FakeOperations.open())) {
      Answer answer = scene.client.send("HEAD", "/api/figures/stream", "");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.field("content-type")).isEqualTo("application/x-ndjson");
      assertThat(scene.operations.looks).hasValue(0);
    }
  }

  /** Samples are as large as the queue, so that one that is not read fills it. */
  @Test
  @Tag("slow")
  void aPageThatReadsNothing_isDropped_andOthersGoOn() throws Exception {
    JsonObject large = new JsonObject().put("x", JsonArray.of("y".repeat(1 << 20)));
    FigureStreams streams = new FigureStreams(() -> large, Duration.ofMillis(50));
    Vertx vertx = Vertx.vertx();
    HttpServer server = vertx
        .createHttpServer()
        .requestHandler(request -> streams.answer(request, Map.of(), vertx))
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
    AdminClient client = new AdminClient(server.actualPort());
    try (Page idle = new Page(client);
        Page reader = new Page(client)) {
      AdminClient.head(reader.in);
      int read = 0;
      while (streams.size() > 1 || read < 5) {
        reader.next();
        read++;
      }
      assertThat(idle.socket.isConnected()).isTrue();
      assertThat(streams.size()).isEqualTo(1);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }
}
