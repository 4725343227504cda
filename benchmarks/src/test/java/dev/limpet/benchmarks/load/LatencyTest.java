package dev.limpet.benchmarks.load;

import static dev.limpet.benchmarks.load.Stub.response;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class LatencyTest {
  private static final int STALL_MILLIS = 200;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aStall_countsForEveryRequestThatWasDueMeanwhile() throws Exception {
    try (Stub stub = new Stub((number, cookies) -> {
      if (number == 300) {
        Thread.sleep(STALL_MILLIS);
      }
      return response(200, "web1");
    })) {
      Tally tally = load(new Load(1_000, 4, 0, 1), stub);

      assertThat(tally.requests()).isEqualTo(1_000);
      assertThat(tally.failures()).isZero();
      assertThat(tally.slowerThan(100_000)).isGreaterThanOrEqualTo(99);
      assertThat(tally.percentileMicros(99.9)).isGreaterThan(190_000);
    }
  }

  @Test
  void aStallDuringTheWarmUp_doesNotCount() throws Exception {
    try (Stub stub = new Stub((number, cookies) -> {
      if (number < 100) {
        Thread.sleep(1);
      }
      return response(number < 100 ? 500 : 200, "web1");
    })) {
      Tally tally = load(new Load(100, 1, 1, 1), stub);

      assertThat(tally.requests()).isEqualTo(100);
      assertThat(tally.failures()).isZero();
    }
  }

  @Test
  void aClientKeepsItsCookies() throws Exception {
    List<String> received = Collections.synchronizedList(new ArrayList<>());
    try (Stub stub = new Stub((number, cookies) -> {
      received.add(cookies);
      return switch (number) {
        case 0 -> response(200, "web1", "Set-Cookie: a=1; Path=/", "set-cookie: b=2; HttpOnly");
        case 1 -> response(200, "web1", "Set-Cookie: a=3; Max-Age=60");
        case 2 -> response(200, "web1", "Set-Cookie: b=; Max-Age=0");
        default -> response(200, "web1");
      };
    })) {
      load(new Load(5, 1, 0, 1), stub);
    }
    assertThat(received).containsExactly("", "a=1; b=2", "a=3; b=2", "a=3", "a=3");
  }

  @Test
  void eachClientHasItsOwnCookiesAndConnection() throws Exception {
    List<String> received = Collections.synchronizedList(new ArrayList<>());
    try (Stub stub = new Stub((number, cookies) -> {
      received.add(cookies);
      return response(200, "web1", cookies.isEmpty() ? "Set-Cookie: id=" + number : "X: y");
    })) {
      load(new Load(30, 3, 0, 1), stub);
      assertThat(stub.connections()).isEqualTo(3);
    }
    assertThat(received).hasSize(30).containsOnly("", "id=0", "id=1", "id=2");
    assertThat(Collections.frequency(received, "")).isEqualTo(3);
  }

  @Test
  void errorsAndLostConnections_areFailures() throws Exception {
    try (Stub stub = new Stub((number, cookies) -> switch (number % 10) {
      case 3 -> response(503, "web1");
      case 7 -> "Connection: close";
      default -> response(200, "web1");
    })) {
      Tally tally = load(new Load(50, 1, 0, 1), stub);

      assertThat(tally.requests()).isEqualTo(50);
      assertThat(tally.failures()).isEqualTo(10);
      assertThat(stub.connections()).isEqualTo(6);
    }
  }

  @Test
  void aConnectionThatTheServerCloses_isMadeAgainWithTheSameCookies() throws Exception {
    try (Stub stub = new Stub((number, cookies) -> response(
        200,
        cookies.isEmpty() ? "web" + number : "web0",
        "Connection: close",
        "Set-Cookie: a=b"))) {
      Tally tally = load(new Load(20, 1, 0, 1), stub);

      assertThat(tally.failures()).isZero();
      assertThat(tally.moves()).isZero();
      assertThat(stub.connections()).isEqualTo(20);
    }
  }

  @Test
  void aServerThatIsNotThere_failsEveryRequest() throws Exception {
    Stub stub = new Stub((number, cookies) -> "");
    stub.close();

    assertThat(load(new Load(20, 2, 0, 1), stub).failures()).isEqualTo(20);
  }

  @Test
  void aResponseFromAnotherBackend_isAMove() throws Exception {
    try (Stub stub =
        new Stub((number, cookies) -> response(200, "web" + (number / 5) % 2 + '\n'))) {
      assertThat(load(new Load(20, 1, 0, 1), stub).moves()).isEqualTo(3);
    }
  }

  @Test
  void urlsAreLoadedInTurns() throws Exception {
    List<String> turns = Collections.synchronizedList(new ArrayList<>());
    try (Stub a = new Stub((number, cookies) -> {
          turns.add("a");
          return response(200, "web1");
        });
        Stub b = new Stub((number, cookies) -> {
          turns.add("b");
          return response(500, "web1");
        })) {
      int status = run(
          "--rate=2",
          "--connections=1",
          "--warm-up=1",
          "--duration=1",
          "--rounds=2",
          "--json",
          a.url().toString(),
          b.url().toString());

      JsonNode urls = new ObjectMapper().readTree(out.toString()).get("urls");
      assertThat(turns)
          .containsExactly(
              "a", "a", "a", "a", "b", "b", "b", "b", "a", "a", "a", "a", "b", "b", "b", "b");
      assertThat(urls.get(0).get("requests").asInt()).isEqualTo(4);
      assertThat(urls.get(0).get("failures").asInt()).isZero();
      assertThat(urls.get(1).get("failures").asInt()).isEqualTo(4);
      assertThat(urls.get(1).has("p50Micros")).isFalse();
      assertThat(status).isEqualTo(1);
    }
  }

  @Test
  void aRateThatIsNotReached_isReportedInsteadOfLatencies() throws Exception {
    try (Stub stub = new Stub((number, cookies) -> {
      if (number == 190) {
        Thread.sleep(300);
      }
      return response(200, "web1");
    })) {
      assertThat(run(
              "--rate=100",
              "--connections=2",
              "--warm-up=1",
              "--duration=1",
              stub.url().toString()))
          .isEqualTo(1);
      assertThat(err.toString())
          .startsWith("rate: ")
          .contains("/s of " + stub.url() + " (expected: 99 % of 100/s; ");
      assertThat(out.toString())
          .contains("| 100 | 0 | 0 | 100 |")
          .contains("| – | – | – | – | – |");
    }
  }

  @ParameterizedTest
  @CsvSource({"990, true", "989, false"})
  void aRateIsReachedByNinetyNinePercentInTime(int inTime, boolean isSustained) {
    Tally tally = new Tally();
    tally.begin(new Load(1_000, 1, 5, 1));
    for (int i = 0; i < 1_000; i++) {
      tally.answered(1_000L * i, i < inTime, false);
    }

    assertThat(tally.isSustained()).isEqualTo(isSustained);
    assertThat(tally.reachedRate()).isEqualTo(inTime);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--rate 0 http://a/          | --rate: 0 (expected: 1..1000000)",
        "--rate 1000001 http://a/    | --rate: 1000001 (expected: 1..1000000)",
        "--connections x http://a/   | --connections: x (expected: 1..1000000)",
        "--duration -1 http://a/     | --duration: -1 (expected: 1..1000000)",
        "--warm-up 1.5 http://a/     | --warm-up: 1.5 (expected: 1..1000000)",
        "--rounds 9999999999 http://a/ | --rounds: 9999999999 (expected: 1..1000000)",
        "https://a/                  | URL: https://a/ (expected: http://HOST[:PORT][/PATH])",
        "http://a_b:x/               | URL: http://a_b:x/ (expected: http://HOST[:PORT][/PATH])",
        "http://a[/                  | URL: http://a[/ (expected: http://HOST[:PORT][/PATH])",
        "--json                      | URL: none (expected: http://HOST[:PORT][/PATH])",
        "--fast http://a/            | Unknown option: '--fast' (expected: see --help)"
      })
  void aBadOption_isNamedWithItsRule(String options, String reason) {
    assertThat(run(options.strip().split(" "))).isEqualTo(2);
    assertThat(err.toString().strip()).isEqualTo(reason);
    assertThat(out.toString()).isEmpty();
  }

  private int run(String... args) {
    return Latency.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  private static Tally load(Load load, Stub stub) throws InterruptedException {
    Tally tally = new Tally();
    Turn.run(load, stub.url(), tally);
    return tally;
  }
}
