package dev.limpet.examples.gateway.operate;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request whose session is traced, as far as it is known.
 *
 * @param listener the listener that it comes to
 * @param address the client's address; null if unknown
 * @param headers its header fields, such as {@code Cookie}; empty for TCP
 * @param target its target, with the query, such as {@code /shop?cart=7}
 */
public record TracedRequest(
    String listener, @Nullable String address, Map<String, List<String>> headers, String target) {}
