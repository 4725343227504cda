package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests of one session that arrive together. */
@Timeout(30)
class RaceTest {
  private static final int THREADS = 64;
  private static final int ROUNDS = 4;

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void firstConnectionsOfOneAddress_reachOneBackend() throws Exception {
    try (TestBackend b1 = TestBackend.http("b1");
        TestBackend b2 = TestBackend.http("b2");
        TestBackend b3 = TestBackend.http("b3");
        TestGateway gateway = TestGateway.tcp(TestGateway.SOURCE_IP, b1, b2, b3)) {
      for (int round = 0; round < ROUNDS; round++) {
        String address = "127.0.6." + (round + 1);
        assertThat(together(() -> new Client(gateway.port(), address).body())).hasSize(1);
      }
    }
  }

  @Test
  void firstRequestsWithOneIssuedValue_reachTheBackendThatIssuedIt() throws Exception {
    try (TestBackend b1 = TestBackend.login("b1");
        TestBackend b2 = TestBackend.login("b2");
        TestBackend b3 = TestBackend.login("b3");
        TestGateway gateway = TestGateway.http(TestGateway.APP_COOKIE, b1, b2, b3)) {
      for (int round = 0; round < ROUNDS; round++) {
        Client client = gateway.client();
        String home = client.body();
        assertThat(together(client::body)).containsExactly(home);
      }
    }
  }

  @Test
  void firstRequestsWithOneUnknownValue_reachOneBackend() throws Exception {
    try (TestBackend b1 = TestBackend.http("b1");
        TestBackend b2 = TestBackend.http("b2");
        TestBackend b3 = TestBackend.http("b3");
        TestGateway gateway = TestGateway.http(TestGateway.APP_COOKIE, b1, b2, b3)) {
      for (int round = 0; round < ROUNDS; round++) {
        Client client = gateway.client().withCookie("SID", "value" + round);
        assertThat(together(client::body)).hasSize(1);
      }
    }
  }

  @Test
  void requestsOfASessionWhoseBackendDied_moveToOneBackend() throws Exception {
    for (String sticky : List.of(TestGateway.LB_COOKIE, TestGateway.SOURCE_IP)) {
      try (TestBackend b1 = TestBackend.http("b1");
          TestBackend b2 = TestBackend.http("b2");
          TestBackend b3 = TestBackend.http("b3");
          TestGateway gateway = TestGateway.http(sticky, b1, b2, b3)) {
        Client client = gateway.sessionAt("b1");
        String cookie = client.cookieField();
        b1.kill();
        Set<String> reached = together(
            () -> client.other().get(cookie.isEmpty() ? "X: y" : cookie.strip()).body());
        assertThat(reached).as(sticky).hasSize(1).doesNotContain("b1");
      }
    }
  }

  private Set<String> together(Callable<String> request) throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Future<String>> answers = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      answers.add(threads.submit(() -> {
        start.await();
        return request.call();
      }));
    }
    Set<String> distinct = new HashSet<>();
    for (Future<String> answer : answers) {
      distinct.add(answer.get());
    }
    return distinct;
  }
}
