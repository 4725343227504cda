package dev.limpet.examples.gateway.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A backend whose only page is its id. */
final class PageBackend implements AutoCloseable {
  private final String id;
  private final HttpServer server;

  private PageBackend(String id) throws IOException {
    this.id = id;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  static PageBackend start(String id) throws IOException {
    return new PageBackend(id);
  }

  /** The backend as an entry of a pool in the configuration. */
  String entry() {
    return "{id: " + id + ", address: \"" + address() + "\"}";
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** The icon is part of the page, so that a browser asks for nothing else. */
  private void answer(HttpExchange exchange) throws IOException {
    byte[] page = ("<!doctype html><html lang=en><title>" + id
            + "</title><link rel=icon href=data:,><body>" + id)
        .getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
    exchange.sendResponseHeaders(200, page.length);
    exchange.getResponseBody().write(page);
    exchange.close();
  }
}
