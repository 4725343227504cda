package dev.limpet.shared;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/**
 * Random calls about a few sessions. The times are chosen so that a difference of a minute never
 * decides whether a binding is due.
 */
final class ContractQuestions {
  private static final int KEYS = 3;
  private static final int VERSIONS = 4;
  private static final String[] NAMES = {"a", "b", "c"};
  private static final Duration T = BindingStoreContractScene.T;
  private static final Duration[] AGES = {Duration.ZERO, T.dividedBy(8), T.dividedBy(2), T};
  private static final Duration[] LIVES = {T.dividedBy(16), T.multipliedBy(3).dividedBy(4), T};

  private final Random random;
  private final Instant now;
  private final SharedBinding[] last = new SharedBinding[KEYS];

  ContractQuestions(Random random, Instant now) {
    this.random = random;
    this.now = now;
  }

  /** The kinds of calls. */
  private enum Kind {
    FIND,
    BIND,
    UNBIND
  }

  /** A call that can be made at several proxies. */
  record Asked(
      Kind kind, int number, SharedBinding expected, SharedBinding candidate, Duration age) {

    StoreAnswer of(ContractProxy proxy) throws Exception {
      long key = 1L + number;
      return switch (kind) {
        case FIND -> proxy.find(key);
        case BIND -> proxy.bind(key, expected, candidate, age);
        case UNBIND -> proxy.unbind(key, expected);
      };
    }
  }

  Asked next() {
    int number = random.nextInt(KEYS);
    SharedBinding expected = expected(last[number]);
    if (random.nextInt(4) == 0) {
      return new Asked(Kind.FIND, number, null, null, Duration.ZERO);
    }
    return (expected != null && random.nextInt(8) == 0)
        ? new Asked(Kind.UNBIND, number, expected, null, Duration.ZERO)
        : new Asked(Kind.BIND, number, expected, candidate(expected), age());
  }

  /** Remembers the binding that a store has. */
  void answered(Asked asked, StoreAnswer answer) {
    last[asked.number()] = answer.binding();
  }

  /** Returns the last answer in half of the cases, and otherwise any binding or none. */
  private SharedBinding expected(SharedBinding known) {
    return switch (random.nextInt(4)) {
      case 0, 1 -> known;
      case 2 -> binding();
      default -> null;
    };
  }

  private SharedBinding candidate(SharedBinding expected) {
    if (expected == null) {
      return binding();
    }
    return switch (random.nextInt(3)) {
      case 0 -> expected;
      case 1 -> SharedBinding.of(name(), expected.version() + 1, expected.end());
      default -> binding();
    };
  }

  private SharedBinding binding() {
    return SharedBinding.of(name(), 1 + random.nextInt(VERSIONS), end());
  }

  private String name() {
    return NAMES[random.nextInt(NAMES.length)];
  }

  /** Returns no end in most cases. */
  private long end() {
    return (random.nextInt(4) != 0)
        ? 0
        : now.plus(LIVES[random.nextInt(LIVES.length)]).getEpochSecond();
  }

  /** Returns an age of zero in most cases. */
  private Duration age() {
    return random.nextBoolean() ? Duration.ZERO : AGES[random.nextInt(AGES.length)];
  }
}
