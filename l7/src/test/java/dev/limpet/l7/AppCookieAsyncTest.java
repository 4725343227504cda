package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.limpet.core.Bound;
import dev.limpet.core.Outcome;
import dev.limpet.core.StickyTable;
import dev.limpet.core.table.CaffeineStickyTable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Responses that begin a session in a table that answers when the test says so. */
class AppCookieAsyncTest {
  private final LateTable table = new LateTable(CaffeineStickyTable.of(ExchangeScene.SID, 100));
  private final ExchangeScene scene = ExchangeScene.counted(table);
  private final HttpRouter<Sent, Response> router = scene.router(scene.app);
  private final long x = scene.app.tableKey(Sent.of("SID=x"));
  private final long y = scene.app.tableKey(Sent.of("SID=y"));

  @Test
  void aResponseThatBeginsASession_waitsUntilTheTableKnowsIt() {
    StickyExchange<Sent, Response> login = router.begin(Sent.of());

    CompletableFuture<Void> handled = responded(login, "SID=x");

    assertThat(handled).isNotDone();
    assertThat(table.peek(x)).isNull();
    table.answer();
    assertThat(handled).isCompleted();
    assertThat(table.peek(x)).isEqualTo(Browser.id(login.route()));
    assertThat(router.responseStats().learned()).isEqualTo(1);
  }

  @Test
  void theSeparateCall_waitsToo() {
    Sent request = Sent.of();
    CompletableFuture<Void> handled = router
        .onResponseAsync(request, router.route(request), AppFixture.sets("SID=x"))
        .toCompletableFuture();

    assertThat(handled).isNotDone();
    table.answer();
    assertThat(handled).isCompleted();
    assertThat(router.responseStats().learned()).isEqualTo(1);
  }

  @Test
  void otherResponses_mayLeaveAtOnce() {
    table.bind(x, null, "a", true);
    for (String field : List.of("a=1", "SID=x", "SID=; Max-Age=0")) {
      StickyExchange<Sent, Response> exchange = router.begin(Sent.of("SID=x"));
      assertThat(responded(exchange, field)).as(field).isCompleted();
    }
    StickyExchange<Sent, Response> early = router.begin(Sent.of());
    Response informational = Response.of(103).with("Set-Cookie", "SID=z");
    assertThat(HttpAffinity.DONE.equals(early.respondedAsync(informational))).isTrue();
    assertThat(HttpAffinity.DONE.equals(early.respondedAsync(Response.ok()))).isTrue();
    assertThat(router.responseStats().unlearned()).isEqualTo(1);
    assertThat(router.responseStats().learned()).isZero();
  }

  @Test
  void withoutABackend_nothingIsWaitedFor() {
    scene.pool.change(edit -> edit.down("a").down("b").down("c"));
    Sent request = Sent.of();

    CompletionStage<Void> handled =
        router.onResponseAsync(request, router.route(request), AppFixture.sets("SID=x"));

    assertThat(HttpAffinity.DONE.equals(handled)).isTrue();
  }

  @Test
  void anUnavailableTable_bindsHereAndLetsTheResponseLeave() {
    StickyExchange<Sent, Response> login = router.begin(Sent.of());
    CompletableFuture<Void> handled = responded(login, "SID=x");

    table.fail();

    assertThat(handled).isCompleted();
    assertThat(table.peek(x)).isEqualTo(Browser.id(login.route()));
    assertThat(router.responseStats().learned()).isEqualTo(1);
    assertThat(router.responseStats().learnRejected()).isZero();
  }

  @Test
  void severalCookiesOfOneResponse_areAllWaitedFor() {
    StickyExchange<Sent, Response> login = router.begin(Sent.of());
    CompletableFuture<Void> handled = responded(login, "SID=x; Path=/", "SID=y; Path=/app");

    assertThat(handled).isNotDone();
    table.answer();

    assertThat(handled).isCompleted();
    assertThat(table.peek(x)).isEqualTo(table.peek(y)).isNotNull();
    assertThat(router.responseStats().learned()).isEqualTo(2);
  }

  @Test
  void oneValueThatIsSetTwice_isLearnedOnce() {
    CompletableFuture<Void> handled =
        responded(router.begin(Sent.of()), "SID=x; Path=/", "SID=x; Path=/app");
    table.answer();

    assertThat(handled).isCompleted();
    assertThat(router.responseStats().learned()).isEqualTo(1);
  }

