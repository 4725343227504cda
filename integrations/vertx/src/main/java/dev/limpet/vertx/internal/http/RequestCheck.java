package dev.limpet.vertx.internal.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.function.BiConsumer;
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
    Fields fields = new Fields();
    request.headers().forEach(fields);
    if (fields.bytes > MAX_HEADER_BYTES) {
      return new RequestCheck(431, "header section longer than " + MAX_HEADER_BYTES + " bytes");
    }
    if (request.method().equals(HttpMethod.CONNECT)) {
      return new RequestCheck(501, "CONNECT is not supported");
    }
    if (!clean(request.uri()) || fields.isNameless) {
      return new RequestCheck(400, "bad request target or field name");
    }
    if (!framed(request.version(), fields)) {
      return new RequestCheck(400, "bad Transfer-Encoding");
    }
    if (fields.hosts > 1 || (request.authority() == null && needsHost(request, fields))) {
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

  private static boolean needsHost(HttpServerRequest request, Fields fields) {
    return request.version() != HttpVersion.HTTP_1_0 || fields.hosts > 0;
  }

  private static boolean framed(HttpVersion version, Fields fields) {
    return fields.encodings == 0
        || (version == HttpVersion.HTTP_1_1
            && fields.encodings == 1
            && fields.encoding.equalsIgnoreCase("chunked"));
  }

  /** What is checked of the fields, in one pass over them. */
  private static final class Fields implements BiConsumer<String, String> {
    private long bytes;
    private int hosts;
    private int encodings;
    private String encoding = "";
    private boolean isNameless;

    @Override
    public void accept(String name, String value) {
      bytes += name.length() + value.length() + 4L;
      isNameless |= name.isEmpty();
      if (name.equalsIgnoreCase("host")) {
        hosts++;
      } else if (name.equalsIgnoreCase("transfer-encoding")) {
        encodings++;
        encoding = value;
      }
    }
  }
}
