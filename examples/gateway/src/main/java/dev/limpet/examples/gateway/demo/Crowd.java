package dev.limpet.examples.gateway.demo;

import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Users who take turns. */
record Crowd(List<User> users) {
  static final int REQUESTS_PER_CONNECTION = 4;

  void beginScene() {
    users.forEach(User::beginScene);
  }

  void login() throws InterruptedException {
    for (User user : users) {
      user.login();
    }
  }

  /** Lets each user send requests, first over the open connection, then over new ones. */
  void visit(int connections) throws InterruptedException {
    for (User user : users) {
      user.request(REQUESTS_PER_CONNECTION);
      for (int i = 1; i < connections; i++) {
        user.disconnect();
        user.request(REQUESTS_PER_CONNECTION);
      }
    }
  }

  void disconnect() {
    users.forEach(User::disconnect);
  }

  /** Returns the users whom a backend served last. */
  Crowd on(String backend) {
    return where(user -> user.backend().equals(backend));
  }

  Crowd notOn(String backend) {
    return where(user -> !user.backend().equals(backend));
  }

  private Crowd where(Predicate<User> condition) {
    return new Crowd(users.stream().filter(condition).toList());
  }

  boolean isEmpty() {
    return users.isEmpty();
  }

  int size() {
    return users.size();
  }

  int requests() {
    return users.stream().mapToInt(User::requests).sum();
  }

  int askedAgain() {
    return users.stream().mapToInt(User::askedAgain).sum();
  }

  int failures() {
    return users.stream().mapToInt(User::failures).sum();
  }

  /** Returns the numbers of backends that served each user. */
  IntSummaryStatistics backendsEach() {
    return users.stream().mapToInt(User::backends).summaryStatistics();
  }

  boolean each(Predicate<User> condition) {
    return users.stream().allMatch(condition);
  }

  boolean unbroken() {
    return failures() == 0;
  }

  /** Returns whether every user was served by one backend that knew them. */
  boolean undisturbed() {
    return unbroken() && askedAgain() == 0 && each(user -> user.backends() == 1);
  }

  /** Returns whether every user was served by the same backend as before the scene. */
  boolean stayed() {
    return undisturbed() && each(User::stayed);
  }

  Stream<String> troubles() {
    return users.stream().map(User::trouble).filter(Objects::nonNull);
  }
}
