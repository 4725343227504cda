package dev.limpet.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.StickySession;
import dev.limpet.shared.ContractProxy.Told;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;

/** The common part of the tests of a {@link BindingStoreContract}. */
public abstract class BindingStoreContractScene {
  static final Duration T = Duration.ofHours(1);
  static final StickySession SLIDING = StickySession.custom().withDuration(T);
  static final StickySession ABSOLUTE = SLIDING.withMode(StickySession.Mode.ABSOLUTE);
  static final long KEY = 0xFEDCBA9876543210L;
  static final SharedBinding FIRST = SharedBinding.of("web1", 1, 0);
  static final SharedBinding SECOND = SharedBinding.of("web2", 2, 0);
  static final SharedBinding THIRD = SharedBinding.of("web3", 3, 0);

  private static final SecureRandom RANDOM = new SecureRandom();

  /** Each test has its own pool, in case a store outlives the tests. */
  private final String pool = "contract-" + Long.toHexString(RANDOM.nextLong());

  /** For {@link BindingStoreContract}. */
  BindingStoreContractScene() {}

  /**
   * Returns the store of a pool at one proxy. Called once for each proxy: stores of the same pool
   * share their bindings, and stores of different pools share nothing.
   *
   * @param pool the pool's name: ASCII letters, digits and hyphens
   */
  protected abstract BindingStore newStore(String pool) throws Exception;

  /**
   * Makes all stores miss changes, as when their connections break, and then lets them reach the
   * shared bindings again.
   *
   * @return false if that cannot happen; then {@link BindingStore.Listener#reconnected} is not
   *     tested
   */
  protected abstract boolean interrupt() throws Exception;

  /**
   * Returns whether each proxy is notified of each change once, in the order in which a single
   * writer made them. False by default: then the order is not tested, and repeated notifications
   * are allowed.
   */
  protected boolean tellsOnceAndInOrder() {
    return false;
  }

  /** Returns how long to wait for something that must happen at some time. 20 s by default. */
  protected Duration patience() {
    return Wait.LONG;
  }

  /**
   * Returns the time by the store's clock. By default that of this machine; a difference of a
   * minute does not matter.
   */
  protected Instant now() {
    return Instant.now();
  }

  /**
   * Lets time pass by the store's clock. Sleeps by default; override it if that clock stands still.
   *
   * @param time how much, at most 20 ms
   */
  protected void elapse(Duration time) throws InterruptedException {
    Thread.sleep(time.toMillis());
  }

  final ContractProxy proxy() throws Exception {
    return proxy(SLIDING);
  }

  final ContractProxy proxy(StickySession session) throws Exception {
    return proxy(newStore(pool), session);
  }

  final ContractProxy proxy(BindingStore store, StickySession session) {
    return new ContractProxy(store, session, patience());
  }

  final String pool() {
    return pool;
  }

  /**
   * Fails unless a proxy is notified of these changes, which a writer has made, and of no others.
   */
  final void assertTold(ContractProxy hearer, ContractProxy writer, List<Told> changes)
      throws Exception {
    writer.awaitFence(hearer);
    hearer.awaitChanges(changes);
    if (tellsOnceAndInOrder()) {
      assertThat(hearer.heard()).isEqualTo(changes);
    } else {
      assertThat(new HashSet<>(hearer.heard())).isEqualTo(new HashSet<>(changes));
    }
  }

  static void assertHeld(StoreAnswer answer, SharedBinding binding) {
    assertThat(answer.status()).isEqualTo(StoreAnswer.Status.HELD);
    assertThat(answer.binding()).isEqualTo(binding);
    assertThat(answer.remainingMillis()).isPositive();
  }

  static void assertStored(StoreAnswer answer, SharedBinding binding) {
    assertThat(answer.status()).isEqualTo(StoreAnswer.Status.STORED);
    assertThat(answer.binding()).isEqualTo(binding);
    assertThat(answer.remainingMillis()).isPositive();
  }
}
