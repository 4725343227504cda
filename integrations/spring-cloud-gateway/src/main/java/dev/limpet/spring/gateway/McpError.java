package dev.limpet.spring.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/** An error of the Model Context Protocol, which says whether the client's session is over. */
final class McpError {
  private static final String TERMINATED = error(-32_001, "Session terminated");
  private static final String UNAVAILABLE = error(-32_000, "Unavailable, try again");

  private McpError() {}

  /** Sets the fields of a response with this status. */
  static void setFields(HttpHeaders headers, int status) {
    headers.setContentType(MediaType.APPLICATION_JSON);
    headers.setCacheControl("no-store");
    if (!isOver(status)) {
      headers.set(HttpHeaders.RETRY_AFTER, "1");
    }
  }

  /** Returns the body of a response with this status. */
  static byte[] body(int status) {
    return (isOver(status) ? TERMINATED : UNAVAILABLE).getBytes(UTF_8);
  }

  private static boolean isOver(int status) {
    return status == HttpStatus.NOT_FOUND.value();
  }

  /** Returns an error of JSON-RPC. The id of the request is not known, as its body is not read. */
  private static String error(int code, String message) {
    return "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":" + code + ",\"message\":\"" + message
        + "\"},\"id\":null}";
  }
}
