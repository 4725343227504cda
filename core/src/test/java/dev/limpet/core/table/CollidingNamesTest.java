package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Balancer;
import dev.limpet.core.Failover;
import dev.limpet.core.Pool;
import dev.limpet.core.Routing;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.WeightedLeastConnections;
import dev.limpet.core.WeightedRendezvous;
import dev.limpet.core.WeightedRoundRobin;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * NameTable that have one hash code. No clock tells here whether a pool of them takes time that
 * grows with their square: it does where they are in a map that has nothing but hash codes to tell
 * them apart. The others order colliding names, and look one up in as many steps as the logarithm
 * of their number.
 */
class CollidingNamesTest {
  private static final int BITS = 12;
  private static final Set<Class<?>> ORDER_COLLIDING_NAMES =
      Set.of(HashMap.class, LinkedHashMap.class, ConcurrentHashMap.class, TreeMap.class);

  private final List<Backend> backends =
      IntStream.range(0, 1 << BITS).mapToObj(i -> Routing.backend(colliding(i))).toList();

  @Test
  void names_areHeldByMapsOnlyThatOrderThoseOfOneHashCode() throws IllegalAccessException {
    Pool pool = roundRobin();
    assertOrdered(pool);
    pool.change(edit -> edit.weight(colliding(1), 2).drain(colliding(2)).down(colliding(3)));
    assertOrdered(pool);
  }

  @Test
  void names_areHeldSoByEveryBalancerAndWithASlowStart() throws IllegalAccessException {
    for (Balancer balancer : List.of(
        WeightedRoundRobin.chargingHits(),
        new WeightedLeastConnections(),
        new WeightedRendezvous())) {
      assertOrdered(Pool.builder("pool")
          .balancer(balancer)
          .backends(backends)
          .countConnections()
          .slowStart(Duration.ofMinutes(1))
          .build());
    }
  }

  @Test
  void names_areHeldSoByTables() throws IllegalAccessException {
    for (TableKind kind : TableKind.values()) {
      StickyTable table = kind.of(StickySession.custom(), 10_000, () -> 0);
      Pool pool = roundRobin();
      StickyRouter<String> router = Routing.router(pool, table, Failover.MOVE);
      Routing.requests(backends.size()).forEach(router::route);
      assertOrdered(router);
    }
  }

  private Pool roundRobin() {
    return Pool.builder("pool")
        .balancer(new WeightedRoundRobin())
        .backends(backends)
        .build();
  }

  private static void assertOrdered(Object owner) throws IllegalAccessException {
    List<Class<?>> kinds = new ArrayList<>();
    for (Map<?, ?> map : maps(owner)) {
      if (map.keySet().stream().anyMatch(String.class::isInstance)) {
        kinds.add(map.getClass());
      }
    }
    assertThat(kinds).isNotEmpty().isSubsetOf(ORDER_COLLIDING_NAMES);
  }

  /**
   * {@return the maps of more than a few keys that an object, and all that it has of ours, holds}
   */
  private static List<Map<?, ?>> maps(Object owner) throws IllegalAccessException {
    List<Map<?, ?>> maps = new ArrayList<>();
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Object> left = new ArrayDeque<>(List.of(owner));
    while (!left.isEmpty()) {
      Object next = left.pop();
      if (!seen.add(next)) {
        continue;
      }
      if (next instanceof Map<?, ?> map) {
        maps.add(map);
        left.addAll(map.values());
      } else if (next instanceof Collection<?> all) {
        left.addAll(all);
      } else if (next instanceof Object[] all) {
        Arrays.stream(all).filter(one -> one != null).forEach(left::push);
      } else {
        left.addAll(values(next));
      }
    }
    return maps.stream().filter(map -> map.size() > BITS).toList();
  }

  private static List<Object> values(Object owner) throws IllegalAccessException {
    List<Object> values = new ArrayList<>();
    for (Class<?> type = owner.getClass(); isOurs(type); type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
          field.setAccessible(true);
          Object value = field.get(owner);
          if (value != null) {
            values.add(value);
          }
        }
      }
    }
    return values;
  }

  private static boolean isOurs(Class<?> type) {
    return type.getName().startsWith("dev.limpet.");
  }

  /** {@return one of as many texts as there are numbers of some bits, all of one hash code} */
  private static String colliding(int number) {
    StringBuilder text = new StringBuilder();
    for (int bit = 0; bit < BITS; bit++) {
      text.append((number >> bit & 1) == 0 ? "Aa" : "BB");
    }
    return text.toString();
  }
}
