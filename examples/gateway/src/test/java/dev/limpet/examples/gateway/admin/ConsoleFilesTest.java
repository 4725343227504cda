package dev.limpet.examples.gateway.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.examples.gateway.admin.AdminClient.Answer;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files of the console. */
@Timeout(60)
class ConsoleFilesTest {
  private static final String CSS = "/console/console.css";

  private AdminScene scene;

  @BeforeEach
  void start() throws IOException {
    scene = AdminScene.of(FakeOperations.open());
  }

  @AfterEach
  void stop() {
    scene.close();
  }

  private static String file(String name) throws IOException {
    try (var in = ConsoleFilesTest.class.getResourceAsStream("/test-console/" + name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/, index.html, text/html; charset=utf-8",
    "/?x=y, index.html, text/html; charset=utf-8",
    "/console/index.html, index.html, text/html; charset=utf-8",
    "/console/console.css, console.css, text/css; charset=utf-8",
    "/console/console.js, console.js, text/javascript; charset=utf-8",
    "/console/lib/part.mjs, lib/part.mjs, text/javascript; charset=utf-8"
  })
  void eachFile_isServedWithItsType(String path, String name, String type) throws IOException {
    Answer answer = scene.client.get(path);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.field("content-type")).isEqualTo(type);
    assertThat(answer.field("vary")).isEqualTo("accept-encoding");
    assertThat(answer.fields("content-encoding")).isEmpty();
    assertThat(answer.text()).isEqualTo(file(name));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      gzip | true
      deflate, GZIP;q=0.5, br | true
      gzip;q=1 | true
      gzip;q=0 | false
      gzip; q=0.0 | false
      br | false
      identity | false
      """)
  void compression_isUsedIfTheBrowserAcceptsIt(String accepted, boolean isUsed) throws IOException {
    Answer answer = scene.client.get(CSS, "Accept-Encoding: " + accepted);

    assertThat(answer.fields("content-encoding")).hasSize(isUsed ? 1 : 0);
    byte[] bytes = answer.raw().getBytes(ISO_8859_1);
    String text = isUsed
        ? new String(new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes(), UTF_8)
        : answer.text();
    assertThat(text).isEqualTo(file("console.css"));
  }

  @Test
  void aFileThatCompressionMakesLonger_isNotCompressed() throws IOException {
    Answer answer = scene.client.get("/console/console.js", "Accept-Encoding: gzip");

    assertThat(answer.fields("content-encoding")).isEmpty();
    assertThat(answer.text()).isEqualTo(file("console.js"));
  }

  @Test
  void aKnownFile_isNotSentAgain() throws IOException {
    String plain = scene.client.get(CSS).field("etag");
    String zipped = scene.client.get(CSS, "Accept-Encoding: gzip").field("etag");

    assertThat(plain).matches("\"[0-9a-f]{16}\"");
    assertThat(zipped).isNotEqualTo(plain);
    Answer known = scene.client.get(CSS, "If-None-Match: \"x\", W/" + plain);
    assertThat(known.status()).isEqualTo(304);
    assertThat(known.field("etag")).isEqualTo(plain);
    assertThat(scene
            .client
            .get(CSS, "If-None-Match: " + zipped, "Accept-Encoding: gzip")
            .status())
        .isEqualTo(304);
    assertThat(scene.client.get(CSS, "If-None-Match: *").status()).isEqualTo(304);
    assertThat(scene.client.get(CSS, "If-None-Match: \"x\"").status()).isEqualTo(200);
  }

  @Test
  void head_hasTheLengthOfTheFile() throws IOException {
    Answer answer = scene.client.send("HEAD", CSS, "");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.field("content-length"))
        .isEqualTo(String.valueOf(file("console.css").length()));
  }

  @Test
  void aMissingFile_isNamedAtTheStart() {
    assertThatThrownBy(() -> ConsoleFiles.load("incomplete-console"))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage("console: incomplete-console/missing.css absent (expected: in the jar)");
    assertThatThrownBy(() -> ConsoleFiles.load("no-console"))
        .hasMessage("console: no-console/files.txt absent (expected: in the jar)");
  }

  @Test
  void aNameThatLeavesTheFolder_isRefusedAtTheStart() {
    assertThatThrownBy(() -> ConsoleFiles.load("wrong-console"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("console: ../openapi.json in wrong-console/files.txt (expected: ");
  }
}
