package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Backends that send bytes which are no part of an answer. */
@Timeout(60)
class SurplusBytesTest {
  private static final int CLIENTS = 20;
  private static final int LATER_MILLIS = 5;

  private static final List<String> ANSWERS = List.of(
      "GET HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
      "GET HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
      "GET HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
      "GET HTTP/1.1 204 No Content\r\n\r\n",
      "GET HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n",
      "HEAD HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n",
      "POST HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

  private static final List<String> SURPLUSES = List.of(
      "x",
      "\n",
      "\r\n",
      "HTTP/1.1 200 OK\r\nSet-Cookie: SID=attacker\r\nContent-Length: 7\r\n\r\nplanted",
      "HTTP/1.1 200 OK\r\nSet-Cookie: SID=attacker\r\nX-Eaten: ",
      "HTTP/1.1 102 Processing\r\n\r\n",
      "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

  static Stream<Arguments> faults() {
    return ANSWERS.stream()
        .flatMap(answer -> SURPLUSES.stream()
            .flatMap(surplus ->
                Stream.of(false, true).map(later -> Arguments.of(answer, surplus, later))));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void nextClient_getsItsOwnAnswerOnANewConnection(String answer, String surplus, boolean later)
      throws Exception {
    String method = answer.substring(0, answer.indexOf(' '));
    String response = answer.substring(method.length() + 1);
    AtomicInteger served = new AtomicInteger();
    AtomicInteger closedUnused = new AtomicInteger();
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          Message.request(socket.getInputStream());
          served.incrementAndGet();
          if (later) {
            TestBackend.say(socket, response);
            Thread.sleep(LATER_MILLIS); // the answer is to be read by itself
            TestBackend.say(socket, surplus);
          } else {
            TestBackend.say(socket, response + surplus);
          }
          if (Message.request(socket.getInputStream()) == null) {
            closedUnused.incrementAndGet();
          }
        });
        TestGateway gateway = TestGateway.http(TestGateway.NOT_STICKY, backend)) {
      for (int i = 0; i < 3; i++) {
        Message got = new Client(gateway.port()).send(method, "Content-Length: 0");
        int expected = i + 1;
        assertThat(got.startLine()).isEqualTo(response.substring(0, response.indexOf('\r')));
        assertThat(got.fields("set-cookie")).isEmpty();
        assertThat(got.head()).doesNotContain("X-Eaten");
        Wait.until(() -> closedUnused.get() == expected);
      }
      assertThat(served).hasValue(3);
      assertThat(backend.connections()).isEqualTo(3);
    }
  }

  @Test
  void manyClientsInTurn_neverGetWhatWasPlanted() throws Exception {
    String planted = SURPLUSES.get(4);
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          for (Message request = Message.request(socket.getInputStream());
              request != null;
              request = Message.request(socket.getInputStream())) {
            TestBackend.say(socket, TestBackend.ok("own") + planted);
          }
        });
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, backend)) {
      List<Message> answers = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        answers.add(new Client(gateway.port()).get());
      }
      assertThat(answers).allSatisfy(answer -> {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("own");
        assertThat(answer.fields("set-cookie")).hasSize(1).noneMatch(set -> set.contains("SID"));
      });
    }
  }

  @Test
  void surplus_isCountedAndReported() throws IOException {
    try (TestBackend backend =
            TestBackend.http("b1", request -> TestBackend.ok("own") + "surplus");
        TestGateway gateway = TestGateway.http(TestGateway.NOT_STICKY, backend)) {
      new Client(gateway.port()).get();
      new Client(gateway.port()).get();
      assertThat(gateway.surpluses()).isEqualTo(2);
      gateway.gateway().faults().look();
      gateway.gateway().faults().look();
      assertThat(gateway.console().complaints())
          .containsOnlyOnce("pool web: connections closed because of bytes beyond a response: 2");
    }
  }
}
