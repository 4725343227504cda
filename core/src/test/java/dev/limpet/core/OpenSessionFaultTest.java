package dev.limpet.core;

import static dev.limpet.core.OpenSessions.ALICE;
import static dev.limpet.core.OpenSessions.LONG;
import static dev.limpet.core.OpenSessions.SLIDING;
import static dev.limpet.core.Routing.backend;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.StickyTableRaceContract.ManualClock;
import dev.limpet.core.table.TableKind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables and extractors that throw while a route is opened or closed. */
class OpenSessionFaultTest {
  private static final String BROKEN = "broken";
  private static final StickySession AGING = SLIDING.withMaxDuration(Duration.ofHours(8));

  private final ManualClock clock = new ManualClock(0);
  private final Environment environment = Routing.ENVIRONMENT.withClock(clock);
  private final Pool pool = Pool.builder("pool")
      .backends(List.of(backend("a"), backend("b"), backend("c")))
      .environment(environment)
      .countConnections()
      .build();

  private int calls;
  private int broken;
  private boolean failed;

  /** What a request does, all of whose routes are closed at its end. */
  enum Visit {
    NEW_SESSION {
      @Override
      void run(OpenSessionFaultTest test, StickyRouter<String> router) {
        test.close(router.route("new"));
      }
    },
    KNOWN_SESSION {
      @Override
      void run(OpenSessionFaultTest test, StickyRouter<String> router) {
        test.close(router.route(ALICE));
      }
    },
    KNOWN_SESSION_ASYNC {
      @Override
      void run(OpenSessionFaultTest test, StickyRouter<String> router) {
        test.close(router.routeAsync(ALICE).toCompletableFuture().join());
      }
    },
    OPEN_SESSION {
      @Override
      void run(OpenSessionFaultTest test, StickyRouter<String> router) {
        try (Route open = router.route(ALICE)) {
          test.clock.advance(LONG);
          test.close(router.route(ALICE));
          assertThat(open.backend()).isNotNull();
        }
      }
    },
    REROUTE {
      @Override
      void run(OpenSessionFaultTest test, StickyRouter<String> router) {
        Route failed = router.route(ALICE);
        try {
          test.close(router.reroute(ALICE, failed));
        } finally {
          test.close(failed);
        }
      }
    },
    REROUTE_ASYNC {
      @Override
      void run(OpenSessionFaultTest test, StickyRouter<String> router) {
        Route failed = router.route(ALICE);
        try {
          test.close(router.rerouteAsync(ALICE, failed).toCompletableFuture().join());
        } finally {
          test.close(failed);
        }
      }
    };

    abstract void run(OpenSessionFaultTest test, StickyRouter<String> router);
  }

  @ParameterizedTest
  @EnumSource(Visit.class)
  void whicheverCallThrows_noConnectionIsLost(Visit visit) {
    StickyTable table = TableKind.COMPACT.of(AGING, 100, clock);
    StickyRouter<String> router = StickyRouter.of(pool, affinity(throwing(table)));
    int throwsAt = 0;
    do {
      broken = 0;
      router.route(ALICE).close();
      calls = 0;
      failed = false;
      broken = ++throwsAt;
      try {
        visit.run(this, router);
      } catch (IllegalStateException | CompletionException thrown) {
        assertThat(thrown).hasStackTraceContaining(BROKEN);
      }
      assertThat(held()).as("call %d", throwsAt).isZero();
      assertThat(pool.heldRoutes().size()).as("call %d", throwsAt).isZero();
    } while (failed);
    assertThat(throwsAt).as("calls that threw").isGreaterThan(3);
  }

  @Test
  void aTableThatThrowsAtTheClose_givesTheConnectionBackAndThrows() {
    StickyTable table = new ForwardingTable(TableKind.COMPACT.of(SLIDING, 100, clock)) {
      @Override
      public Bound renew(long key, String name, Duration age) {
        throw new IllegalStateException(BROKEN);
      }
    };
    StickyRouter<String> router = StickyRouter.of(pool, affinity(table));
    Route open = router.route(ALICE);
    clock.advance(LONG);

    assertThatIllegalStateException().isThrownBy(open::close).withMessage(BROKEN);

    assertThat(held()).isZero();
    assertThat(pool.heldRoutes().size()).isZero();
    open.close();
    assertThat(held()).as("closed once").isZero();
  }

  /** Closes a route, again if its close throws. */
  private void close(Route route) {
    try {
      route.close();
    } finally {
      route.close();
    }
  }

  private KeyAffinity<String> affinity(StickyTable table) {
    KeyExtractor<String> extractor = (request, hasher) -> {
      call();
      return hasher.string(request);
    };
    return KeyAffinity.<String>builder(extractor)
        .environment(environment)
        .session(AGING)
        .table((declared, unused) -> table)
        .build();
  }

  @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself
  private StickyTable throwing(StickyTable table) {
    return (StickyTable) Proxy.newProxyInstance(
        StickyTable.class.getClassLoader(),
        new Class<?>[] {StickyTable.class},
        (proxy, method, arguments) -> {
          if (method.getDeclaringClass() != StickyTable.class) {
            return (arguments == null) ? System.identityHashCode(proxy) : proxy == arguments[0];
          }
          call();
          try {
            return method.invoke(table, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  private void call() {
    if (++calls == broken) {
      failed = true;
      throw new IllegalStateException(BROKEN);
    }
  }

  private int held() {
    return pool.snapshot().members().stream()
        .mapToInt(member -> member.load().connections())
        .sum();
  }
}
