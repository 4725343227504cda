package dev.limpet.examples.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of the documents work as they are written. */
@Timeout(120)
class CurlExamplesTest {
  private static final Path DOCUMENTS = Path.of("..", "..", "docs");
  private static final Pattern EXAMPLE = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

  /** Prints the status of each call. The stream of figures has no end. */
  private static final String CURL =
      "curl() { command curl -s -m 3 -o /dev/null -w '%{http_code}\\n' \"$@\"; }\n";

  @Test
  void everyExampleOfTheConsole_isAnsweredWithSuccess() throws Exception {
    List<String> statuses = statuses("console.md", "curl");

    assertThat(statuses).hasSizeGreaterThan(15).endsWith("404"); // no story without the demo
    assertThat(statuses.subList(0, statuses.size() - 1)).allMatch(status -> status.startsWith("2"));
  }

  @Test
  void everyExampleOfADeploy_isAnsweredWithSuccess() throws Exception {
    assertThat(statuses("deploys.md", "-H 'If-Match: *'"))
        .hasSize(4)
        .allMatch(status -> status.startsWith("2"));
  }

  @Test
  void theTraceOfAProblem_isAnsweredWithSuccess() throws Exception {
    assertThat(statuses("troubleshooting.md", "/api/trace")).containsExactly("200");
  }

  /** Runs the examples of a document that contain a text, and returns the statuses. */
  private static List<String> statuses(String document, String text) throws Exception {
    assumeTrue(run("curl --version").contains("curl"), "curl: absent (expected: in the PATH)");
    try (TestGateway gateway = TestGateway.of("""
        listeners: [{name: web, protocol: http, port: 0, pool: web}]
        pools:
          - name: web
            stickySession: {type: lb-cookie}
            backends: [{id: web1, address: "127.0.0.1:1"}, {id: web2, address: "127.0.0.1:2"}]
        admin: {port: 0}
        """)) {
      String examples = EXAMPLE
          .matcher(Files.readString(DOCUMENTS.resolve(document)))
          .results()
          .map(example -> example.group(1))
          .filter(example -> example.contains(text))
          .collect(Collectors.joining("\n"))
          .replace("127.0.0.1:8090", "127.0.0.1:" + gateway.gateway().adminPort());
      return run(CURL + examples).lines().toList();
    }
  }

  private static String run(String script) throws IOException, InterruptedException {
    Process bash =
        new ProcessBuilder("bash", "-c", script).redirectErrorStream(true).start();
    bash.getOutputStream().close();
    String output = new String(bash.getInputStream().readAllBytes(), UTF_8);
    bash.waitFor();
    return output;
  }
}
