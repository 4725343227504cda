package dev.limpet.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.EngineFilter.includeEngines;

import dev.limpet.core.Environment;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Each of these stores breaks one promise, and {@link BindingStoreContract} says which. */
class BrokenStoresTest {

  /** {@link MapStore} fails nothing, so whatever a store fails here is by its one difference. */
  abstract static class Broken extends BindingStoreContract {
    private final Map<String, MapStore> pools = new HashMap<>();

    abstract MapStore newStore();

    @Override
    protected BindingStore newStore(String pool) {
      return pools.computeIfAbsent(pool, any -> newStore());
    }

    @Override
    protected boolean interrupt() {
      pools.values().forEach(MapStore::restart);
      return true;
    }

    @Override
    protected Duration patience() {
      return Duration.ofMillis(100);
    }
  }

  private static class Store extends MapStore {
    Store() {
      super(InstantSource.system());
    }
  }

  static class TellsNothing extends Broken {
    @Override
    MapStore newStore() {
      return new Store() {
        @Override
        void tell(long key, int version) {}
      };
    }
  }

  static class TellsThePreviousVersion extends Broken {
    @Override
    MapStore newStore() {
      return new Store() {
        @Override
        void tell(long key, int version) {
          super.tell(key, key == -1 ? version : version - 1);
        }
      };
    }
  }

  static class TellsTheLastListenerOnly extends Broken {
    @Override
    MapStore newStore() {
      return new Store() {
        private Listener last;

        @Override
        public Bindings open(Retention retention, Environment environment, Listener listener) {
          last = listener;
          return super.open(retention, environment, listener);
        }

        @Override
        void tell(long key, int version) {
          last.changed(key, version);
        }
      };
    }
  }

  static class SaysNothingOfAnInterruption extends Broken {
    @Override
    MapStore newStore() {
      return new Store() {
        @Override
        void restart() {}
      };
    }
  }

  static class RenewsNothing extends Broken {
    @Override
    MapStore newStore() {
      return new Store() {
        @Override
        Entry renewed(Entry now, Retention retention) {
          return now;
        }
      };
    }
  }

  static class RenewsEverything extends Broken {
    @Override
    MapStore newStore() {
      return new Store() {
        @Override
        Entry renewed(Entry now, Retention retention) {
          return (now == null)
              ? null
              : new Entry(now.binding(), until(now.binding(), retention.millis()));
        }
      };
    }
  }

  static class ForgetsTheEnd extends Broken {
    @Override
    MapStore newStore() {
      return new Store() {
        @Override
        long cap(SharedBinding binding) {
          return Long.MAX_VALUE;
        }
      };
    }
  }

  static class ForgetsTheAge extends Broken {
    @Override
    MapStore newStore() {
      return new Store() {
        @Override
        public Bindings open(Retention retention, Environment environment, Listener listener) {
          return new Ageless(super.open(retention, environment, listener));
        }
      };
    }
  }

  private record Ageless(BindingStore.Bindings bindings) implements BindingStore.Bindings {
    @Override
    public CompletionStage<StoreAnswer> find(long key) {
      return bindings.find(key);
    }

    @Override
    public CompletionStage<StoreAnswer> bind(
        long key, SharedBinding expected, SharedBinding candidate, Duration age) {
      return bindings.bind(key, expected, candidate);
    }

    @Override
    public CompletionStage<StoreAnswer> unbind(long key, SharedBinding expected) {
      return bindings.unbind(key, expected);
    }
  }

  static class ComparesNamesOnly extends Broken {
    @Override
    MapStore newStore() {
      return new Store() {
        @Override
        boolean isSame(SharedBinding one, SharedBinding other) {
          return one.name().equals(other.name());
        }
      };
    }
  }

  static class ComparesVersionsAsText extends Broken {
    @Override
    MapStore newStore() {
      return new Store() {
        @Override
        boolean isOlder(SharedBinding one, SharedBinding other) {
          return String.valueOf(one.version()).compareTo(String.valueOf(other.version())) < 0;
        }
      };
    }
  }

