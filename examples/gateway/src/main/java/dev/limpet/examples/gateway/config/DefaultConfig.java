package dev.limpet.examples.gateway.config;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The configuration of a gateway that is started without one: a listener for each kind of
 * stickiness, and some without stickiness.
 */
public final class DefaultConfig {
  private static final String YAML = """
      listeners:
        - {name: web, protocol: http, port: 8080, pool: web}
        - {name: app, protocol: http, port: 8081, pool: app}
        - {name: plain, protocol: http, port: 8082, pool: plain}
        - {name: tcp, protocol: tcp, port: 9000, pool: tcp}
        - {name: plain-tcp, protocol: tcp, port: 9001, pool: plain-tcp}
      pools:
        - name: web
          stickySession: {type: lb-cookie}
          healthCheck: {interval: 1s}
          backends: [HTTP]
        - name: app
          stickySession: {type: app-cookie, cookieName: DEMOSESSION}
          healthCheck: {interval: 1s}
          backends: [HTTP]
        - name: plain
          healthCheck: {interval: 1s}
          backends: [HTTP]
        - name: tcp
          stickySession: {type: source-ip}
          healthCheck: {interval: 1s}
          backends: [TCP]
        - name: plain-tcp
          healthCheck: {interval: 1s}
          backends: [TCP]
      admin: {port: 8090}
      """;

  private static final Pattern PORT = Pattern.compile("port: ([0-9]+)");
  private static final String ANY_PORT = "port: 0";

  private DefaultConfig() {}

  /**
   * A built-in backend on 127.0.0.1.
   *
   * @param name its id in every pool
   * @param httpPort its port for HTTP, 1..65535
   * @param tcpPort its port for TCP, 1..65535
   */
  public record Server(String name, int httpPort, int tcpPort) {}

  /**
   * Returns the configuration. Each listener has a pool of the same name with all servers: web (LB
   * cookie), app (app cookie DEMOSESSION) and plain (not sticky) for HTTP, tcp (source IP) and
   * plain-tcp (not sticky). A port that is not free is replaced by any free one.
   *
   * @param servers at least one
   * @param isFree whether a listener can have a port
   * @throws IllegalArgumentException if there is no server, or a port is out of range
   */
  public static ConfigSource source(List<Server> servers, IntPredicate isFree) {
    String yaml = YAML.replace("HTTP", backends(servers, Server::httpPort))
        .replace("TCP", backends(servers, Server::tcpPort));
    SourceReading reading = ConfigReader.source(withFreePorts(yaml, isFree));
    ConfigSource source = reading.source();
    if (source == null) {
      throw new IllegalArgumentException(
          "servers: " + servers + " (expected: " + reading.faults() + ")");
    }
    return source;
  }

  private static String withFreePorts(String yaml, IntPredicate isFree) {
    return PORT.matcher(yaml)
        .replaceAll(port -> isFree.test(Integer.parseInt(port.group(1))) ? port.group() : ANY_PORT);
  }

  private static String backends(List<Server> servers, ToIntFunction<Server> port) {
    return servers.stream()
        .map(server ->
            "{id: %s, address: \"127.0.0.1:%d\"}".formatted(server.name(), port.applyAsInt(server)))
        .collect(Collectors.joining(", "));
  }
}
