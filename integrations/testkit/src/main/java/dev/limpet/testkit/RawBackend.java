package dev.limpet.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.limpet.core.Backend;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 backend on raw sockets of the loopback interface. It can be killed, also in the
 * middle of a response. It answers a request with 200 and an {@link Echo}; a WebSocket handshake
 * with 101, its id as the first text, and then each text that it receives. It closes each
 * connection after one request, so a proxy has no kept connection to a killed backend. Safe for use
 * by many threads at once.
 *
 * <p>It answers in another way if fields of the request, which the proxy passes on, ask for it:
 *
 * <pre>{@code
 * client.get(RawBackend.setCookie("theme=dark; Path=/"), RawBackend.HALF);
 * }</pre>
 */
public final class RawBackend implements Closeable {

  /** A field of a request: answer it when {@link #release} is called. */
  public static final String SILENT = "Kit-Answer: silent";

  /**
   * A field of a request: answer it with the head and 100,000 octets, and with 100,000 more when
   * {@link #release} is called.
   */
  public static final String HALF = "Kit-Answer: half";

  /** A field of a request: answer it without end, in chunks of 10,000 octets. */
  public static final String ENDLESS = "Kit-Answer: endless";

  private static final String ANSWER = "Kit-Answer";
  private static final String SET_COOKIE = "Kit-Set-Cookie";
  private static final int HALF_SIZE = 100_000;
  private static final int CHUNK_SIZE = 10_000;

  private final String id;
  private final InetSocketAddress address;
  private final List<RawMessage> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private final Object releasing = new Object();
  private int waiting;
  private int releases;
  private @Nullable ServerLife life;
  private @Nullable Closeable down; // keeps the port while there is no life

  private RawBackend(String id) throws IOException {
    this.id = id;
    ServerLife first = new ServerLife(loopback(0), this::serve);
    this.life = first;
    this.address = loopback(first.port());
  }

  /**
   * Starts a backend at a free port.
   *
   * @param id its name in answers, and in a pool
   * @return the running backend
   * @throws IOException if it cannot listen
   */
  public static RawBackend start(String id) throws IOException {
    return new RawBackend(id);
  }

  /**
   * Returns a field of a request: answer it with a {@code Set-Cookie} line. Several such fields are
   * answered with a line each, in order.
   *
   * @param line such as {@code theme=dark; Path=/}
   * @return the field
   */
  public static String setCookie(String line) {
    return SET_COOKIE + ": " + line;
  }

  /** {@return its id} */
  public String id() {
    return id;
  }

  /** {@return its port, which it keeps when it is killed} */
  public int port() {
    return address.getPort();
  }

  /** {@return the backend for a pool} */
  public Backend backend() {
    return Backend.of(id, address.getHostString(), port());
  }

  /** {@return the requests that it received so far, with their bodies} */
  public List<RawMessage> requests() {
    return List.copyOf(requests);
  }

  /** {@return the number of connections that it accepted so far} */
  public int connections() {
    return accepted.get();
  }

  /** {@return the number of open connections} */
  public synchronized int openConnections() {
    return (life == null) ? 0 : life.connections();
  }

  /** {@return the number of requests that wait for {@link #release}} */
  public int waiting() {
    synchronized (releasing) {
      return waiting;
    }
  }

  /** Answers the requests that wait. */
  public void release() {
    synchronized (releasing) {
      releases++;
      releasing.notifyAll();
    }
  }

  /**
   * Closes all connections and refuses new ones, as if the process was killed. No request is served
   * after this has returned, because every thread that could serve one has ended.
   *
   * @throws IOException if the port cannot be kept
   */
  public synchronized void kill() throws IOException {
    end();
    down = refusing();
  }

