package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an {@link HttpAccess} promises. To test one of your own, extend this class, with JUnit
 * Jupiter and AssertJ on the class path:
 *
 * <pre>{@code
 * class MyAccessTest extends HttpAccessContract<MyRequest, MyResponse> {
 *   @Override
 *   protected HttpAccess<MyRequest, MyResponse> access() {
 *     return new MyAccess();
 *   }
 *
 *   @Override
 *   protected MyRequest newRequest(List<Field> fields) {
 *     MyRequest request = new MyRequest();
 *     fields.forEach(field -> request.headers().add(field.name(), field.value()));
 *     return request;
 *   }
 *
 *   @Override
 *   protected MyResponse newResponse(int status, List<Field> fields) {
 *     MyResponse response = new MyResponse(status);
 *     fields.forEach(field -> response.headers().add(field.name(), field.value()));
 *     return response;
 *   }
 * }
 * }</pre>
 *
 * <p>Requests and responses must be those of the framework, not stand-ins: their lists and their
 * nulls are what is tested. The fields are those that Limpet reads and sets: {@code Cookie} of a
 * request, {@code Set-Cookie} and {@code Cache-Control} of a response.
 *
 * @param <Q> the framework's request
 * @param <S> the framework's response
 */
public abstract class HttpAccessContract<Q, S> {
  private static final String SET_COOKIE = "Set-Cookie";
  private static final String CACHE_CONTROL = "Cache-Control";
  private static final String COOKIE = "Cookie";
  private static final String SESSION = "JSESSIONID=1A; Path=/; HttpOnly";
  private static final String THEME = "theme=dark; Expires=Wed, 21 Oct 2037 07:28:00 GMT";
  private static final String OURS = "limpet-web=AAEC; Path=/; HttpOnly; SameSite=Lax";

  /**
   * A line of a message's head.
   *
   * @param name the field's name
   * @param value the field's value
   */
  public record Field(String name, String value) {}

  /** For subclasses. */
  protected HttpAccessContract() {}

  /** Returns the access to test. */
  protected abstract HttpAccess<Q, S> access();

  /**
   * Returns a new request, as the framework hands it over when it was received.
   *
   * @param fields one for each line, in order; some have the same name
   */
  protected abstract Q newRequest(List<Field> fields) throws Exception;

  /**
   * Returns a new response that can still be changed.
   *
   * @param status such as 200
   * @param fields one for each line, in order; some have the same name
   */
  protected abstract S newResponse(int status, List<Field> fields) throws Exception;

  /**
   * Returns a new response before its status is set. Null by default: then the framework has no
   * such response, and nothing is tested of it.
   */
  protected S newResponseWithoutStatus() throws Exception {
    return null;
  }

  /**
   * Returns a new request with a target. Null by default: then the access knows no targets, and
   * nothing is tested of them.
   *
   * @param target path and query
   */
  protected Q newRequestTo(String target) throws Exception {
    return null;
  }

  /**
   * Returns a new request that came over TLS, or did not. Null by default: then the access does not
   * tell them apart, and nothing is tested of it.
   *
   * @param overTls whether it came over TLS
   */
  protected Q newRequestOverTls(boolean overTls) throws Exception {
    return null;
  }

  @Test
  void requestFields_areOneForEachLine_inOrder() throws Exception {
    Q request = request(field(COOKIE, "b=2; c=3"), field("Host", "site"), field(COOKIE, "a=1"));

    assertThat(access().requestFields(request, COOKIE)).containsExactly("b=2; c=3", "a=1");
  }

  @Test
  void requestFields_ofEqualLines_areAllOfThem() throws Exception {
    Q request = request(field(COOKIE, "a=1"), field(COOKIE, "b=2"), field(COOKIE, "a=1"));

    assertThat(access().requestFields(request, COOKIE)).containsExactly("a=1", "b=2", "a=1");
  }

