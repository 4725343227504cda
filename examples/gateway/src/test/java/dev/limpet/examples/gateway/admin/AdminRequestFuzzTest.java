package dev.limpet.examples.gateway.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.Supplier;

class AdminRequestFuzzTest {
  private static final PathTemplate TEMPLATE =
      PathTemplate.of("/api/pools/{pool}/backends/{backend}");

  @FuzzTest
  void anyRequestIsReadOrRefused(byte[] input) {
    String text = new String(input, ISO_8859_1);
    MultiMap fields = MultiMap.caseInsensitiveMultiMap()
        .add("content-type", "application/json")
        .add("if-match", text);
    MultiMap query = MultiMap.caseInsensitiveMultiMap().add("confirm", text);
    Call call = new Call(Map.of(), fields, query, Buffer.buffer(input), "127.0.0.1");

    JsonObject body = readOrRefused(() -> JsonBody.objectOrNull(call));
    Long expected = readOrRefused(call::expected);
    Boolean isConfirmed = readOrRefused(call::isConfirmed);
    Map<String, String> names = TEMPLATE.match("/api/pools/" + text + "/backends/x");

    assertThat(body == null || new JsonObject(body.encode()).encode().equals(body.encode()))
        .isTrue();
    assertThat(expected == null || expected >= -1).isTrue();
    assertThat(isConfirmed == null || text.equals(isConfirmed.toString())).isTrue();
    assertThat(names == null || (names.size() == 2 && !names.get("pool").isEmpty()))
        .isTrue();
  }

  /** Returns what was read; null if it was refused. */
  private static <T> T readOrRefused(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (ProblemException refused) {
      assertThat(refused.reply().status().code()).isEqualTo(400);
      assertThat(refused.reply().content().toJsonObject().getString("title"))
          .contains(" (expected: ");
      return null;
    }
  }
}
