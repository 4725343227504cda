package dev.limpet.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * What does it cost to find the backend of a bound session? 65,536 sessions are visited in a fixed
 * order. Each library decides by its own public interface, on requests that exist before.
 *
 * <ul>
 * <li>{@code limpet} finds an app cookie among three, hashes its value under a secret and looks it
 *     up in the compact table, which counts as a use.
 * <li>{@code springCloud} receives parsed cookies, and compares the ids of its instances with one
 *     of them, instance by instance. The cookie names the backend; nothing expires.
 * <li>{@code vertx} hashes the session's id by MD5 onto a ring of 4 points per backend. It
 *     remembers nothing: a session goes wherever the hash currently puts it.
 * <li>{@code armeria} applies a jump hash over the list of endpoints to the hash code of the
 *     session's id, which Java has cached in the string. It remembers nothing.
 * <li>{@code undertow} parses the cookies and takes the route that the backend has appended to the
 *     session's id. The cookie names the backend; nothing expires, nothing is signed. Includes
 *     making its exchange, which caches the parsed cookies.
 * <li>{@code grpc} hashes a header onto a ring of about 1,024 points. It remembers nothing.
 * </ul>
 *
 * <p>{@link PeerChanges} shows how many sessions each of them keeps in place when the backends
 * change.
 *
 * <pre>java -jar benchmarks.jar PeerBenchmark -prof gc -t 1   # and -t 2</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms2g", "-Xmx2g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PeerBenchmark {

  /** The library. */
  @Param({"limpet", "springCloud", "vertx", "armeria", "undertow", "grpc"})
  String peer = "limpet";

  /** The number of backends. */
  @Param({"10", "100"})
  int backends = 10;

  /** The number of sessions. */
  @Param("65536")
  int sessions = 65_536;

  @SuppressWarnings("NullAway.Init") // by place
  private Peer router;

  /** Places the sessions. */
  @Setup
  public void place() {
    List<String> ids = IntStream.range(0, backends).mapToObj(i -> "web" + i).toList();
    router = Peer.of(peer, ids, sessions);
  }

  /** Finds the backend of the next session. */
  @Benchmark
  public Object route(Cursor cursor) {
    int session = cursor.next;
    cursor.next = (session + 1 == sessions) ? 0 : session + 1;
    return router.route(session);
  }

  /** The position of a thread in the order of sessions; threads begin far from each other. */
  @State(Scope.Thread)
  public static class Cursor {
    int next;

    /** Moves to the thread's first session. */
    @Setup
    public void begin(PeerBenchmark benchmark, ThreadParams thread) {
      next = (int) ((long) benchmark.sessions * thread.getThreadIndex() / thread.getThreadCount());
    }
  }
}
