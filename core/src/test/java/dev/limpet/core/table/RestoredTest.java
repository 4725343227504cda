package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RestoredTest {
  private static final Restored ACCEPTED = Restored.of(3, 2, 1);
  private static final Restored REFUSED = Restored.refused("file: absent (expected: present)");

  @Test
  void acceptedFile_saysWhatBecameOfItsBindings() {
    assertThat(ACCEPTED.bindings()).isEqualTo(3);
    assertThat(ACCEPTED.elapsed()).isEqualTo(2);
    assertThat(ACCEPTED.leftOut()).isEqualTo(1);
    assertThat(ACCEPTED.isRefused()).isFalse();
    assertThat(ACCEPTED.refusal()).isNull();
    assertThat(ACCEPTED).hasToString("restored 3, expired 2, left out 1");
  }

  @Test
  void refusedFile_saysWhyAndRestoresNothing() {
    assertThat(REFUSED.isRefused()).isTrue();
    assertThat(REFUSED.refusal()).isEqualTo("file: absent (expected: present)");
    assertThat(REFUSED.bindings() + REFUSED.elapsed() + REFUSED.leftOut()).isZero();
    assertThat(REFUSED).hasToString("refused: file: absent (expected: present)");
  }

  @Test
  void equality_isThatOfTheNumbersAndTheRefusal() {
    assertThat(Restored.of(3, 2, 1)).isEqualTo(ACCEPTED).hasSameHashCodeAs(ACCEPTED);
    assertThat(Restored.refused(REFUSED.refusal())).isEqualTo(REFUSED).hasSameHashCodeAs(REFUSED);
    assertThat(ACCEPTED)
        .isNotEqualTo(Restored.of(4, 2, 1))
        .isNotEqualTo(Restored.of(3, 4, 1))
        .isNotEqualTo(Restored.of(3, 2, 4))
        .isNotEqualTo(null)
        .isNotEqualTo("restored 3, expired 2, left out 1");
    assertThat(Restored.of(0, 0, 0)).isNotEqualTo(REFUSED);
    assertThat(Restored.refused("other")).isNotEqualTo(REFUSED);
  }
}
