package dev.limpet.examples.gateway.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * A file of the console. Browsers keep it, but ask each time whether it is still the same.
 *
 * @param type its content type
 * @param content its content
 * @param compressed its content in the format of gzip
 * @param tag names the content, without quotation marks
 */
record ConsoleFile(String type, Buffer content, Buffer compressed, String tag)
    implements AdminPage {
  private static final String GZIP = "gzip";
  private static final int TAG_LENGTH = 16;

  /** Makes a file. */
  static ConsoleFile of(String type, byte[] content) throws IOException {
    return new ConsoleFile(type, Buffer.buffer(content), gzip(content), tag(content));
  }

  private static Buffer gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  private static String tag(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(digest).substring(0, TAG_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  @Override
  public Set<HttpMethod> methods() {
    return Set.of(HttpMethod.GET);
  }

  @Override
  public boolean isPublic() {
    return true;
  }

  @Override
  public void answer(HttpServerRequest request, Map<String, String> names, Vertx vertx) {
    boolean isCompressed = compressed.length() < content.length() && accepts(request, GZIP);
    String quoted = '"' + tag + (isCompressed ? "-gz" : "") + '"';
    boolean isKnown = values(request, HttpHeaderNames.IF_NONE_MATCH)
        .anyMatch(known -> known.equals("*") || known.replaceFirst("^W/", "").equals(quoted));
    Reply reply = new Reply(
        isKnown ? HttpResponseStatus.NOT_MODIFIED : HttpResponseStatus.OK,
        type,
        Map.of("cache-control", "no-cache", "etag", quoted, "vary", "accept-encoding"),
        isCompressed ? compressed : content);
    AdminAnswer.send(request, isCompressed ? reply.with("content-encoding", GZIP) : reply);
  }

  private static boolean accepts(HttpServerRequest request, String encoding) {
    return values(request, HttpHeaderNames.ACCEPT_ENCODING)
        .map(value -> value.toLowerCase(Locale.ROOT).replaceAll("\\s", ""))
        .anyMatch(value -> value.equals(encoding)
            || (value.startsWith(encoding + ";q=") && !value.matches(".*;q=0(\\.0*)?")));
  }

  private static Stream<String> values(HttpServerRequest request, CharSequence field) {
    List<String> fields = request.headers().getAll(field);
    return fields.stream().flatMap(values -> Arrays.stream(values.split(","))).map(String::strip);
  }
}
