package dev.limpet.core;

import static java.util.stream.Collectors.toSet;

import java.util.Set;

/** A pool of the backends a, b and c, each in a state of its own. */
record Scene(Stand a, Stand b, Stand c) {

  /** A backend's state; its new sessions and its own are as ARCHITECTURE, section 3, has them. */
  enum Stand {
    UP(true, true),
    DRAINING(false, true),
    WEIGHTLESS(false, true),
    DOWN(false, false),
    DRAINING_AND_DOWN(false, false),
    ABSENT(false, false);

    final boolean servesNew;
    final boolean servesBound;

    Stand(boolean servesNew, boolean servesBound) {
      this.servesNew = servesNew;
      this.servesBound = servesBound;
    }
  }

  static final Scene ALL_UP = new Scene(Stand.UP, Stand.UP, Stand.UP);

  Stand stand(String name) {
    return switch (name) {
      case "a" -> a;
      case "b" -> b;
      case "c" -> c;
      default -> Stand.ABSENT;
    };
  }

  Set<String> eligible() {
    return Set.of("a", "b", "c").stream().filter(name -> stand(name).servesNew).collect(toSet());
  }

  PoolSnapshot snapshot() {
    Pool pool =
        Pool.of("pool", Routing.backend("a", 3), Routing.backend("b", 2), Routing.backend("c"));
    return pool.change(edit -> {
      put(edit, "a", a);
      put(edit, "b", b);
      put(edit, "c", c);
    });
  }

  private static void put(PoolEdit edit, String id, Stand stand) {
    switch (stand) {
      case UP -> {}
      case DRAINING -> edit.drain(id);
      case WEIGHTLESS -> edit.weight(id, 0);
      case DOWN -> edit.down(id);
      case DRAINING_AND_DOWN -> edit.drain(id).down(id);
      case ABSENT -> edit.remove(id);
    }
  }
}