  /**
   * Kills the backend and makes its port answer no SYN, as if the host was gone: a connect neither
   * succeeds nor fails, but waits.
   *
   * @return true if connects wait now; false if this system, unlike Linux, still answers them
   * @throws IOException if the port cannot be kept
   */
  public synchronized boolean fallSilent() throws IOException {
    end();
    SilentPort silent = new SilentPort(address);
    down = silent;
    return silent.isSilent();
  }

  /**
   * Accepts connections again, at the same port.
   *
   * @throws IOException if it cannot listen
   */
  public synchronized void revive() throws IOException {
    end();
    life = new ServerLife(address, this::serve);
  }

  /** Ends the backend as {@link #kill} does, and gives its port back. */
  @Override
  public synchronized void close() throws IOException {
    end();
  }

  private void end() throws IOException {
    if (life != null) {
      life.end();
      life = null;
    }
    if (down != null) {
      down.close();
      down = null;
    }
  }

  /** A socket that is bound and does not listen refuses connects. */
  private Socket refusing() throws IOException {
    Socket placeholder = new Socket();
    placeholder.setReuseAddress(true);
    placeholder.bind(address);
    return placeholder;
  }

  private void serve(Socket socket) throws IOException, InterruptedException {
    accepted.incrementAndGet();
    InputStream in = new BufferedInputStream(socket.getInputStream());
    RawMessage request = RawMessage.request(in);
    if (request == null) {
      return; // such as a health check that only connects
    }
    requests.add(request);
    OutputStream out = socket.getOutputStream();
    if (request.isWebSocket()) {
      upgrade(request, in, out);
    } else {
      answer(request, out);
    }
  }

  private void answer(RawMessage request, OutputStream out)
      throws IOException, InterruptedException {
    String way = request.field(ANSWER);
    if (is(SILENT, way)) {
      awaitRelease();
    }
    if (is(HALF, way)) {
      answerInHalves(request, out);
    } else if (is(ENDLESS, way)) {
      answerWithoutEnd(request, out);
    } else {
      byte[] body = Echo.body(request);
      write(out, head(request, "Content-Length: " + body.length));
      out.write(body);
    }
  }

  private void answerInHalves(RawMessage request, OutputStream out)
      throws IOException, InterruptedException {
    byte[] half = new byte[HALF_SIZE];
    write(out, head(request, "Content-Length: " + 2 * HALF_SIZE));
    out.write(half);
    awaitRelease();
    out.write(half);
  }

  private void answerWithoutEnd(RawMessage request, OutputStream out) throws IOException {
    write(out, head(request, "Transfer-Encoding: chunked"));
    String chunk = Integer.toHexString(CHUNK_SIZE) + "\r\n" + "x".repeat(CHUNK_SIZE) + "\r\n";
    while (!Thread.currentThread().isInterrupted()) {
      write(out, chunk);
    }
  }

  private void upgrade(RawMessage request, InputStream in, OutputStream out) throws IOException {
    String key = request.field("Sec-WebSocket-Key");
    write(
        out,
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Accept: " + WebSocketFrames.accept((key == null) ? "" : key) + "\r\n"
            + setCookies(request) + "\r\n");
    for (String text = id; text != null; text = WebSocketFrames.next(in)) {
      out.write(WebSocketFrames.text(text, false));
    }
  }

  private String head(RawMessage request, String framing) {
    return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n"
        + Echo.fields(id, request) + setCookies(request) + framing + "\r\n\r\n";
  }

  private static String setCookies(RawMessage request) {
    StringBuilder lines = new StringBuilder();
    for (String line : request.fields(SET_COOKIE)) {
      lines.append("Set-Cookie: ").append(line).append("\r\n");
    }
    return lines.toString();
  }

  private void awaitRelease() throws InterruptedException {
    synchronized (releasing) {
      int before = releases;
      waiting++;
      try {
        while (releases == before) {
          releasing.wait();
        }
      } finally {
        waiting--;
      }
    }
  }

  private static boolean is(String field, @Nullable String value) {
    return value != null && field.equals(ANSWER + ": " + value);
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(ISO_8859_1));
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }
}
