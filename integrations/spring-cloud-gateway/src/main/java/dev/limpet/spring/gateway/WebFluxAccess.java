package dev.limpet.spring.gateway;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;

/** Reads and changes the messages of WebFlux. */
final class WebFluxAccess implements ClientAccess<ServerHttpRequest, ServerHttpResponse> {
  private static final String HTTPS = "https";

  @Override
  public List<String> requestFields(ServerHttpRequest request, String name) {
    return values(request.getHeaders(), name);
  }

  @Override
  public String target(ServerHttpRequest request) {
    String query = request.getURI().getRawQuery();
    String path = request.getURI().getRawPath();
    return (query == null) ? path : path + '?' + query;
  }

  @Override
  public String method(ServerHttpRequest request) {
    return request.getMethod().name();
  }

  @Override
  public boolean isSecure(ServerHttpRequest request) {
    return request.getSslInfo() != null
        || HTTPS.equalsIgnoreCase(request.getURI().getScheme());
  }

  /** Returns the address of the peer, which is not resolved if Spring read it from a field. */
  @Override
  public @Nullable InetAddress peer(ServerHttpRequest request) {
    InetSocketAddress remote = request.getRemoteAddress();
    if (remote == null) {
      return null;
    }
    return (remote.getAddress() != null) ? remote.getAddress() : literal(remote.getHostString());
  }

  /** Returns the status; before one is set, as in a handshake of a WebSocket, that is 200. */
  @Override
  public int status(ServerHttpResponse response) {
    HttpStatusCode status = response.getStatusCode();
    return (status == null) ? HttpStatus.OK.value() : status.value();
  }

  @Override
  public List<String> fields(ServerHttpResponse response, String name) {
    return values(response.getHeaders(), name);
  }

  @Override
  public void setFields(ServerHttpResponse response, String name, List<String> values) {
    if (values.isEmpty()) {
      response.getHeaders().remove(name);
    } else {
      response.getHeaders().put(name, new ArrayList<>(values));
    }
  }

  private static @Nullable InetAddress literal(String host) {
    byte[] octets = NetUtil.createByteArrayFromIpAddressString(host);
    try {
      return (octets == null) ? null : InetAddress.getByAddress(octets);
    } catch (UnknownHostException wrongLength) {
      return null;
    }
  }

  private static List<String> values(HttpHeaders headers, String name) {
    @Nullable List<String> values = headers.get(name);
    return (values == null) ? List.of() : List.copyOf(values);
  }
}
