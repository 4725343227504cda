package dev.limpet.examples.gateway.admin;

import dev.limpet.examples.gateway.operate.Operations;
import dev.limpet.examples.gateway.operate.StoryControl;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** The pages of the API by the templates of their paths. */
final class Api {
  private static final String DOCUMENT = "/openapi.json";
  private static final String STICKINESS = "/stickySession";
  private static final String BACKENDS = "/api/pools/{pool}/backends";
  private static final String BACKEND = BACKENDS + "/{backend}";

  private final Operations operations;
  private final Setup setup;
  private final Map<String, AdminPage> pages = new LinkedHashMap<>();

  private Api(Operations operations, Setup setup) {
    this.operations = operations;
    this.setup = setup;
  }

  /**
   * Returns all pages.
   *
   * @param figures computes the figures
   * @param streams serves them live
   * @throws IOException if the document of the API is missing
   */
  static Map<String, AdminPage> pages(
      Operations operations,
      Setup setup,
      StateView state,
      FiguresView figures,
      FigureStreams streams)
      throws IOException {
    Api api = new Api(operations, setup);
    api.addViews(state, figures);
    api.pages.put("/api/figures/stream", streams);
    api.addEditing(new Editing(operations));
    api.addMore(new Tracing(operations));
    return api.pages;
  }

  private void addViews(StateView state, FiguresView figures) throws IOException {
    Reply document = Reply.json(HttpResponseStatus.OK, document());
    Reply texts = Reply.json(Texts.json());
    add("/api/state", Map.of(HttpMethod.GET, call -> state.reply()));
    add("/api/figures", Map.of(HttpMethod.GET, call -> Reply.json(figures.sample())));
    add("/api/reasons", Map.of(HttpMethod.GET, call -> texts));
    add("/api/openapi.json", Map.of(HttpMethod.GET, call -> document));
    add("/api/audit", Map.of(HttpMethod.GET, call -> audit()));
  }

  private void addEditing(Editing editing) {
    addStickiness(editing, "/api/pools/{pool}", "pool");
    addStickiness(editing, "/api/listeners/{listener}", "listener");
    add(BACKENDS, Map.of(HttpMethod.POST, editing::addBackend));
    add(
        BACKEND,
        Map.of(
            HttpMethod.PATCH, editing::changeBackend,
            HttpMethod.DELETE, editing::removeBackend));
    add(BACKEND + "/drain", Map.of(HttpMethod.POST, editing::drain));
    add(BACKEND + "/ready", Map.of(HttpMethod.POST, editing::ready));
  }

  private void addStickiness(Editing editing, String path, String kind) {
    add(
        path + STICKINESS,
        Map.of(
            HttpMethod.PUT, call -> editing.stick(call, kind),
            HttpMethod.DELETE, call -> editing.unstick(call, kind)));
    add(
        path + STICKINESS + "/preview",
        Map.of(HttpMethod.POST, call -> editing.preview(call, kind)));
  }

  private void addMore(Tracing tracing) {
    add("/api/trace", Map.of(HttpMethod.POST, tracing::trace));
    add("/api/story", Map.of(HttpMethod.POST, call -> play()));
  }

  private void add(String path, Map<HttpMethod, Action> actions) {
    pages.put(path, new ApiPage(setup.bodyLimit(), actions));
  }

  private Reply audit() {
    return Reply.json(new JsonObject().put("lines", new JsonArray(operations.audit())));
  }

  private Reply play() {
    StoryControl story = operations.story();
    if (story == null) {
      return Problem.of(
          HttpResponseStatus.NOT_FOUND, "story: absent (expected: a gateway without a file)");
    }
    return story.play()
        ? Reply.json(HttpResponseStatus.ACCEPTED, new JsonObject().put("playing", true))
        : Problem.of(HttpResponseStatus.CONFLICT, "story: playing (expected: wait for its end)");
  }

  private static Buffer document() throws IOException {
    try (InputStream in = Api.class.getResourceAsStream(DOCUMENT)) {
      if (in == null) {
        throw new FileNotFoundException("openapi.json: absent (expected: in the jar)");
      }
      return Buffer.buffer(in.readAllBytes());
    }
  }
}
