package dev.limpet.examples.gateway.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.Feature;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.JacksonCodec;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the body of a request as JSON. Messages never contain a part of it. */
final class JsonBody {
  private static final int MAX_DEPTH = 16;
  private static final Pattern TYPE =
      Pattern.compile("application/json(\\s*;\\s*charset=\"?utf-8\"?)?", Pattern.CASE_INSENSITIVE);

  private static final Feature EACH_KEY_ONCE = Feature.STRICT_DUPLICATE_DETECTION;

  private JsonBody() {}

  /**
   * Returns the body as an object.
   *
   * @throws ProblemException if it is anything else
   */
  static JsonObject object(Call call) {
    JsonObject object = objectOrNull(call);
    if (object == null) {
      throw Call.bad("body: null (expected: a JSON object)");
    }
    return object;
  }

  /**
   * Returns the body as an object; an empty one if there is no body.
   *
   * @param keys the keys that it may have
   * @throws ProblemException if it is anything else
   */
  static JsonObject optional(Call call, Set<String> keys) {
    JsonObject object = (call.body().length() == 0) ? new JsonObject() : object(call);
    checkKeys(object, keys);
    return object;
  }

  /**
   * Returns the body as an object; null if it is {@code null}.
   *
   * @throws ProblemException if it is anything else
   */
  static @Nullable JsonObject objectOrNull(Call call) {
    checkType(call);
    Object value = decode(text(call));
    if (value != null && !(value instanceof JsonObject)) {
      throw Call.bad("body: another value (expected: a JSON object)");
    }
    if (isDeeper(value, MAX_DEPTH)) {
      throw Call.bad("body: nested too deeply (expected: at most " + MAX_DEPTH + " levels)");
    }
    return (JsonObject) value;
  }

  /**
   * Checks the keys of an object.
   *
   * @throws ProblemException if it has others
   */
  static void checkKeys(JsonObject object, Set<String> keys) {
    if (!keys.containsAll(object.fieldNames())) {
      throw Call.bad(
          "body: unknown keys (expected: keys of " + keys.stream().sorted().toList() + ')');
    }
  }

  private static void checkType(Call call) {
    List<String> types = call.headers().getAll(HttpHeaderNames.CONTENT_TYPE);
    if (types.size() != 1 || !TYPE.matcher(types.get(0).strip()).matches()) {
      throw new ProblemException(
          HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE,
          "Content-Type: another type (expected: application/json)");
    }
  }

  private static String text(Call call) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(call.body().getBytes())).toString();
    } catch (CharacterCodingException e) {
      throw Call.bad("body: not UTF-8 (expected: JSON in UTF-8)");
    }
  }

  private static @Nullable Object decode(String text) {
    try {
      JsonParser parser = JacksonCodec.createParser(text);
      return JacksonCodec.fromParser(parser.enable(EACH_KEY_ONCE), Object.class);
    } catch (DecodeException e) {
      throw Call.bad("body: not well-formed (expected: JSON, with each key once)");
    }
  }

  private static boolean isDeeper(@Nullable Object value, int levels) {
    if (value instanceof JsonObject object) {
      return levels == 0
          || object.stream().anyMatch(entry -> isDeeper(entry.getValue(), levels - 1));
    }
    return value instanceof JsonArray array
        && (levels == 0 || array.stream().anyMatch(item -> isDeeper(item, levels - 1)));
  }
}
