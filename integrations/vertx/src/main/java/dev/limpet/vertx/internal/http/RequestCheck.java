package dev.limpet.vertx.internal.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that is refused before it is routed.
 *
 * @param status the status of the answer
 * @param reason its text
 */
public record RequestCheck(int status, String reason) {

  /** The longest header section. */
  public static final int MAX_HEADER_BYTES = 64 * 1024;

  /** Returns why a request is refused; null if it may be forwarded. */
  public static @Nullable RequestCheck fault(HttpServerRequest request) {
    MultiMap headers = request.headers();
    if (bytes(headers) > MAX_HEADER_BYTES) {
      return new RequestCheck(431, "header section longer than " + MAX_HEADER_BYTES + " bytes");
    }
    if (request.method().equals(HttpMethod.CONNECT)) {
      return new RequestCheck(501, "CONNECT is not supported");
    }
    if (!clean(request.uri()) || headers.contains("")) {
      return new RequestCheck(400, "bad request target or field name");
    }
    if (!framed(request.version(), headers.getAll("transfer-encoding"))) {
      return new RequestCheck(400, "bad Transfer-Encoding");
    }
    List<String> hosts = headers.getAll("host");
    if (hosts.size() > 1 || (request.authority() == null && needsHost(request, hosts))) {
      return new RequestCheck(400, "bad Host");
    }
    return null;
  }

  private static boolean clean(String target) {
    for (int i = 0; i < target.length(); i++) {
      if (target.charAt(i) <= ' ' || target.charAt(i) == 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static boolean needsHost(HttpServerRequest request, List<String> hosts) {
    return request.version() != HttpVersion.HTTP_1_0 || !hosts.isEmpty();
  }

  private static boolean framed(HttpVersion version, List<String> encodings) {
    return encodings.isEmpty()
        || (version == HttpVersion.HTTP_1_1
            && encodings.size() == 1
            && encodings.get(0).equalsIgnoreCase("chunked"));
  }

  private static long bytes(MultiMap headers) {
    long sum = 0;
    for (Map.Entry<String, String> field : headers) {
      sum += field.getKey().length() + field.getValue().length() + 4L;
    }
    return sum;
  }
}
