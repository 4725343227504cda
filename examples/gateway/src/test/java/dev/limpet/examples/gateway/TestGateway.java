package dev.limpet.examples.gateway;

import dev.limpet.core.Pool;
import dev.limpet.examples.gateway.config.ConfigReader;
import dev.limpet.examples.gateway.config.ConfigSource;
import dev.limpet.examples.gateway.config.SourceReading;
import dev.limpet.vertx.BackendConnector.Names;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A gateway that runs what a configuration text says. */
final class TestGateway implements AutoCloseable {
  static final String LB_COOKIE = "stickySession: {type: lb-cookie}";
  static final String APP_COOKIE = "stickySession: {type: app-cookie, cookieName: SID}";
  static final String SOURCE_IP = "stickySession: {type: source-ip}";
  static final String NOT_STICKY = "failover: move";

  private static final List<Logger> LIBRARIES = // held, as Main does
      List.of(Logger.getLogger("io.vertx"), Logger.getLogger("io.lettuce"));

  static {
    LIBRARIES.forEach(logger -> logger.setLevel(Level.OFF));
  }

  private final TestConsole console = new TestConsole();
  private final Gateway gateway;
  private int clients;

  private TestGateway(SourceReading reading, @Nullable ConfigFile file, Clocks clocks, Names names)
      throws IOException {
    ConfigSource source = reading.source();
    if (source == null) {
      throw new IllegalArgumentException(reading.faults().toString());
    }
    gateway = Gateway.start(source, file, console.console(), clocks, names);
  }

  static TestGateway of(String yaml) throws IOException {
    return of(yaml, Clocks.system());
  }

  /** Runs what a text says, with sessions that live by the given clocks. */
  static TestGateway of(String yaml, Clocks clocks) throws IOException {
    return new TestGateway(ConfigReader.source(yaml), null, clocks, InetAddress::getAllByName);
  }

  /** Runs what a text says, with backends whose names are looked up in another way. */
  static TestGateway of(String yaml, Names names) throws IOException {
    return new TestGateway(ConfigReader.source(yaml), null, Clocks.system(), names);
  }

  /** Runs what a file says, and follows it. */
  static TestGateway following(Path file) throws IOException {
    return following(new ConfigFile(file, false));
  }

  /** Runs what a file says, and follows it. */
  static TestGateway following(ConfigFile file) throws IOException {
    TestGateway running = new TestGateway(
        ConfigReader.source(file.path()), file, Clocks.system(), InetAddress::getAllByName);
    running.gateway.follow(file.path());
    return running;
  }

  /** An HTTP listener and a pool of one name, web; the settings are the pool's, a line each. */
  static TestGateway http(String settings, TestBackend... backends) throws IOException {
    return of(yaml("http", "", settings, entries(backends)));
  }

  /** A TCP listener and a pool of one name, web. */
  static TestGateway tcp(String settings, TestBackend... backends) throws IOException {
    return of(yaml("tcp", "", settings, entries(backends)));
  }

  /**
   * A configuration of one listener and one pool, both named web, at a free port. It stops at once.
   *
   * @param listener more settings of the listener, such as {@code proxyProtocol: [127.0.0.1]}
   * @param settings more settings of the pool, a line each
   * @param entries the backends
   */
  static String yaml(String protocol, String listener, String settings, List<String> entries) {
    return """
        profile: open
        stopTimeout: 0s
        listeners:
          - {name: web, protocol: %s, port: 0, pool: web%s}
        pools:
          - name: web
        %s
            backends:
        %s
        """.formatted(
            protocol,
            listener.isEmpty() ? "" : ", " + listener,
            settings.lines().collect(Collectors.joining("\n    ", "    ", "")),
            entries.stream().collect(Collectors.joining("\n      - ", "      - ", "")));
  }

  static List<String> entries(TestBackend... backends) {
    return Arrays.stream(backends).map(TestBackend::entry).toList();
  }

  int port() {
    return gateway.port("web");
  }

  int port(String listener) {
    return gateway.port(listener);
  }

  /** A client of an address of its own. */
  Client client() {
    clients++;
    return new Client(port(), "127.0.77." + clients);
  }

  /** A client of an address of its own with a session that a backend has. */
  Client sessionAt(String backend) throws IOException {
    for (int i = 0; i < 20; i++) {
      Client client = client();
      if (client.body().equals(backend)) {
        return client;
      }
    }
    throw new AssertionError("no session reaches " + backend);
  }

  Pool pool() {
    return gateway.pool("web");
  }

  /** How many connections of a backend are held. */
  int connections(String id) {
    return pool().snapshot().member(id).load().connections();
  }

  /** How many connections to backends were closed because of bytes beyond a response. */
  long surpluses() {
    return gateway.connector().surpluses(pool());
  }

  /** How many requests had no response in time. */
  long timeouts() {
    return gateway.connector().timeouts(pool());
  }

  Gateway gateway() {
    return gateway;
  }

  TestConsole console() {
    return console;
  }

  @Override
  public void close() {
    gateway.close();
  }
}
