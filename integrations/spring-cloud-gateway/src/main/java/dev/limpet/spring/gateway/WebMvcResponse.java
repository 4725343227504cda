package dev.limpet.spring.gateway;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.server.mvc.common.MvcUtils;
import org.springframework.cloud.gateway.server.mvc.handler.GatewayServerResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.MultiValueMap;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.function.ServerRequest;

/** The response of a backend, which sets or learns the cookie just before it is written. */
final class WebMvcResponse implements GatewayServerResponse {
  /*
   * The gateway reads the rest of a response before it closes it, also if the client has left. A
   * response without end would be read for ever. So it is closed as soon as the client's connection
   * fails.
   *
   * If the backend breaks off its response, Spring takes the exception for that of a client that
   * has left, and the container keeps the connection, on which the client waits for the rest. An
   * exception of the gateway's client makes the container close it.
   */

  private final GatewayServerResponse response;
  private final ServerRequest sent;
  private final WebMvcRequest received;

  WebMvcResponse(GatewayServerResponse response, ServerRequest sent, WebMvcRequest received) {
    this.response = response;
    this.sent = sent;
    this.received = received;
  }

  @Override
  public HttpStatusCode statusCode() {
    return response.statusCode();
  }

  @Override
  public void setStatusCode(HttpStatusCode status) {
    response.setStatusCode(status);
  }

  @Override
  public HttpHeaders headers() {
    return response.headers();
  }

  @Override
  public MultiValueMap<String, Cookie> cookies() {
    return response.cookies();
  }

  @Override
  public @Nullable ModelAndView writeTo(
      HttpServletRequest request, HttpServletResponse written, Context context)
      throws ServletException, IOException {
    ClientHttpResponse source = MvcUtils.getAttribute(sent, MvcUtils.CLIENT_RESPONSE_ATTR);
    boolean isKept = false;
    try {
      received.respond(this);
      isKept = true;
    } finally {
      if (!isKept && source != null) {
        source.close();
      }
    }
    return (source == null)
        ? response.writeTo(request, written, context)
        : copy(request, new WatchedResponse(written, source), context);
  }

  private @Nullable ModelAndView copy(
      HttpServletRequest request, WatchedResponse written, Context context)
      throws ServletException, IOException {
    try {
      return response.writeTo(request, written, context);
    } catch (IOException broken) {
      if (written.isLeft()) {
        throw broken;
      }
      throw new ResourceAccessException("response: broken off by the backend", broken);
    }
  }
}
