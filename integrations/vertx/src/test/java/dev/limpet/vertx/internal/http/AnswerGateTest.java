package dev.limpet.vertx.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerGateTest {
  private final AnswerGate gate = new AnswerGate();
  private final List<Integer> passed = new ArrayList<>();

  @Test
  void openFromTheStart_everythingPassesAtOnce() {
    gate.pass(() -> passed.add(1));
    gate.pass(Unpooled.EMPTY_BUFFER, () -> passed.add(2));

    assertThat(passed).containsExactly(1, 2);
  }

  @Test
  void shut_everythingWaitsAndPassesInOrderWhenItOpens() {
    gate.shut();
    for (int i = 1; i <= 5; i++) {
      int number = i;
      gate.pass(() -> passed.add(number));
    }
    assertThat(passed).isEmpty();

    gate.open();
    gate.pass(() -> passed.add(6));

    assertThat(passed).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void partThatPassesAnotherOn_keepsTheOrder() {
    gate.shut();
    gate.pass(() -> {
      passed.add(1);
      gate.pass(() -> passed.add(3));
    });
    gate.pass(() -> passed.add(2));

    gate.open();

    assertThat(passed).containsExactly(1, 2, 3);
  }

  @Test
  void dropped_whatWaitsAndWhatComesIsReleased() {
    ByteBuf early = Unpooled.buffer(8);
    ByteBuf late = Unpooled.buffer(8);
    gate.shut();
    gate.pass(early, () -> passed.add(1));

    gate.drop();
    gate.pass(late, () -> passed.add(2));
    gate.open();

    assertThat(passed).isEmpty();
    assertThat(early.refCnt()).isZero();
    assertThat(late.refCnt()).isZero();
  }

  @Test
  void droppedByAPartThatPasses_theRestIsReleased() {
    ByteBuf rest = Unpooled.buffer(8);
    gate.shut();
    gate.pass(gate::drop);
    gate.pass(rest, () -> passed.add(1));

    gate.open();

    assertThat(passed).isEmpty();
    assertThat(rest.refCnt()).isZero();
  }
}
