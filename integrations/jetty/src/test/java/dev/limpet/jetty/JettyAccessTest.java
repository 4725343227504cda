package dev.limpet.jetty;

import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpAccessContract;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The access keeps its promises for requests that came over a socket, and their responses. */
class JettyAccessTest extends HttpAccessContract<Request, Response> {
  private final LinkedBlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server, 1, 1);

  private record Received(Request request, Response response) {}

  @BeforeEach
  void start() throws Exception {
    connector.setHost("127.0.0.1");
    connector
        .getConnectionFactory(HttpConnectionFactory.class)
        .getHttpConfiguration()
        .addCustomizer(new ForwardedRequestCustomizer());
    server.addConnector(connector);
    server.setStopTimeout(0);
    server.setHandler(new Handler.Abstract() {
      @Override
      public boolean handle(Request request, Response response, Callback callback) {
        received.add(new Received(request, response));
        return true; // answered by nobody, so that the test can look at it
      }
    });
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  @Override
  protected HttpAccess<Request, Response> access() {
    return JettyAccess.INSTANCE;
  }

  @Override
  protected Request newRequest(List<Field> fields) throws Exception {
    return received("/", fields).request;
  }

  @Override
  protected Request newRequestTo(String target) throws Exception {
    return received(target, List.of()).request;
  }

  @Override
  protected Request newRequestOverTls(boolean overTls) throws Exception {
    return received("/", List.of(new Field("X-Forwarded-Proto", overTls ? "https" : "http")))
        .request;
  }

  @Override
  protected Response newResponse(int status, List<Field> fields) throws Exception {
    Response response = newResponseWithoutStatus();
    response.setStatus(status);
    fields.forEach(field -> response.getHeaders().add(field.name(), field.value()));
    return response;
  }

  @Override
  protected Response newResponseWithoutStatus() throws Exception {
    return received("/", List.of()).response;
  }

  /** Returns a request as a handler gets it. */
  private Received received(String target, List<Field> fields) throws Exception {
    StringBuilder head = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: site\r\n");
    fields.stream()
        .filter(field -> !field.name().equals("Host"))
        .forEach(field -> head.append(field.name() + ": " + field.value() + "\r\n"));
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
      client.getOutputStream().write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      Received exchange = received.poll(10, TimeUnit.SECONDS);
      if (exchange == null) {
        throw new AssertionError("request: absent (expected: received)");
      }
      return exchange;
    }
  }
}
