package dev.limpet.examples.gateway.demo;

import dev.limpet.examples.gateway.demo.Connection.Answer;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A user of the login application, with their counters in the current scene. */
final class User {
  private static final int ATTEMPTS = 2;

  private final String name;
  private final Connection.Opener opener;
  private final Deadline deadline;
  private @Nullable Connection connection;

  private String backend = "";
  private String backendBefore = "";
  private final Set<String> backends = new LinkedHashSet<>();
  private int requests;
  private int askedAgain;
  private int failures;
  private @Nullable String trouble;

  User(String name, Connection.Opener opener, Deadline deadline) {
    this.name = name;
    this.opener = opener;
    this.deadline = deadline;
  }

  void beginScene() {
    backendBefore = backend;
    backends.clear();
    requests = 0;
    askedAgain = 0;
    failures = 0;
    trouble = null;
  }

  void login() throws InterruptedException {
    attempt(c -> c.login(name));
  }

  /** Sends requests, and logs in again when asked to. */
  void request(int times) throws InterruptedException {
    for (int i = 0; i < times; i++) {
      request();
    }
  }

  private void request() throws InterruptedException {
    requests++;
    Answer answer = attempt(c -> c.whoami(name));
    if (answer != null && !answer.known()) {
      askedAgain++;
      login();
    }
  }

  /** Makes the next request use a new connection. */
  void disconnect() {
    if (connection != null) {
      try {
        connection.close();
      } catch (IOException e) {
        trouble = name + ": " + e;
      }
      connection = null;
    }
  }

  private @Nullable Answer attempt(Action action) throws InterruptedException {
    for (int i = 0; i < ATTEMPTS && !deadline.passed(); i++) {
      try {
        return served(action.by(connection()));
      } catch (IOException e) {
        disconnect();
        failed(e.toString());
      }
    }
    if (deadline.passed()) {
      failed("the story takes too long");
    }
    return null;
  }

  private Connection connection() throws IOException {
    if (connection == null) {
      connection = opener.open();
    }
    return connection;
  }

  private Answer served(Answer answer) {
    backend = answer.backend();
    backends.add(backend);
    return answer;
  }

  private void failed(String why) {
    failures++;
    trouble = name + ": " + why;
  }

  /** Returns the backend that served the user last. */
  String backend() {
    return backend;
  }

  /** Returns whether, in this scene, only the backend served the user that did so before it. */
  boolean stayed() {
    return backends.equals(Set.of(backendBefore));
  }

  int backends() {
    return backends.size();
  }

  int requests() {
    return requests;
  }

  int askedAgain() {
    return askedAgain;
  }

  int failures() {
    return failures;
  }

  /** Returns the last failure, or null if there was none. */
  @Nullable
  String trouble() {
    return trouble;
  }

  private interface Action {
    Answer by(Connection connection) throws IOException, InterruptedException;
  }
}
