package dev.limpet.l7;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.limpet.core.KeyExtractor;
import dev.limpet.core.KeyHasher;
import dev.limpet.core.internal.HttpToken;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys of requests of the Model Context Protocol (MCP) from version 2026-07-28 on, which has no
 * sessions. Requests of other versions have no key.
 *
 * <p>The value of a field is visible ASCII, spaces and tabs, or the form {@code =?base64?…?=}
 * around the Base64 (RFC 4648, section 4) of UTF-8; both forms of a text have the same key. A value
 * with another character, or that cannot be decoded, is no key. Neither is a blank one. A value of
 * more than 1,024 characters, or several different ones, cannot be used ({@link
 * KeyExtractor#UNUSABLE}).
 *
 * <p>A key finds the server that was bound to it. If nobody binds it, requests with the same key go
 * to the same server, but not to the one that made the task or the handle.
 */
public final class McpKeys {
  private static final String METHOD = "Mcp-Method";
  private static final String NAME = "Mcp-Name";
  private static final String PARAM = "Mcp-Param-";
  private static final String TASKS = "tasks/";
  private static final String ENCODED_START = "=?base64?";
  private static final String ENCODED_END = "?=";
  private static final int MAX_LENGTH = 1_024;

  private McpKeys() {}

  /**
   * {@return an extractor of the id of the task that a request is about} This is the field {@code
   * Mcp-Name} of a request whose {@code Mcp-Method} begins with {@code tasks/}.
   *
   * @param access reads the embedder's requests
   * @param <Q> the embedder's type of request
   */
  public static <Q> KeyExtractor<Q> task(HttpAccess<Q, ?> access) {
    Messages<Q, ?> messages = new Messages<>(access);
    return (request, hasher) -> isOfTask(messages, request)
        ? key(messages.requestFields(request, NAME), hasher)
        : KeyExtractor.NONE;
  }

  /**
   * {@return an extractor of an argument that a tool mirrors in a field, such as a handle}
   *
   * @param access reads the embedder's requests
   * @param param the name of the field after {@code Mcp-Param-}, such as {@code Basket}
   * @param <Q> the embedder's type of request
   * @throws IllegalArgumentException if the name cannot be part of a field's name
   */
  public static <Q> KeyExtractor<Q> param(HttpAccess<Q, ?> access, String param) {
    Messages<Q, ?> messages = new Messages<>(access);
    String field = PARAM + checked(requireNonNull(param, "param"));
    return (request, hasher) -> McpEra.isModern(messages, request)
        ? key(messages.requestFields(request, field), hasher)
        : KeyExtractor.NONE;
  }

  private static String checked(String param) {
    if (param.isEmpty() || HttpToken.firstIllegal(param) >= 0) {
      Faults faults = new Faults();
      faults.addText("param", param, HttpToken.rule(param));
      faults.refuse();
    }
    return param;
  }

  private static <Q> boolean isOfTask(Messages<Q, ?> messages, Q request) {
    List<String> methods = messages.requestFields(request, METHOD);
    return methods.size() == 1
        && methods.get(0).startsWith(TASKS)
        && McpEra.isModern(messages, request);
  }

  private static long key(List<String> values, KeyHasher hasher) {
    if (values.isEmpty()) {
      return KeyExtractor.NONE;
    }
    String value = values.get(0);
    if (value.length() > MAX_LENGTH || !HeaderValue.areEqual(values, value)) {
      return KeyExtractor.UNUSABLE;
    }
    String text = isLegal(value) ? decoded(value) : null;
    return (text == null || text.isBlank()) ? KeyExtractor.NONE : hasher.string(text);
  }

  private static boolean isLegal(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (!Faults.isPrintable(value.charAt(i)) && value.charAt(i) != '\t') {
        return false;
      }
    }
    return true;
  }

  /** {@return the text of a value; null if it cannot be decoded} */
  private static @Nullable String decoded(String value) {
    int end = value.length() - ENCODED_END.length();
    boolean isEncoded = end >= ENCODED_START.length()
        && value.startsWith(ENCODED_START)
        && value.endsWith(ENCODED_END);
    return isEncoded ? ofBase64(value.substring(ENCODED_START.length(), end)) : value;
  }

  private static @Nullable String ofBase64(String encoded) {
    try {
      byte[] bytes = Base64.getDecoder().decode(encoded);
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return null;
    }
  }
}
