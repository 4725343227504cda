package dev.limpet.spring.gateway;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.function.ServerResponse;

/** Reads servlet requests, and reads and changes the responses of WebMVC. */
final class WebMvcAccess implements ClientAccess<HttpServletRequest, ServerResponse> {
  private static final Pattern LITERAL = Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f.:]*(%.*)?"
      + "|((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(?!$)|$)){4}");

  @Override
  public List<String> requestFields(HttpServletRequest request, String name) {
    return Collections.list(request.getHeaders(name));
  }

  @Override
  public String target(HttpServletRequest request) {
    String query = request.getQueryString();
    String path = request.getRequestURI();
    return (query == null) ? path : path + '?' + query;
  }

  @Override
  public String method(HttpServletRequest request) {
    return request.getMethod();
  }

  @Override
  public boolean isSecure(HttpServletRequest request) {
    return request.isSecure();
  }

  /** Returns the address of the peer, which is not resolved if Spring read it from a field. */
  @Override
  public @Nullable InetAddress peer(HttpServletRequest request) {
    String address = request.getRemoteAddr();
    if (address == null || !LITERAL.matcher(address).matches()) {
      return null;
    }
    try {
      return InetAddress.getByName(address);
    } catch (UnknownHostException malformed) {
      return null;
    }
  }

  @Override
  public int status(ServerResponse response) {
    return response.statusCode().value();
  }

  @Override
  public List<String> fields(ServerResponse response, String name) {
    return List.copyOf(response.headers().getOrDefault(name, List.of()));
  }

  @Override
  public void setFields(ServerResponse response, String name, List<String> values) {
    if (values.isEmpty()) {
      response.headers().remove(name);
    } else {
      response.headers().put(name, new ArrayList<>(values));
    }
  }
}
