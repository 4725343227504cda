package dev.limpet.examples.fleet;

import dev.limpet.examples.gateway.demo.GatewayProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/**
 * Users who send requests at the same time.
 *
 * @param visitors the users
 * @param threads the threads of the users
 */
record Crowd(List<Visitor> visitors, ExecutorService threads) {

  Crowd {
    visitors = List.copyOf(visitors);
  }

  Crowd where(Predicate<Visitor> condition) {
    return new Crowd(visitors.stream().filter(condition).toList(), threads);
  }

  /** Lets each user log in at any gateway. */
  void login(List<GatewayProcess> gateways) throws IOException, InterruptedException {
    each(visitor -> {
      visitor.login(shuffled(gateways).get(0));
      return List.of();
    });
  }

  /**
   * Lets each user send requests to changing gateways: to all of them, to random ones, and to all
   * of them again.
   */
  Visits hop(List<GatewayProcess> gateways, int rounds) throws IOException, InterruptedException {
    return each(visitor -> {
      List<Visit> visits = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        for (GatewayProcess gateway : shuffled(gateways)) {
          visits.add(visitor.visit(gateway));
        }
      }
      return visits;
    });
  }

  private static List<GatewayProcess> shuffled(List<GatewayProcess> gateways) {
    List<GatewayProcess> order = new ArrayList<>(gateways);
    Collections.shuffle(order);
    return order;
  }

  private Visits each(Errand errand) throws IOException, InterruptedException {
    List<Callable<List<Visit>>> errands = visitors.stream()
        .map(visitor -> (Callable<List<Visit>>) () -> errand.run(visitor))
        .toList();
    List<Visit> visits = new ArrayList<>();
    for (Future<List<Visit>> done : threads.invokeAll(errands)) {
      try {
        visits.addAll(done.get());
      } catch (ExecutionException e) {
        throw new IOException(e.getCause());
      }
    }
    return new Visits(visits);
  }

  /** An action of a user. */
  @FunctionalInterface
  private interface Errand {
    List<Visit> run(Visitor visitor) throws IOException, InterruptedException;
  }
}
