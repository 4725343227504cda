package dev.limpet.benchmarks;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Requests in the order of time, always the same for the same seed. Sessions begin independently of
 * each other, 20 per second. Most consist of a few requests and some of thousands (Zipf, exponent
 * 1.5, at most 5,000, 54 on average). The requests of a session come every 5 seconds on average.
 * For one thread.
 */
final class FairnessVisitors {
  private static final double SESSIONS_PER_SECOND = 20;
  private static final double SECONDS_BETWEEN_REQUESTS = 5;
  private static final double[] LENGTHS = zipf(5_000, 1.5);

  private final SplittableRandom random;
  private final double[] addresses;
  private final PriorityQueue<Visit> visits =
      new PriorityQueue<>(Comparator.comparingDouble(visit -> visit.at));
  private Visit current = new Visit(0, 1);
  private double nextArrival;
  private long sessions;

  /**
   * Makes visitors.
   *
   * @param addresses the number of addresses that they share (Zipf, exponent 1); 0 if each session
   *     has its own key
   */
  FairnessVisitors(long seed, int addresses) {
    this.random = new SplittableRandom(seed);
    this.addresses = zipf(addresses, 1);
  }

  /** Moves to the next request. */
  void next() {
    if (current.left > 1) {
      current.left--;
      current.at += exponential(SECONDS_BETWEEN_REQUESTS);
      visits.add(current);
    }
    while (visits.isEmpty() || nextArrival <= visits.element().at) {
      visits.add(arrival());
    }
    current = visits.remove();
  }

  /** {@return the time of the request, in seconds from the beginning} */
  double seconds() {
    return current.at;
  }

  /** {@return the number of the session, or of its address} */
  long key() {
    return current.key;
  }

  private Visit arrival() {
    sessions++;
    Visit visit =
        new Visit((addresses.length == 0) ? sessions : 1 + draw(addresses), 1 + draw(LENGTHS));
    visit.at = nextArrival;
    nextArrival += exponential(1 / SESSIONS_PER_SECOND);
    return visit;
  }

  private double exponential(double mean) {
    return -mean * Math.log(1 - random.nextDouble());
  }

  private int draw(double[] cumulative) {
    int found = Arrays.binarySearch(cumulative, random.nextDouble());
    return (found < 0) ? -found - 1 : found + 1;
  }

  /** {@return the cumulative probabilities of the numbers, without the last one} */
  private static double[] zipf(int numbers, double exponent) {
    double[] cumulative = new double[Math.max(numbers - 1, 0)];
    double sum = 0;
    for (int i = 0; i < numbers; i++) {
      sum += Math.pow(i + 1, -exponent);
      if (i < cumulative.length) {
        cumulative[i] = sum;
      }
    }
    for (int i = 0; i < cumulative.length; i++) {
      cumulative[i] /= sum;
    }
    return cumulative;
  }

  /** The next request of a session. */
  private static final class Visit {
    final long key;
    int left;
    double at;

    Visit(long key, int left) {
      this.key = key;
      this.left = left;
    }
  }
}
