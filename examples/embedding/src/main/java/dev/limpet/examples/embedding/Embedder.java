package dev.limpet.examples.embedding;

import dev.limpet.core.Backend;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The program that the examples of the documents are part of: it has requests and responses of its
 * own, and records where it sends them instead of sending them.
 */
class Embedder {
  /** The ids of the backends that this program cannot connect to. */
  final Set<String> unreachable = new HashSet<>();

  /** The id of the backend of each request that was sent; "none" for a request without one. */
  final List<String> sent = new ArrayList<>();

  /** The lines of the program's log. */
  final List<String> lines = new ArrayList<>();

  final Logger log =
      (text, arguments) -> lines.add(String.format(text.replace("{}", "%s"), arguments));

  /** A log of the program. */
  interface Logger {
    void info(String text, Object... arguments);
  }

  /** The fields of a message, by their names in any case. */
  static final class Headers {
    private final Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    List<String> get(String name) {
      return fields.getOrDefault(name, List.of());
    }

    void set(String name, List<String> values) {
      fields.put(name, List.copyOf(values));
    }
  }

  /** A request of the program. */
  record Request(Headers headers, InetAddress remoteAddress, boolean isTls) {
    Request(InetAddress remoteAddress) {
      this(new Headers(), remoteAddress, false);
    }

    @Nullable
    String header(String name) {
      return headers.get(name).stream().findFirst().orElse(null);
    }

    /** {@return the path and the query, from HTTP/2's field; the root if it is absent} */
    String target() {
      return headers.get(":path").stream().findFirst().orElse("/");
    }
  }

  /** A response of the program. */
  record Response(int status, Headers headers) {}

  /** Returns whether a backend can be reached. */
  boolean reaches(@Nullable Backend backend) {
    return backend != null && !unreachable.contains(backend.id());
  }

  /** Sends a request to a backend, or answers it if no backend can serve it. */
  void send(Request request, @Nullable Backend backend) {
    sent.add(backend == null ? "none" : backend.id());
  }

  /** Sends a request with changed fields to a backend, or answers it if no backend can serve it. */
  Response send(Request request, Map<String, List<String>> changes, @Nullable Backend backend) {
    send(request, backend);
    return new Response(200, new Headers());
  }

  /** Connects a client to a backend, or closes it if no backend can serve it. */
  void connect(Socket client, @Nullable Backend backend) {
    sent.add(backend == null ? "none" : backend.id());
  }
}