  static class ComparesTheFirst255Characters extends Broken {
    @Override
    MapStore newStore() {
      return new Store() {
        @Override
        boolean isSame(SharedBinding one, SharedBinding other) {
          return super.isSame(cut(one), cut(other));
        }

        private SharedBinding cut(SharedBinding binding) {
          String name = binding.name();
          int length = Math.min(name.length(), 255);
          return SharedBinding.of(name.substring(0, length), binding.version(), binding.end());
        }
      };
    }
  }

  static class LetsAnyoneMoveASession extends Broken {
    @Override
    MapStore newStore() {
      return new Store() {
        @Override
        boolean isOlder(SharedBinding one, SharedBinding other) {
          return !isSame(one, other);
        }
      };
    }
  }

  /** All racers have looked before one of them writes. */
  static class WritesWithoutComparing extends Broken {
    private final CyclicBarrier looked = new CyclicBarrier(BindingStoreContract.RACERS);

    @Override
    MapStore newStore() {
      return new Store() {
        @Override
        boolean swap(long key, Entry before, Entry after) {
          if (after == null || !after.binding().name().startsWith("racer")) {
            return super.swap(key, before, after);
          }
          awaitAll(looked);
          entries.put(key, after);
          return true;
        }
      };
    }

    private static void awaitAll(CyclicBarrier barrier) {
      try {
        barrier.await(Wait.LONG.toSeconds(), TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static class BreaksNothing extends Broken {
    @Override
    MapStore newStore() {
      return new Store();
    }
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        arguments(TellsNothing.class, "replacedAndRemovedBindingsAreTold_toOthersAndToTheWriter"),
        arguments(TellsThePreviousVersion.class, "tablesOfOneStoreHearEachOther"),
        arguments(TellsTheLastListenerOnly.class, "tablesOfOneStoreHearEachOther"),
        arguments(
            SaysNothingOfAnInterruption.class,
            "afterAnInterruption_allProxiesKnowOfIt_andHearEachOtherAgain"),
        arguments(RenewsNothing.class, "aFindRenewsWhatIsDue_andNothingElse"),
        arguments(RenewsEverything.class, "aFindRenewsWhatIsDue_andNothingElse"),
        arguments(ForgetsTheEnd.class, "theEndOfASession_capsTheTime"),
        arguments(ForgetsTheAge.class, "aSessionThatWasUsedSomeTimeAgo_isKeptFromThatUseOn"),
        arguments(ComparesNamesOnly.class, "versionsAreComparedAsNumbers"),
        arguments(ComparesVersionsAsText.class, "versionsAreComparedAsNumbers"),
        arguments(
            ComparesTheFirst255Characters.class,
            "namesThatDifferInTheirLastCharacter_areDifferent"),
        arguments(LetsAnyoneMoveASession.class, "move_isHeldByABindingThatIsNewerThanExpected"),
        arguments(WritesWithoutComparing.class, "ofMovesAtTheSameTime_oneIsStored"));
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("broken")
  void storeThatBreaksAPromise_failsTheTestOfIt(Class<? extends Broken> contract, String test) {
    assertThat(failures(contract)).contains(test);
  }

  @Test
  void storeThatBreaksNothing_failsNothing() {
    assertThat(failures(BreaksNothing.class)).isEmpty();
  }

  private static List<String> failures(Class<?> contract) {
    LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
        .selectors(selectClass(contract))
        .filters(includeEngines("junit-jupiter"))
        .build();
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, listener);
    return listener.getSummary().getFailures().stream()
        .flatMap(failure -> failure.getTestIdentifier().getSource().stream())
        .map(BrokenStoresTest::method)
        .distinct()
        .toList();
  }

  private static String method(TestSource source) {
    return ((org.junit.platform.engine.support.descriptor.MethodSource) source).getMethodName();
  }
}
