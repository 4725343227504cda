package dev.limpet.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.EngineFilter.includeEngines;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Each of these proxies takes one wrong step, and {@link StickyStory} says which. */
class BrokenProxiesTest {
  private static Starter tested;

  interface Starter {
    StoryProxy start(Pool pool, StickySession session) throws IOException;
  }

  private interface Maker {
    RawProxy make(Pool pool, StickySession session) throws IOException;
  }

  /** Runs the story on one of them. */
  static class TestedProxy extends StickyStory {
    @Override
    protected StoryProxy start(List<Backend> backends, StickySession session) throws IOException {
      Pool pool = Pool.builder("story").backends(backends).countConnections().build();
      return tested.start(pool, session);
    }

    @Override
    protected Duration patience() {
      return Duration.ofMillis(400);
    }
  }

  /** {@link RawProxy} fails nothing, so whatever a proxy fails here is by its one difference. */
  static Stream<Arguments> broken() {
    return Stream.of(
        broken(
            "strips no cookie",
            Set.of(
                "lbCookie_isKeptFromTheBackend",
                "webSocketOfASession_reachesItsBackendAndHoldsARoute"),
            (pool, session) -> new RawProxy(pool, session) {
              @Override
              Map<String, List<String>> fieldsToBackend(RawMessage request) {
                return Map.of();
              }
            }),
        broken(
            "strips all cookies",
            Set.of("lbCookie_isKeptFromTheBackend", "appCookie_passesBothWaysUntouched"),
            (pool, session) -> new RawProxy(pool, session) {
              @Override
              Map<String, List<String>> fieldsToBackend(RawMessage request) {
                return Map.of("Cookie", List.of());
              }
            }),
        broken(
            "keeps no session",
            Set.of(
                "firstResponse_setsTheLbCookie",
                "lbCookieSessions_stick_askedInRandomOrder",
                "appCookieSessions_areLearnedAndStick_askedInRandomOrder",
                "post_arrivesWholeAndSticks",
                "drain_keepsSessionsAndTakesNoNewOnes"),
            (pool, session) -> new RawProxy(pool, session) {
              @Override
              Route route(RawMessage request) {
                return router().routeUnbound(request);
              }
            }),
        broken(
            "joins Set-Cookie lines",
            Set.of("applicationsCookies_passUntouched"),
            (pool, session) -> new RawProxy(pool, session, new ProxiedResponse.Access() {
              @Override
              public void setFields(ProxiedResponse response, String name, List<String> values) {
                super.setFields(response, name, List.of(String.join(", ", values)));
              }
            })),
        broken(
            "loses the application's cookies",
            Set.of("applicationsCookies_passUntouched"),
            (pool, session) -> new RawProxy(pool, session, new ProxiedResponse.Access() {
              @Override
              public List<String> fields(ProxiedResponse response, String name) {
                return List.of();
              }
            })),
        broken(
            "has no response phase",
            Set.of(
                "firstResponse_setsTheLbCookie",
                "appCookieSessions_areLearnedAndStick_askedInRandomOrder",
                "webSocketWithoutACookie_beginsASession"),
            (pool, session) -> new RawProxy(pool, session) {
              @Override
              void onResponse(RawMessage request, Route route, ProxiedResponse response) {}
            }),
        broken(
            "shows the router no log-out",
            Set.of("logOut_isUnlearned"),
            (pool, session) -> new RawProxy(pool, session) {
              @Override
              void onResponse(RawMessage request, Route route, ProxiedResponse response) {
                if (!response.head().contains("Max-Age=0")) {
                  super.onResponse(request, route, response);
                }
              }
            }),
        broken(
            "closes no route",
            Set.of("firstResponse_setsTheLbCookie", "noBackendLeft_is503AndTheSessionIsKept"),
            (pool, session) -> new RawProxy(pool, session) {
              @Override
              void close(Route route) {}
            }),
        broken(
            "closes a route before its response",
            Set.of(
                "requestsOfOneConnection_closeTheirRoutesOneByOne",
                "webSocketOfASession_reachesItsBackendAndHoldsARoute"),
            (pool, session) -> new RawProxy(pool, session) {
              @Override
              Route route(RawMessage request) {
                Route route = super.route(request);
                route.close();
                return route;
              }
            }),
        broken(
            "closes the route of a WebSocket with its handshake",
            Set.of(
                "webSocketOfASession_reachesItsBackendAndHoldsARoute",
                "webSocketWithoutACookie_beginsASession",
                "webSocketToAKilledBackend_goesElsewhere"),
            (pool, session) -> new RawProxy(pool, session) {
              @Override
              void onHandshake(Route route) {
                route.close();
              }
            }),
        broken(
            "does not see that a client left",
            Set.of(
                "clientThatGivesUpBeforeAResponse_closesItsRoute",
                "webSocketThatIsGivenUp_closesItsRoute"),
            (pool, session) -> new RawProxy(pool, session) {
              @Override
              void closeWithClient(ClientReader client, Socket backend) {}
            }),
        broken(
            "gives up after one backend",
            Set.of(
                "failoverOfAGet_setsAFreshCookieAndStaysWhereItMoved",
                "failoverOfAPost_takesItsBodyAlong",
                "backendThatAnswersNoSyn_isLeftForAnother",
                "appCookieSession_movesWhenItsBackendIsKilled_andStaysThere",
                "webSocketToAKilledBackend_goesElsewhere"),
            (pool, session) -> new RawProxy(pool, session) {
              @Override
              boolean failsOver() {
                return false;
              }
            }),
        broken(
            "sends the next backend an empty body",
            Set.of(
                "failoverOfAPost_takesItsBodyAlong",
                "backendThatAnswersNoSyn_isLeftForAnother",
                "appCookieSession_movesWhenItsBackendIsKilled_andStaysThere"),
            (pool, session) -> new RawProxy(pool, session) {
              @Override
              byte[] bodyToBackend(RawMessage request, Route route) {
                byte[] body = super.bodyToBackend(request, route);
                return (route.failed() == null) ? body : new byte[body.length];
              }
            }),
        broken(
            "sets no fresh cookie after a failover",
            Set.of("failoverOfAGet_setsAFreshCookieAndStaysWhereItMoved"),
            (pool, session) -> new RawProxy(pool, session) {
              @Override
              void onResponse(RawMessage request, Route route, ProxiedResponse response) {
                if (route.failed() == null) {
                  super.onResponse(request, route, response);
                }
              }
            }),
        broken(
            "waits too long for a connect",
            Set.of(
                "backendThatAnswersNoSyn_isLeftForAnother",
                "clientThatGivesUpWhileItsBackendIsConnectedTo_leavesNoRoute"),
            (pool, session) -> new RawProxy(pool, session) {
              @Override
              int connectMillis() {
                return 900;
              }
            }),
        broken(
            "answers 502 if no backend is left",
            Set.of("noBackendLeft_is503AndTheSessionIsKept"),
            (pool, session) -> new RawProxy(pool, session) {
              @Override
              String noBackend() {
                return "502 Bad Gateway";
              }
            }),
        broken(
            "completes a response that was cut off",
            Set.of("backendKilledDuringAResponse_cutsItOffAndItsSessionMoves"),
            (pool, session) -> new RawProxy(pool, session) {
              @Override
              void relay(InputStream from, OutputStream to, int length) throws IOException {
                try {
                  super.relay(from, to, length);
                } catch (EOFException cutOff) {
                  to.write(new byte[length]);
                }
              }
            }),
        arguments(
            "removes a backend instead of draining it",
            Set.of("drain_keepsSessionsAndTakesNoNewOnes"),
            drains((pool, id) -> pool.change(edit -> edit.remove(id)))),
        arguments(
            "drains nothing",
            Set.of("drain_keepsSessionsAndTakesNoNewOnes"),
            drains((pool, id) -> {})));
  }

