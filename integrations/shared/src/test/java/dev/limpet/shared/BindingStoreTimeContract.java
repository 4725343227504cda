package dev.limpet.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long a {@link BindingStore} keeps bindings: a part of {@link BindingStoreContract}. */
public abstract class BindingStoreTimeContract extends BindingStoreContractScene {
  private static final long SLIDING_MILLIS = Retention.of(SLIDING).millis();
  private static final long ABSOLUTE_MILLIS = Retention.of(ABSOLUTE).millis();
  private static final Duration NOT_DUE = T.dividedBy(8);
  private static final Duration DUE = T.dividedBy(2);
  private static final long SLACK = Duration.ofMinutes(1).toMillis();

  /** For {@link BindingStoreContract}. */
  BindingStoreTimeContract() {}

  @Test
  void aBindingIsKeptForTheRetention() throws Exception {
    assertLeft(proxy(SLIDING).bind(KEY, null, FIRST), SLIDING_MILLIS);
    assertLeft(proxy(ABSOLUTE).bind(KEY + 1, null, FIRST), ABSOLUTE_MILLIS);
    assertLeft(proxy(SLIDING).find(KEY), SLIDING_MILLIS);
    assertLeft(proxy(ABSOLUTE).find(KEY + 1), ABSOLUTE_MILLIS);
  }

  @Test
  void aSessionThatWasUsedSomeTimeAgo_isKeptFromThatUseOn() throws Exception {
    ContractProxy sliding = proxy(SLIDING);
    ContractProxy absolute = proxy(ABSOLUTE);

    assertLeft(sliding.bind(KEY, null, FIRST, DUE), SLIDING_MILLIS - DUE.toMillis());
    assertLeft(absolute.bind(KEY + 1, null, FIRST, DUE), ABSOLUTE_MILLIS - DUE.toMillis());
    assertLeft(absolute.find(KEY + 1), ABSOLUTE_MILLIS - DUE.toMillis());
    assertLeft(sliding.bind(KEY, FIRST, SECOND, NOT_DUE), SLIDING_MILLIS - NOT_DUE.toMillis());
  }

  @Test
  void aSessionThatWasUsedTooLongAgo_isKeptForAMoment() throws Exception {
    StoreAnswer answer = proxy().bind(KEY, null, FIRST, T.multipliedBy(10));

    assertThat(answer.status()).isEqualTo(StoreAnswer.Status.STORED);
    assertThat(answer.remainingMillis()).isLessThan(SLACK);
  }

  @Test
  void aFindRenewsWhatIsDue_andNothingElse() throws Exception {
    ContractProxy proxy = proxy();
    proxy.bind(KEY, null, FIRST, NOT_DUE);
    proxy.bind(KEY + 1, null, FIRST, DUE);

    assertLeft(proxy.find(KEY), SLIDING_MILLIS - NOT_DUE.toMillis());
    assertLeft(proxy.find(KEY + 1), SLIDING_MILLIS);
    assertLeft(proxy.find(KEY + 1), SLIDING_MILLIS);
  }

  @Test
  void everyBindThatIsHeldRenewsWhatIsDue_andNothingElse() throws Exception {
    ContractProxy proxy = proxy();
    SharedBinding[][] calls = {{null, FIRST}, {FIRST, SECOND}, {FIRST, THIRD}, {SECOND, SECOND}};
    for (SharedBinding[] call : calls) {
      proxy.unbind(KEY, SECOND);
      proxy.bind(KEY, null, SECOND, DUE);
      assertHeld(proxy.bind(KEY, call[0], call[1]), SECOND);
      assertLeft(proxy.find(KEY), SLIDING_MILLIS);

      proxy.unbind(KEY, SECOND);
      proxy.bind(KEY, null, SECOND, NOT_DUE);
      assertLeft(proxy.bind(KEY, call[0], call[1]), SLIDING_MILLIS - NOT_DUE.toMillis());
    }
  }

  @Test
  void aRenewalOfASessionThatWasUsedSomeTimeAgo_isFromThatUseOn() throws Exception {
    ContractProxy proxy = proxy();
    proxy.bind(KEY, null, FIRST, T);

    StoreAnswer renewed = proxy.bind(KEY, FIRST, FIRST, DUE);

    assertLeft(renewed, SLIDING_MILLIS - DUE.toMillis());
  }

