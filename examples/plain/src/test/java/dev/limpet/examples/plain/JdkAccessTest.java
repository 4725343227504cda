package dev.limpet.examples.plain;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.limpet.examples.plain.JdkAccess.Response;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpAccessContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;

class JdkAccessTest extends HttpAccessContract<HttpExchange, Response> {
  private final BlockingQueue<HttpExchange> received = new LinkedBlockingQueue<>();
  private final List<Socket> sockets = new ArrayList<>();
  private final HttpServer server;

  JdkAccessTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", received::add);
    server.start();
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    server.stop(0);
  }

  @Override
  protected HttpAccess<HttpExchange, Response> access() {
    return new JdkAccess();
  }

  @Override
  protected HttpExchange newRequest(List<Field> fields) throws Exception {
    StringBuilder text = new StringBuilder("GET / HTTP/1.1\r\n");
    fields.forEach(
        field -> text.append(field.name()).append(": ").append(field.value()).append("\r\n"));
    Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort());
    sockets.add(socket);
    socket
        .getOutputStream()
        .write(text.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    return received.take();
  }

  @Override
  protected Response newResponse(int status, List<Field> fields) {
    Headers headers = new Headers();
    fields.forEach(field -> headers.add(field.name(), field.value()));
    return new Response(status, headers);
  }
}
