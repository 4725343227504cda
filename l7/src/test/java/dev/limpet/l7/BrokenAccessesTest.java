package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.EngineFilter.includeEngines;

import dev.limpet.l7.MapAccess.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
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
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Each of these accesses breaks one promise, and {@link HttpAccessContract} says which. */
class BrokenAccessesTest {
  private static MapAccess tested;

  /** Runs the contract on one of them. */
  static class TestedAccess extends HttpAccessContract<Message, Message> {
    @Override
    protected HttpAccess<Message, Message> access() {
      return tested;
    }

    @Override
    protected Message newRequest(List<Field> fields) {
      Message request = new Message();
      fields.forEach(field -> request.add(field.name(), field.value()));
      return request;
    }

    @Override
    protected Message newResponse(int status, List<Field> fields) {
      Message response = newRequest(fields);
      response.status = status;
      return response;
    }

    @Override
    protected Message newResponseWithoutStatus() {
      return new Message();
    }

    @Override
    protected Message newRequestTo(String target) {
      Message request = new Message();
      request.target = target;
      return request;
    }

    @Override
    protected Message newRequestOverTls(boolean overTls) {
      Message request = new Message();
      request.overTls = overTls;
      return request;
    }
  }

  /** {@link MapAccess} fails nothing, so whatever an access fails here is by its one difference. */
  static Stream<Arguments> broken() {
    return Stream.of(
        arguments(
            "joins cookies",
            "requestFields_areOneForEachLine_inOrder",
            readsCookies(lines -> List.of(String.join("; ", lines)))),
        arguments(
            "splits cookies at commas",
            "requestFields_areAsReceived",
            readsCookies(lines -> split(lines, ", "))),
        arguments(
            "splits cookies at semicolons",
            "requestFields_areOneForEachLine_inOrder",
            readsCookies(lines -> split(lines, "; "))),
        arguments(
            "drops the second cookie line",
            "requestFields_areOneForEachLine_inOrder",
            readsCookies(lines -> lines.subList(0, 1))),
        arguments(
            "sorts cookie lines",
            "requestFields_areOneForEachLine_inOrder",
            readsCookies(lines -> lines.stream().sorted().toList())),
        arguments(
            "drops equal cookie lines",
            "requestFields_ofEqualLines_areAllOfThem",
            readsCookies(lines -> lines.stream().distinct().toList())),
        arguments(
            "returns null for cookies",
            "requestFields_areOneForEachLine_inOrder",
            readsCookies(lines -> null)),
        arguments(
            "reads cookies case sensitively",
            "requestFields_areFoundByANameInAnyCase",
            new MapAccess() {
              @Override
              public List<String> requestFields(Message request, String name) {
                return Map.copyOf(request.fields).get(name);
              }
            }),
        arguments(
            "finds cookies by the end of a name",
            "requestFields_thatAreAbsent_areEmptyOrNull",
            new MapAccess() {
              @Override
              public List<String> requestFields(Message request, String name) {
                List<String> found = super.requestFields(request, name);
                return (found != null) ? found : super.requestFields(request, "X-" + name);
              }
            }),
        arguments(
            "reads the first request again",
            "requestFields_areThoseOfTheirRequest",
            new MapAccess() {
              private Message first;

              @Override
              public List<String> requestFields(Message request, String name) {
                first =
                    (first == null || super.requestFields(first, name) == null) ? request : first;
                return super.requestFields(first, name);
              }
            }),
        arguments("forgets the query", "target_isThePathAndTheQueryAsReceived", new MapAccess() {
          @Override
          public String target(Message request) {
            return request.target.split("\\?", 2)[0];
          }
        }),
        arguments("knows no tls", "isSecure_tellsWhetherARequestCameOverTls", new MapAccess() {
          @Override
          public boolean isSecure(Message request) {
            return false;
          }
        }),
        arguments(
            "knows the class of a status only", "status_isThatOfTheResponse", new MapAccess() {
              @Override
              public int status(Message response) {
                return super.status(response) / 100 * 100;
              }
            }),
        arguments(
            "throws where there is no status",
            "status_thatIsNotSetYet_isThatOfTheDefault",
            new MapAccess() {
              @Override
              public int status(Message response) {
                return response.status;
              }
            }),
        arguments(
            "says minus one for no status",
            "status_thatIsNotSetYet_isThatOfTheDefault",
            new MapAccess() {
              @Override
              public int status(Message response) {
                return (response.status == null) ? -1 : response.status;
              }
            }),
        arguments(
            "joins what is read",
            "fields_areOneForEachLine_inOrder",
            reads(lines -> List.of(String.join(",", lines)))),
        arguments(
            "drops the second line",
            "fields_areOneForEachLine_inOrder",
            reads(lines -> lines.subList(0, 1))),
        arguments("returns null", "fields_areOneForEachLine_inOrder", reads(lines -> null)),
        arguments(
            "sorts lines",
            "fields_areOneForEachLine_inOrder",
            reads(lines -> lines.stream().sorted().toList())),
        arguments("reads case sensitively", "fields_areFoundByANameInAnyCase", new MapAccess() {
          @Override
          public List<String> fields(Message response, String name) {
            return Map.copyOf(response.fields).get(name);
          }
        }),
        arguments(
            "finds fields by the beginning of a name",
            "fields_thatAreAbsent_areEmptyOrNull",
            new MapAccess() {
              @Override
              public List<String> fields(Message response, String name) {
                List<String> found = super.fields(response, name);
                return (found != null) ? found : super.fields(response, name + "2");
              }
            }),
        // As HttpFields.Mutable.put(name, list) of Jetty does.
        arguments(
            "joins what is set",
            "setCookieLines_areNeverJoined",
            sets((access, response, name, lines) ->
                access.set(response, name, List.of(String.join(", ", lines))))),
        arguments(
            "sets the last line",
            "setCookieLines_areNeverJoined",
            sets((access, response, name, lines) ->
                access.set(response, name, lines.subList(lines.size() - 1, lines.size())))),
        arguments(
            "sets what is there only",
            "setFields_addsAFieldThatIsAbsent",
            sets((access, response, name, lines) -> {
              if (access.fields(response, name) != null) {
                access.set(response, name, lines);
              }
            })),
        arguments(
            "sets in reverse",
            "setFields_replacesAllLinesOfANameInAnyCase",
            sets((access, response, name, lines) -> {
              List<String> reversed = new ArrayList<>(lines);
              Collections.reverse(reversed);
              access.set(response, name, reversed);
            })),
        arguments(
            "sets case sensitively",
            "setFields_replacesAllLinesOfANameInAnyCase",
            sets((access, response, name, lines) -> {
              if (Map.copyOf(response.fields).containsKey(name)) {
                access.set(response, name, lines);
              } else {
                lines.forEach(line -> response.add(name, line));
              }
            })),
        arguments(
            "adds instead of replacing",
            "setFields_replacesAllLinesOfANameInAnyCase",
            sets((access, response, name, lines) ->
                lines.forEach(line -> response.add(name, line)))),
        arguments(
            "drops equal lines",
            "setFields_keepsEqualLines",
            sets((access, response, name, lines) ->
                access.set(response, name, lines.stream().distinct().toList()))),
        arguments(
            "keeps what is removed",
            "setFields_ofNothing_removesTheField",
            removes((response, name) -> {})),
        arguments(
            "leaves an empty line",
            "setFields_ofNothing_removesTheField",
            removes((response, name) -> response.fields.put(name, List.of("")))),
        arguments(
            "removes only what is there",
            "setFields_ofNothingWhereThereIsNothing_changesNothing",
            removes((response, name) -> response.fields.remove(name).clear())),
        arguments(
            "forgets other fields",
            "setFields_leavesOtherFieldsAndTheStatusAlone",
            sets((access, response, name, lines) -> {
              response.fields.clear();
              access.set(response, name, lines);
            })),
        arguments(
            "resets the status",
            "setFields_leavesOtherFieldsAndTheStatusAlone",
            sets((access, response, name, lines) -> {
              response.status = 200;
              access.set(response, name, lines);
            })),
        arguments(
            "reads what was set last", "setFields_leavesOtherResponsesAlone", new MapAccess() {
              private Message last;

              @Override
              public List<String> fields(Message response, String name) {
                return super.fields((last == null) ? response : last, name);
              }

              @Override
              public void setFields(Message response, String name, List<String> lines) {
                last = response;
                super.setFields(response, name, lines);
              }
            }),
        // As HeaderMap of Undertow would, whose list of values is cleared and filled again.
        arguments(
            "returns a view",
            "listThatWasRead_isNotChangedByALaterSetFields",
            sets((access, response, name, lines) -> {
              List<String> copy = List.copyOf(lines);
              List<String> held = response.fields.computeIfAbsent(name, any -> new ArrayList<>());
              held.clear();
              held.addAll(copy);
            })),
        arguments(
            "clears what it is to set",
            "listThatWasRead_canBeSet",
            sets((access, response, name, lines) -> {
              List<String> held = response.fields.computeIfAbsent(name, any -> new ArrayList<>());
              held.clear();
              held.addAll(lines);
            })));
  }