  @Tag("slow")
  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void proxyThatTakesAWrongStep_failsTheTestsOfIt(String name, Set<String> tests, Starter starter) {
    assertThat(failures(starter, tests)).as(name).isEqualTo(new TreeSet<>(tests));
  }

  private static Set<String> failures(Starter starter, Set<String> tests) {
    tested = starter;
    LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
        .selectors(selectClass(TestedProxy.class))
        .filters(includeEngines("junit-jupiter"), only(tests))
        .build();
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, listener);
    return listener.getSummary().getFailures().stream()
        .flatMap(failure -> method(failure.getTestIdentifier().getSource()).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static PostDiscoveryFilter only(Set<String> tests) {
    return (TestDescriptor test) ->
        FilterResult.includedIf(method(test.getSource()).map(tests::contains).orElse(true));
  }

  private static Optional<String> method(Optional<TestSource> source) {
    return source
        .filter(org.junit.platform.engine.support.descriptor.MethodSource.class::isInstance)
        .map(org.junit.platform.engine.support.descriptor.MethodSource.class::cast)
        .map(org.junit.platform.engine.support.descriptor.MethodSource::getMethodName);
  }

  private static Arguments broken(String name, Set<String> tests, Maker maker) {
    return arguments(name, tests, (Starter) (pool, session) -> {
      RawProxy proxy = maker.make(pool, session);
      return StoryProxy.of(pool, proxy.port(), proxy);
    });
  }

  private interface Drain {
    void of(Pool pool, String id);
  }

  private static Starter drains(Drain drain) {
    return (pool, session) -> {
      RawProxy proxy = new RawProxy(pool, session);
      StoryProxy right = StoryProxy.of(pool, proxy.port(), proxy);
      return new StoryProxy() {
        @Override
        public int port() {
          return right.port();
        }

        @Override
        public void drain(String id) {
          drain.of(pool, id);
        }

        @Override
        public int openRoutes() {
          return right.openRoutes();
        }

        @Override
        public void close() throws Exception {
          right.close();
        }
      };
    };
  }
}
