package dev.limpet.examples.gateway.browser;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A gateway with two backends, and a browser that shows its console. */
final class Consoles implements AutoCloseable {
  private final List<PageBackend> backends;
  private final GatewayProcess gateway;
  private final Browser browser;
  private final Curl curl; // one for all calls: the port serves 256 connections

  private Consoles(List<PageBackend> backends, GatewayProcess gateway, Browser browser) {
    this.backends = backends;
    this.gateway = gateway;
    this.browser = browser;
    this.curl = new Curl(gateway.console());
  }

  /**
   * Starts everything. In the configuration, BACKENDS stands for the entries of web1 and web2. The
   * port for operators is added.
   *
   * @param options of the gateway's command line
   */
  static Consoles of(Path folder, String yaml, String... options) throws Exception {
    List<PageBackend> backends = List.of(PageBackend.start("web1"), PageBackend.start("web2"));
    try {
      GatewayProcess gateway = GatewayProcess.of(
          folder,
          "admin: {port: 0}\nstopTimeout: 0s\n" + yaml.replace("BACKENDS", entries(backends)),
          options);
      return new Consoles(backends, gateway, browser(gateway));
    } catch (Exception | AssertionError e) {
      backends.forEach(PageBackend::close);
      throw e;
    }
  }

  /** A configuration of one HTTP listener and its pool, both named web. */
  static String http(String profile, String listener, String pool) {
    return """
        profile: %s
        listeners:
          - {name: web, protocol: http, port: 0, pool: web%s}
        pools:
          - {name: web, backends: [BACKENDS]%s}
        """.formatted(profile, more(listener), more(pool));
  }

  /** A configuration of one TCP listener and its pool, both named db. */
  static String tcp(String profile, String pool) {
    return """
        profile: %s
        listeners:
          - {name: db, protocol: tcp, port: 0, pool: db}
        pools:
          - {name: db, backends: [BACKENDS]%s}
        """.formatted(profile, more(pool));
  }

  ConsolePage open() throws Exception {
    return page().open();
  }

  ConsolePage page() {
    return new ConsolePage(browser, gateway.console());
  }

  Browser browser() {
    return browser;
  }

  Curl curl() {
    return curl;
  }

  int port(String listener) {
    return gateway.port(listener);
  }

  String address(String listener) {
    return "http://127.0.0.1:" + port(listener) + '/';
  }

  @Override
  public void close() throws IOException {
    browser.close();
    gateway.close();
    backends.forEach(PageBackend::close);
  }

  private static Browser browser(GatewayProcess gateway) {
    try {
      return Browser.start();
    } catch (RuntimeException e) {
      gateway.close();
      throw e;
    }
  }

  private static String more(String settings) {
    return settings.isEmpty() ? "" : ", " + settings;
  }

  private static String entries(List<PageBackend> backends) {
    return backends.stream().map(PageBackend::entry).collect(Collectors.joining(", "));
  }
}