  @Tag("slow")
  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void accessThatBreaksAPromise_failsTheTestOfIt(String name, String test, MapAccess access) {
    assertThat(failures(run(access))).as(name).contains(test);
  }

  @Test
  void accessThatBreaksNothing_failsAndSkipsNothing() {
    TestExecutionSummary summary = run(new MapAccess());

    assertThat(failures(summary)).isEmpty();
    assertThat(summary.getTestsAbortedCount()).isZero();
    assertThat(summary.getTestsSucceededCount()).isGreaterThan(20);
  }

  private static TestExecutionSummary run(MapAccess access) {
    tested = access;
    LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
        .selectors(selectClass(TestedAccess.class))
        .filters(includeEngines("junit-jupiter"))
        .build();
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, listener);
    return listener.getSummary();
  }

  private static List<String> failures(TestExecutionSummary summary) {
    return summary.getFailures().stream()
        .flatMap(failure -> failure.getTestIdentifier().getSource().stream())
        .map(BrokenAccessesTest::method)
        .distinct()
        .toList();
  }

  private static String method(TestSource source) {
    return ((org.junit.platform.engine.support.descriptor.MethodSource) source).getMethodName();
  }

  private static MapAccess readsCookies(UnaryOperator<List<String>> reading) {
    return new MapAccess() {
      @Override
      public List<String> requestFields(Message request, String name) {
        List<String> lines = super.requestFields(request, name);
        return (lines == null) ? null : reading.apply(lines);
      }
    };
  }

  private static MapAccess reads(UnaryOperator<List<String>> reading) {
    return new MapAccess() {
      @Override
      public List<String> fields(Message response, String name) {
        List<String> lines = super.fields(response, name);
        return (lines == null) ? null : reading.apply(lines);
      }
    };
  }

  private static MapAccess sets(Setting setting) {
    return new MapAccess() {
      @Override
      public void setFields(Message response, String name, List<String> lines) {
        if (lines.isEmpty()) {
          remove(response, name);
        } else {
          setting.set(this, response, name, lines);
        }
      }
    };
  }

  private static MapAccess removes(Removal removal) {
    return new MapAccess() {
      @Override
      void remove(Message response, String name) {
        removal.remove(response, name);
      }
    };
  }

  /** How lines are set, of which there is at least one. */
  private interface Setting {
    void set(MapAccess access, Message response, String name, List<String> lines);
  }

  private interface Removal {
    void remove(Message response, String name);
  }

  private static List<String> split(List<String> lines, String at) {
    return lines.stream().flatMap(line -> Arrays.stream(line.split(at))).toList();
  }
}
