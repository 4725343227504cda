package dev.limpet.examples.gateway;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.examples.gateway.Streams.Kind;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Sessions with a stream that stays open for longer than their duration, at two gateways. Redis has
 * a clock of its own, so the durations are short. The backend of the sessions is drained: a session
 * reaches it as long as it lives, and no other can.
 */
@Timeout(120)
@Tag("slow")
class SharedOpenStreamsTest {
  private static final int RUNS = Integer.getInteger("open.streams", 2);
  private static final Duration DURATION = Duration.ofMillis(2_500);
  private static final List<Pair.Pool> POOLS = List.of(
      new Pair.Pool("ip", "http", "{type: source-ip, duration: 2500ms}"),
      new Pair.Pool("app", "http", "{type: app-cookie, cookieName: SID, duration: 2500ms}"),
      new Pair.Pool("tcp", "tcp", "{type: source-ip, duration: 2500ms}"));

  private int clients;

  @Test
  void sessionWithAnOpenStream_isKeptAtBothGateways() throws Exception {
    try (TestBackend b1 = Streams.backend("b1");
        TestBackend b2 = Streams.backend("b2");
        Pair pair = new Pair(POOLS, "500ms", b1, b2)) {
      ToIntFunction<Pair.Pool> port = pool -> pair.one.port(pool.name());
      ToIntFunction<Pair.Pool> otherPort = pool -> pair.other.port(pool.name());
      drain(pair, "b2", true);
      Group asked = open(port);
      Group askedElsewhere = open(port);
      Group askedLate = open(port);
      Group askedLateElsewhere = open(port);
      Group closed = open(port);
      long start = System.nanoTime();
      drain(pair, "b2", false);
      drain(pair, "b1", true);

      sleepUntil(start, 1.5);
      assertThat(asked.elsewhere(port)).isZero();
      assertThat(askedElsewhere.elsewhere(otherPort)).isZero();
      sleepUntil(start, 3);
      assertThat(askedLate.elsewhere(port)).isZero();
      assertThat(askedLateElsewhere.elsewhere(otherPort)).isZero();
      closed.close();
      long end = System.nanoTime();
      sleepUntil(end, 0.25); // asking takes its time, too
      assertThat(closed.elsewhere(otherPort)).isZero();
      List.of(asked, askedElsewhere, askedLate, askedLateElsewhere).forEach(Group::close);
    }
  }

  private Group open(ToIntFunction<Pair.Pool> port) throws IOException {
    Group group = new Group();
    for (int i = 0; i < RUNS; i++) {
      for (Pair.Pool pool : POOLS) {
        for (Kind kind : pool.protocol().equals("tcp") ? List.of(Kind.EVENTS) : kinds()) {
          clients++;
          String address = "127.1." + clients / 250 + '.' + (1 + clients % 250);
          Client client = new Client(port.applyAsInt(pool), address);
          assertThat(client.body()).isEqualTo("b1");
          group.sessions.add(new Session(pool, client));
          group.streams.add(Streams.open(kind, client, "b1"));
        }
      }
    }
    return group;
  }

  private static List<Kind> kinds() {
    return List.of(Kind.values());
  }

  private static void drain(Pair pair, String id, boolean drains) {
    for (TestGateway gateway : List.of(pair.one, pair.other)) {
      for (Pair.Pool pool : POOLS) {
        gateway.gateway().pool(pool.name()).change(edit -> {
          if (drains) {
            edit.drain(id);
          } else {
            edit.ready(id);
          }
        });
      }
    }
  }

  private static void sleepUntil(long start, double durations) throws InterruptedException {
    long end = start + (long) (durations * DURATION.toNanos());
    NANOSECONDS.sleep(Math.max(0, end - System.nanoTime()));
  }

  private record Session(Pair.Pool pool, Client client) {}

  /** Sessions of each kind, each with an open stream. */
  private static final class Group {
    final List<Session> sessions = new ArrayList<>();
    final List<Socket> streams = new ArrayList<>();

    /** How many of the sessions another backend serves. */
    int elsewhere(ToIntFunction<Pair.Pool> port) throws IOException {
      int elsewhere = 0;
      for (Session session : sessions) {
        Client client = session.client().at(port.applyAsInt(session.pool()));
        elsewhere += client.body().equals("b1") ? 0 : 1;
      }
      return elsewhere;
    }

    void close() {
      streams.forEach(stream -> {
        try {
          stream.close();
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
      });
    }
  }
}