  @Test
  void inAChain_theAppCookieIsWaitedForAndTheLbCookieIsSet() {
    HttpRouter<Sent, Response> chain = scene.chain();
    StickyExchange<Sent, Response> login = begun(chain);
    Response response = AppFixture.sets("SID=x");

    CompletableFuture<Void> handled = login.respondedAsync(response).toCompletableFuture();

    assertThat(handled).isNotDone();
    assertThat(response.changes()).as("one after the other").isZero();
    table.answer();
    assertThat(handled).isCompleted();
    assertThat(response.setCookies()).hasSize(2);
    assertThat(chain.begin(Sent.of("SID=x")).route().outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void inAChainWithNothingToLearn_theResponseMayLeaveAtOnce() {
    Response response = Response.ok();

    assertThat(begun(scene.chain()).respondedAsync(response).toCompletableFuture())
        .isCompleted();
    assertThat(response.setCookies()).hasSize(1);
  }

  private StickyExchange<Sent, Response> begun(HttpRouter<Sent, Response> chain) {
    return chain.begin(Sent.of());
  }

  @Test
  void theRouteKeepsTheSession_onlyOnceTheTableKnowsIt() {
    StickyExchange<Sent, Response> login = router.begin(Sent.of());
    CompletableFuture<Void> handled = responded(login, "SID=x");
    login.close();

    table.answer();

    assertThat(handled).isCompleted();
    assertThat(scene.connections()).isZero();
    assertThat(table.peek(x)).isNotNull();
  }

  @Test
  void whereOthersBindTheValueToo_theBackendThatIssuedItHasItInTheEnd() {
    Scripted scripted = new Scripted(Bound.held("one"), Bound.ABSENT, Bound.held("two"));
    HttpRouter<Sent, Response> contested = scene.router(scene.app(scripted));
    StickyExchange<Sent, Response> login = contested.begin(Sent.of());

    assertThat(responded(login, "SID=x")).isCompleted();

    assertThat(scripted.expected).containsExactly(null, "one", null, "two");
    assertThat(scripted.bound).isEqualTo(Browser.id(login.route()));
    assertThat(contested.responseStats().learned()).isEqualTo(1);
  }

  @Test
  void whereOthersBindTheValueAgainAndAgain_theResponseLeavesAfterEightAttempts() {
    Bound[] always = new Bound[20];
    for (int i = 0; i < always.length; i++) {
      always[i] = (i % 2 == 0) ? Bound.held("elsewhere") : Bound.ABSENT;
    }
    Scripted scripted = new Scripted(always);
    HttpRouter<Sent, Response> contested = scene.router(scene.app(scripted));

    assertThat(responded(contested.begin(Sent.of()), "SID=x")).isCompleted();
    assertThat(scripted.expected).hasSize(8);
    contested.begin(Sent.of()).responded(AppFixture.sets("SID=x"));
    assertThat(scripted.expected).hasSize(16);
    assertThat(contested.responseStats().learned()).isZero();
    assertThat(contested.responseStats().learnRejected()).isZero();
  }

  @Test
  void aFullTable_isCounted() {
    Scripted full = new Scripted(Bound.FULL);
    HttpRouter<Sent, Response> rejecting = scene.router(scene.app(full));

    assertThat(responded(rejecting.begin(Sent.of()), "SID=x")).isCompleted();

    assertThat(rejecting.responseStats().learnRejected()).isEqualTo(1);
    assertThat(rejecting.responseStats().learned()).isZero();
  }

  @Test
  void aTableThatThrows_failsTheStageAndLearnsTheOtherValues() {
    Scripted broken = new Scripted();
    broken.throwsOnce = true;
    HttpRouter<Sent, Response> failing = scene.router(scene.app(broken));
    StickyExchange<Sent, Response> login = failing.begin(Sent.of());

    CompletableFuture<Void> handled = responded(login, "SID=x", "SID=y");

    assertThat(handled)
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableOfType(ExecutionException.class)
        .withMessageContaining("broken");
    assertThat(broken.bound).isEqualTo(Browser.id(login.route()));
    assertThat(failing.responseStats().learned()).isEqualTo(1);
    login.close();
    assertThat(scene.connections()).isZero();
  }

  @Test
  void aTableWhoseAnswerFails_failsTheStage() {
    Scripted broken = new Scripted();
    broken.failsOnce = true;
    StickyExchange<Sent, Response> login = scene.router(scene.app(broken)).begin(Sent.of());

    assertThat(responded(login, "SID=x")).isCompletedExceptionally();
    login.close();
    assertThat(scene.connections()).isZero();
  }

  @Test
  void theSynchronousWay_throwsWhatATableThrows() {
    Scripted broken = new Scripted();
    broken.throwsOnce = true;
    StickyExchange<Sent, Response> login = scene.router(scene.app(broken)).begin(Sent.of());

    assertThatIllegalStateException()
        .isThrownBy(() -> login.responded(AppFixture.sets("SID=x")))
        .withMessage("broken");
    login.close();
    assertThat(scene.connections()).isZero();
  }

  private static CompletableFuture<Void> responded(
      StickyExchange<Sent, Response> exchange, String... setCookies) {
    return exchange.respondedAsync(AppFixture.sets(setCookies)).toCompletableFuture();
  }

  /** A table of an embedder's own that first answers as it was told, and then binds. */
  private static final class Scripted implements StickyTable {
    private final Queue<Bound> answers;
    private final List<@Nullable String> expected = new ArrayList<>();
    private @Nullable String bound;
    private boolean throwsOnce;
    private boolean failsOnce;

    Scripted(Bound... answers) {
      this.answers = new ArrayDeque<>(List.of(answers));
    }

    @Override
    public @Nullable String lookup(long key) {
      return null;
    }

    @Override
    public @Nullable String peek(long key) {
      return null;
    }

    @Override
    public boolean wantsHash(long key) {
      return false;
    }

    @Override
    public Bound bind(long key, @Nullable String wanted, String candidate, boolean byHash) {
      expected.add(wanted);
      if (throwsOnce) {
        throwsOnce = false;
        throw new IllegalStateException("broken");
      }
      if (!answers.isEmpty()) {
        return answers.remove();
      }
      bound = candidate;
      return Bound.stored(candidate);
    }

    @Override
    public CompletionStage<Bound> bindAsync(
        long key, @Nullable String wanted, String candidate, boolean byHash) {
      if (failsOnce) {
        failsOnce = false;
        return CompletableFuture.failedStage(new IllegalStateException("broken"));
      }
      return StickyTable.super.bindAsync(key, wanted, candidate, byHash);
    }

    @Override
    public boolean unbind(long key, String name) {
      return false;
    }
  }
}
