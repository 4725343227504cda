package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultTest {
  private static final Fault WEIGHT = Fault.of("weight", "300", "0..256");
  private static final Fault DURATION = Fault.ofDuration(
      "duration",
      Duration.ofMinutes(61),
      Duration.ofMinutes(1),
      Duration.ofMinutes(60),
      " at layer 4, in whole seconds");

  @Test
  void aFault_namesTheSettingTheValueTheRuleAndItsScope() {
    assertThat(WEIGHT).hasToString("weight: 300 (expected: 0..256)");
    assertThat(WEIGHT.withScope("line 7")).hasToString("weight: 300 (expected: 0..256) [line 7]");
    assertThat(WEIGHT.scope()).isEmpty();
    assertThat(WEIGHT.withScope("line 7").scope()).isEqualTo("line 7");
  }

  @Test
  void aFaultOfADuration_isWrittenAsTheCallerWritesDurations() {
    assertThat(DURATION)
        .hasToString("duration: PT1H1M (expected: PT1M..PT1H at layer 4, in whole seconds)");
    assertThat(DURATION.rule()).isEqualTo("PT1M..PT1H at layer 4, in whole seconds");
    assertThat(DURATION.rule(duration -> duration.toMinutes() + "m"))
        .isEqualTo("1m..60m at layer 4, in whole seconds");
  }

  @Test
  void aRuleWithoutDurations_isTheSameInEveryNotation() {
    assertThat(WEIGHT.rule(duration -> "never")).isEqualTo(WEIGHT.rule()).isEqualTo("0..256");
  }

  @Test
  void theProfilesWriteDurations_asTheCallerDoes() {
    StickySession session = StickySession.sourceIp()
        .withDuration(Duration.ofMinutes(20))
        .withMaxDuration(Duration.ofMinutes(5));
    Fault max = Profile.ENHANCED
        .faults(Layer.LAYER_4, new WeightedRoundRobin(), session)
        .get(0);

    assertThat(max.setting()).isEqualTo("maxDuration");
    assertThat(max.rule(duration -> duration.toMinutes() + "m"))
        .isEqualTo("20m..525600m at layer 4, in whole seconds");
  }

  @Test
  void aScope_keepsWhatIsAllowedByOpen() {
    Fault fault = Profile.ENHANCED
        .faults(
            Layer.LAYER_4,
            new WeightedRoundRobin(),
            StickySession.sourceIp().withDuration(Duration.ofHours(2)))
        .get(0);

    assertThat(fault.isAllowedByOpen()).isTrue();
    assertThat(fault.withScope("line 7").isAllowedByOpen()).isTrue();
    assertThat(fault.withScope("line 7").scope()).isEqualTo("line 7, allowed by Profile.OPEN");
    assertThat(WEIGHT.isAllowedByOpen()).isFalse();
  }

  @Test
  void faultsAreEqual_ifTheyReadAlike() {
    assertThat(Fault.of("weight", 300, "0..256")).isEqualTo(WEIGHT).hasSameHashCodeAs(WEIGHT);
    assertThat(WEIGHT.withScope("line 7")).isNotEqualTo(WEIGHT);
    assertThat(Fault.of("weight", "301", "0..256")).isNotEqualTo(WEIGHT);
  }

  @Test
  void anException_namesAllFaultsAndHasThem() {
    FaultException both = new FaultException(List.of(WEIGHT, DURATION));

    assertThat(both)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(WEIGHT + "; " + DURATION);
    assertThat(both.faults()).containsExactly(WEIGHT, DURATION);
    assertThat(new FaultException(WEIGHT).faults()).containsExactly(WEIGHT);
    assertThat(new FaultException(WEIGHT)).hasMessage(WEIGHT.toString());
  }

  @Test
  void nullsAreRefusedWhereTheyComeIn() {
    assertThatNullPointerException()
        .isThrownBy(() -> Fault.of(null, "300", "0..256"))
        .withMessage("setting");
    assertThatNullPointerException()
        .isThrownBy(() -> Fault.of("weight", null, "0..256"))
        .withMessage("value");
    assertThatNullPointerException()
        .isThrownBy(() -> Fault.of("weight", "300", null))
        .withMessage("rule");
    assertThatNullPointerException().isThrownBy(() -> WEIGHT.withScope(null)).withMessage("scope");
  }
}
