package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What remains in several places together. */
class RemainingProperties {

  @Property
  void plus_isCommutative(@ForAll("remaining") Remaining one, @ForAll("remaining") Remaining two) {
    assertThat(one.plus(two)).isEqualTo(two.plus(one));
  }

  @Property
  void plus_isAssociative(
      @ForAll("remaining") Remaining one,
      @ForAll("remaining") Remaining two,
      @ForAll("remaining") Remaining three) {
    assertThat(one.plus(two).plus(three)).isEqualTo(one.plus(two.plus(three)));
  }

  @Property
  void nothing_isNeutral(@ForAll("remaining") Remaining one) {
    assertThat(one.plus(Remaining.NOTHING)).isEqualTo(one);
    assertThat(Remaining.NOTHING.plus(one)).isEqualTo(one);
  }

  @Property
  void unknown_absorbsTheCount(@ForAll("remaining") Remaining one) {
    assertThat(one.plus(Remaining.UNKNOWN)).isEqualTo(Remaining.UNKNOWN);
    assertThat(one.plus(Remaining.UNKNOWN).bindings()).isEmpty();
  }

  @Property
  void plus_addsBindingsAndLastsAsLongAsTheLonger(
      @ForAll("counted") Remaining one, @ForAll("counted") Remaining two) {
    Remaining both = one.plus(two);
    assertThat(both.bindings())
        .hasValue(one.bindings().getAsLong() + two.bindings().getAsLong());
    assertThat(both.longest())
        .isEqualTo(one.longest().compareTo(two.longest()) > 0 ? one.longest() : two.longest());
    assertThat(both.isNothing()).isEqualTo(one.isNothing() && two.isNothing());
  }

  @Provide
  Arbitrary<Remaining> remaining() {
    return Arbitraries.oneOf(
        counted(),
        durations().map(Remaining::uncounted),
        Arbitraries.of(Remaining.NOTHING, Remaining.UNKNOWN));
  }

  @Provide
  Arbitrary<Remaining> counted() {
    return Arbitraries.longs()
        .between(0, 1L << 40)
        .flatMap(bindings -> durations().map(longest -> Remaining.of(bindings, longest)));
  }

  private static Arbitrary<Duration> durations() {
    return Arbitraries.longs().between(1, 1_000_000).map(Duration::ofMillis);
  }
}