  @Test
  void requestFields_areAsReceived() throws Exception {
    String odd = "a=\"1, 2\"; novalue;b==; c=%20x, d=4";

    assertThat(access().requestFields(request(field(COOKIE, odd)), COOKIE)).containsExactly(odd);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Cookie", "cookie", "COOKIE", "cOOKIE"})
  void requestFields_areFoundByANameInAnyCase(String received) throws Exception {
    Q request = request(field(received, "a=1"), field(received, "b=2"));

    for (String asked : List.of("Cookie", "cookie", "COOKIE")) {
      assertThat(access().requestFields(request, asked))
          .as("%s, asked for as %s", received, asked)
          .containsExactly("a=1", "b=2");
    }
  }

  @Test
  void requestFields_thatAreAbsent_areEmptyOrNull() throws Exception {
    assertThat(access().requestFields(request(), COOKIE)).isNullOrEmpty();
    Q other = request(field("Cookie2", "a=1"), field("X-Cookie", "b=2"));
    assertThat(access().requestFields(other, COOKIE)).isNullOrEmpty();
  }

  @Test
  void requestFields_areThoseOfTheirRequest() throws Exception {
    Q first = request(field(COOKIE, "a=1"));
    Q second = request(field(COOKIE, "b=2"));

    assertThat(access().requestFields(first, COOKIE)).containsExactly("a=1");
    assertThat(access().requestFields(second, COOKIE)).containsExactly("b=2");
    assertThat(access().requestFields(first, COOKIE)).containsExactly("a=1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/cart?id=7&q=a%20b", "/a/../b;v=1?x=1?y=2"})
  void target_isThePathAndTheQueryAsReceived(String target) throws Exception {
    Q request = newRequestTo(target);
    assumeTrue(request != null, "the access knows no targets");

    assertThat(access().target(request)).isEqualTo(target);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isSecure_tellsWhetherARequestCameOverTls(boolean overTls) throws Exception {
    Q request = newRequestOverTls(overTls);
    assumeTrue(request != null, "the access does not tell TLS apart");

    assertThat(access().isSecure(request)).isEqualTo(overTls);
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 200, 204, 302, 404, 503})
  void status_isThatOfTheResponse(int status) throws Exception {
    assertThat(access().status(newResponse(status, List.of()))).isEqualTo(status);
  }

  @Test
  void status_thatIsNotSetYet_isThatOfTheDefault() throws Exception {
    S response = newResponseWithoutStatus();
    assumeTrue(response != null, "the framework has no response without a status");

    assertThat(access().status(response)).isBetween(100, 999);
  }

  @Test
  void fields_areOneForEachLine_inOrder() throws Exception {
    S response =
        response(field(SET_COOKIE, THEME), field("Server", "web1"), field(SET_COOKIE, SESSION));

    assertThat(access().fields(response, SET_COOKIE)).containsExactly(THEME, SESSION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Set-Cookie", "set-cookie", "SET-COOKIE"})
  void fields_areFoundByANameInAnyCase(String received) throws Exception {
    S response = response(field(received, SESSION), field(received, THEME));

    for (String asked : List.of("Set-Cookie", "set-cookie", "SET-COOKIE")) {
      assertThat(access().fields(response, asked))
          .as("%s, asked for as %s", received, asked)
          .containsExactly(SESSION, THEME);
    }
  }

  @Test
  void fields_thatAreAbsent_areEmptyOrNull() throws Exception {
    assertThat(access().fields(response(), SET_COOKIE)).isNullOrEmpty();
    assertThat(access().fields(response(field("Set-Cookie2", "a=1")), SET_COOKIE))
        .isNullOrEmpty();
  }

  @Test
  void setCookieLines_areNeverJoined() throws Exception {
    S response = response(field(SET_COOKIE, SESSION), field(SET_COOKIE, THEME));

    access().setFields(response, SET_COOKIE, List.of(SESSION, THEME, OURS));

    assertThat(access().fields(response, SET_COOKIE)).containsExactly(SESSION, THEME, OURS);
  }

  @Test
  void setFields_addsAFieldThatIsAbsent() throws Exception {
    S response = response();

    access().setFields(response, SET_COOKIE, List.of(OURS));
    access().setFields(response, CACHE_CONTROL, List.of("public", "private"));

    assertThat(access().fields(response, SET_COOKIE)).containsExactly(OURS);
    assertThat(access().fields(response, CACHE_CONTROL)).containsExactly("public", "private");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Set-Cookie", "set-cookie", "SET-COOKIE"})
  void setFields_replacesAllLinesOfANameInAnyCase(String name) throws Exception {
    S response = response(field(SET_COOKIE, SESSION), field(SET_COOKIE, THEME));

    access().setFields(response, name, List.of(OURS));
    assertThat(access().fields(response, SET_COOKIE)).containsExactly(OURS);

    access().setFields(response, name, List.of(THEME, SESSION));
    assertThat(access().fields(response, SET_COOKIE)).containsExactly(THEME, SESSION);
  }

  @Test
  void setFields_keepsEqualLines() throws Exception {
    S response = response();

    access().setFields(response, SET_COOKIE, List.of(OURS, THEME, OURS));

    assertThat(access().fields(response, SET_COOKIE)).containsExactly(OURS, THEME, OURS);
  }

  @Test
  void setFields_ofNothing_removesTheField() throws Exception {
    S response = response(field(SET_COOKIE, SESSION), field(SET_COOKIE, THEME));

    access().setFields(response, "set-cookie", List.of());

    assertThat(access().fields(response, SET_COOKIE)).isNullOrEmpty();
  }

  @Test
  void setFields_ofNothingWhereThereIsNothing_changesNothing() throws Exception {
    S response = response(field(CACHE_CONTROL, "public"));

    access().setFields(response, SET_COOKIE, List.of());

    assertThat(access().fields(response, SET_COOKIE)).isNullOrEmpty();
    assertThat(access().fields(response, CACHE_CONTROL)).containsExactly("public");
  }

  @Test
  void setFields_leavesOtherFieldsAndTheStatusAlone() throws Exception {
    S response = newResponse(
        404, List.of(field(CACHE_CONTROL, "public"), field(CACHE_CONTROL, "max-age=5")));

    access().setFields(response, SET_COOKIE, List.of(OURS));

    assertThat(access().fields(response, CACHE_CONTROL)).containsExactly("public", "max-age=5");
    assertThat(access().status(response)).isEqualTo(404);
  }

  @Test
  void setFields_leavesOtherResponsesAlone() throws Exception {
    S first = response(field(SET_COOKIE, SESSION));
    S second = response();

    access().setFields(second, SET_COOKIE, List.of(OURS));

    assertThat(access().fields(first, SET_COOKIE)).containsExactly(SESSION);
    access().setFields(first, SET_COOKIE, List.of());
    assertThat(access().fields(second, SET_COOKIE)).containsExactly(OURS);
  }

  @Test
  void listThatWasRead_isNotChangedByALaterSetFields() throws Exception {
    S response = response(field(SET_COOKIE, SESSION), field(SET_COOKIE, THEME));
    List<String> read = access().fields(response, SET_COOKIE);

    access().setFields(response, SET_COOKIE, List.of(OURS));
    assertThat(read).containsExactly(SESSION, THEME);

    List<String> readLater = access().fields(response, SET_COOKIE);
    access().setFields(response, SET_COOKIE, List.of());
    assertThat(readLater).containsExactly(OURS);
  }

  @Test
  void listThatWasRead_canBeSet() throws Exception {
    S response = response(field(SET_COOKIE, SESSION), field(SET_COOKIE, THEME));

    access().setFields(response, SET_COOKIE, access().fields(response, SET_COOKIE));

    assertThat(access().fields(response, SET_COOKIE)).containsExactly(SESSION, THEME);
  }

  private Q request(Field... fields) throws Exception {
    return newRequest(List.of(fields));
  }

  private S response(Field... fields) throws Exception {
    return newResponse(200, List.of(fields));
  }

  private static Field field(String name, String value) {
    return new Field(name, value);
  }
}
