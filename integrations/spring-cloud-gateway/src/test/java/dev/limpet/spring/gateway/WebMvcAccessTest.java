package dev.limpet.spring.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpAccessContract;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cloud.gateway.server.mvc.handler.GatewayServerResponse;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.servlet.function.ServerResponse;

/** The access keeps its promises with the requests of a real server. */
class WebMvcAccessTest extends HttpAccessContract<HttpServletRequest, ServerResponse> {
  private static final BlockingQueue<HttpServletRequest> RECEIVED = new LinkedBlockingQueue<>();
  private static final List<Socket> CLIENTS = new ArrayList<>();
  private static final Tomcat TOMCAT = new Tomcat();

  @TempDir
  static Path dir;

  /** Answers no request, so that each stays as it is. */
  @SuppressWarnings("serial") // no container stores it
  private static final class Keeping extends HttpServlet {
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
      request.startAsync().setTimeout(0);
      RECEIVED.add(request);
    }
  }

  @BeforeAll
  static void start() throws LifecycleException {
    TOMCAT.setBaseDir(dir.toString());
    TOMCAT.setSilent(true);
    Connector connector = new Connector();
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    TOMCAT.setConnector(connector);
    Context context = TOMCAT.addContext("", dir.toString());
    Tomcat.addServlet(context, "keeping", new Keeping()).setAsyncSupported(true);
    context.addServletMappingDecoded("/*", "keeping");
    TOMCAT.start();
  }

  @AfterAll
  static void stop() throws IOException, LifecycleException {
    for (Socket client : CLIENTS) {
      client.close();
    }
    TOMCAT.stop();
    TOMCAT.destroy();
  }

  @Override
  protected HttpAccess<HttpServletRequest, ServerResponse> access() {
    return new WebMvcAccess();
  }

  @Override
  protected HttpServletRequest newRequest(List<Field> fields) throws Exception {
    return receive("GET /", fields);
  }

  @Override
  protected ServerResponse newResponse(int status, List<Field> fields) {
    ServerResponse.BodyBuilder response = GatewayServerResponse.status(status);
    fields.forEach(field -> response.header(field.name(), field.value()));
    return response.build();
  }

  @Override
  protected HttpServletRequest newRequestTo(String target) throws Exception {
    return receive("GET " + target, List.of());
  }

  @Override
  protected HttpServletRequest newRequestOverTls(boolean overTls) throws Exception {
    return new HttpServletRequestWrapper(newRequest(List.of())) {
      @Override
      public boolean isSecure() {
        return overTls || super.isSecure();
      }
    };
  }

  @Test
  void targetAndMethod_areAsReceived() throws Exception {
    HttpServletRequest request = receive("DELETE /a%20b;cart=7?id=%41&x", List.of());

    assertThat(access().target(request)).isEqualTo("/a%20b;cart=7?id=%41&x");
    assertThat(access().method(request)).isEqualTo("DELETE");
    assertThat(access().isSecure(request)).isFalse();
  }

  @Test
  void peer_isThatOfTheConnection() throws Exception {
    assertThat(new WebMvcAccess().peer(newRequest(List.of()))).hasToString("/127.0.0.1");
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.7, 203.0.113.7",
    "2001:db8::1, 2001:db8:0:0:0:0:0:1",
    "0:0:0:0:0:0:0:1, 0:0:0:0:0:0:0:1"
  })
  void addressThatSpringReadFromAField_isAnAddress(String text, String address) {
    assertThat(new WebMvcAccess().peer(from(text))).hasToString("/" + address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "unknown", "dead.beef", "1.2.3", "::1::", ""})
  void nameInPlaceOfAnAddress_isNotLookedUp(String text) {
    assertThat(new WebMvcAccess().peer(from(text))).isNull();
  }

  private static HttpServletRequest from(String address) {
    MockHttpServletRequest request = new MockHttpServletRequest();
    request.setRemoteAddr(address);
    return request;
  }

  private HttpServletRequest receive(String line, List<Field> fields) throws Exception {
    Socket client =
        new Socket(InetAddress.getLoopbackAddress(), TOMCAT.getConnector().getLocalPort());
    CLIENTS.add(client);
    StringBuilder text = new StringBuilder(line).append(" HTTP/1.1\r\n");
    if (fields.stream().noneMatch(field -> field.name().equals("Host"))) {
      text.append("Host: site\r\n");
    }
    fields.forEach(
        field -> text.append(field.name()).append(": ").append(field.value()).append("\r\n"));
    client
        .getOutputStream()
        .write(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    return RECEIVED.poll(10, TimeUnit.SECONDS);
  }
}
