package dev.limpet.examples.fleet;

import dev.limpet.examples.gateway.demo.Connection;
import dev.limpet.examples.gateway.demo.Connection.Answer;
import dev.limpet.examples.gateway.demo.GatewayProcess;
import java.io.IOException;

/** A user with one session, who sends requests to any gateway. For one thread at a time. */
final class Visitor {
  private final String name;
  private final Way way;
  private String home = "";

  Visitor(String name, Way way) {
    this.name = name;
    this.way = way;
  }

  /** Returns the backend where the session is. */
  String home() {
    return home;
  }

  /** Begins a session. */
  void login(GatewayProcess gateway) throws IOException, InterruptedException {
    try (Connection connection = way.to(gateway)) {
      home = connection.login(name).backend();
    }
  }

  /** Sends a request, without repeating it. */
  Visit visit(GatewayProcess gateway) throws InterruptedException {
    try (Connection connection = way.to(gateway)) {
      Answer answer = connection.whoami(name);
      return new Visit(name, gateway.name(), home, answer.backend(), answer.known(), false);
    } catch (IOException e) {
      return new Visit(name, gateway.name(), home, e.toString(), false, true);
    }
  }

  /** Opens a user's connection to a gateway. */
  @FunctionalInterface
  interface Way {
    Connection to(GatewayProcess gateway) throws IOException;
  }
}