  @Test
  void aRenewalShortensNothing() throws Exception {
    ContractProxy proxy = proxy();
    proxy.bind(KEY, null, FIRST);

    assertLeft(proxy.bind(KEY, FIRST, FIRST, T), SLIDING_MILLIS);
    assertLeft(proxy.find(KEY), SLIDING_MILLIS);
  }

  @Test
  void anUnbindThatIsHeldRenewsNothing() throws Exception {
    ContractProxy proxy = proxy();
    proxy.bind(KEY, null, SECOND, DUE);

    assertLeft(proxy.unbind(KEY, FIRST), SLIDING_MILLIS - DUE.toMillis());
  }

  @Test
  void aSlidingSessionThatMoves_beginsAnew() throws Exception {
    ContractProxy proxy = proxy();
    proxy.bind(KEY, null, FIRST, NOT_DUE);

    assertLeft(proxy.bind(KEY, FIRST, SECOND), SLIDING_MILLIS);
    assertLeft(proxy.find(KEY), SLIDING_MILLIS);
  }

  @Test
  void anAbsoluteSessionThatMoves_keepsWhatIsLeft() throws Exception {
    ContractProxy proxy = proxy(ABSOLUTE);
    proxy.bind(KEY, null, FIRST, DUE);

    assertStored(proxy.bind(KEY, FIRST, SECOND), SECOND);
    assertLeft(proxy.find(KEY), ABSOLUTE_MILLIS - DUE.toMillis());
  }

  @Test
  void anAbsoluteSessionIsNeverRenewed() throws Exception {
    ContractProxy proxy = proxy(ABSOLUTE);
    proxy.bind(KEY, null, FIRST, DUE);

    proxy.bind(KEY, null, FIRST);
    proxy.bind(KEY, FIRST, FIRST);

    assertLeft(proxy.find(KEY), ABSOLUTE_MILLIS - DUE.toMillis());
  }

  @Test
  void aBindingThatHasExpired_isAbsent() throws Exception {
    ContractProxy proxy = proxy(ABSOLUTE);
    StoreAnswer answer = proxy.bind(KEY, null, FIRST, Duration.ofMillis(ABSOLUTE_MILLIS - 50));
    assertThat(answer.remainingMillis()).isLessThan(SLACK);

    awaitAbsence(proxy);

    assertStored(proxy.bind(KEY, null, SECOND), SECOND);
  }

  @Test
  void theEndOfASession_capsTheTime() throws Exception {
    ContractProxy proxy = proxy();
    long millis = DUE.toMillis();
    SharedBinding ending = SharedBinding.of("web1", 1, endAfter(DUE));
    SharedBinding moved = SharedBinding.of("web2", 2, ending.end());

    assertAbout(proxy.bind(KEY, null, ending), millis);
    assertAbout(proxy.find(KEY), millis);
    assertAbout(proxy.bind(KEY, ending, ending), millis);
    assertAbout(proxy.bind(KEY, ending, moved), millis);
    assertThat(proxy.find(KEY).binding()).isEqualTo(moved);
  }

  @Test
  void theEndOfASession_capsARenewal() throws Exception {
    ContractProxy proxy = proxy();
    SharedBinding ending = SharedBinding.of("web1", 1, endAfter(T));
    proxy.bind(KEY, null, ending, T);

    assertAbout(proxy.find(KEY), T.toMillis());
  }

  @Test
  void aSessionWhoseEndHasPassed_isAbsentSoon() throws Exception {
    ContractProxy proxy = proxy();

    StoreAnswer answer = proxy.bind(KEY, null, SharedBinding.of("web1", 1, 1));

    assertThat(answer.status()).isEqualTo(StoreAnswer.Status.STORED);
    assertThat(answer.remainingMillis()).isLessThan(SLACK);
    awaitAbsence(proxy);
  }

  private void awaitAbsence(ContractProxy proxy) throws Exception {
    Wait.until(patience(), () -> {
      elapse(Duration.ofMillis(20));
      return proxy.find(KEY).equals(StoreAnswer.ABSENT);
    });
  }

  private long endAfter(Duration time) {
    return now().plus(time).getEpochSecond();
  }

  private static void assertLeft(StoreAnswer answer, long millis) {
    assertThat(answer.remainingMillis()).isBetween(millis - SLACK, millis);
  }

  private static void assertAbout(StoreAnswer answer, long millis) {
    assertThat(answer.remainingMillis()).isCloseTo(millis, within(2 * SLACK));
  }
}
