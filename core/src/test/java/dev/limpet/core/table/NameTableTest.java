package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Threads;
import dev.limpet.core.table.NameTable.Slot;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NameTableTest {
  private final NameTable names = new NameTable(4);

  @Test
  void aName_hasOneSlot() {
    Slot slot = names.use("a");
    assertThat(slot.name()).isEqualTo("a");
    assertThat(slot.number()).isNotEqualTo(NameTable.NO_NAME);
    assertThat(names.use(new String("a"))).isSameAs(slot);
    assertThat(names.use("b")).isNotSameAs(slot);
    assertThat(names.at(slot.number())).isSameAs(slot);
    assertThat(names.uses()).isEqualTo(3);
  }

  @Test
  void nobody_hasASlotOfNoName() {
    assertThat(names.at(NameTable.NO_NAME).name()).isEmpty();
    assertThat(names.uses()).isZero();
  }

  @Test
  void namesInUse_keepTheirSlots() {
    Slot a = names.use("a");
    Slot b = names.use("b");
    Slot c = names.use("c");
    assertThat(names.use("d")).isNull();
    names.use("b");
    names.release(b);
    assertThat(names.use("d")).isNull();
    assertThat(names.at(a.number())).isSameAs(a);
    assertThat(names.at(b.number())).isSameAs(b);
    assertThat(names.at(c.number())).isSameAs(c);
  }

  @Test
  void aNameOfNoUse_keepsItsSlotUntilAnotherNeedsIt() {
    Slot a = names.use("a");
    Slot b = names.use("b");
    names.release(b);
    assertThat(names.at(b.number())).isSameAs(b);
    names.use("c");
    assertThat(names.use("b")).isSameAs(b);
    names.release(b);

    Slot d = names.use("d");
    assertThat(d.number()).isEqualTo(b.number());
    assertThat(names.at(b.number())).isSameAs(d).isNotSameAs(b);
    assertThat(names.at(a.number())).isSameAs(a);
    assertThat(names.use("b")).isNull();
    names.release(d);
    assertThat(names.use("b")).isNotSameAs(b);
  }

  @Test
  void manyNamesThatComeAndGo_findSlots() {
    names.use("stays");
    for (int i = 0; i < 10_000; i++) {
      Slot slot = names.use("name" + i);
      assertThat(slot).isNotNull();
      names.release(slot);
    }
    assertThat(names.uses()).isEqualTo(1);
    assertThat(names.use("stays").uses()).isEqualTo(2);
  }

  @Test
  void whoUsesAName_findsItInItsSlotWhateverOthersDo() throws InterruptedException {
    int threads = 4;
    Threads.together(threads, thread -> {
      SplittableRandom random = new SplittableRandom(thread);
      for (int i = 0; i < 50_000; i++) {
        String name = "name" + random.nextInt(6);
        Slot slot = names.use(name);
        if (slot != null) {
          assertThat(slot.name()).isEqualTo(name);
          assertThat(names.at(slot.number())).isSameAs(slot);
          names.release(slot);
        }
      }
    });
    assertThat(names.uses()).isZero();
    assertThat(names.use("a")).isNotNull();
    assertThat(names.use("b")).isNotNull();
    assertThat(names.use("c")).isNotNull();
  }

  @Test
  void usesThatOtherThreadsEnd_areCounted() throws InterruptedException {
    Slot a = names.use("a");
    int threads = 20;
    int each = 50;
    Threads.together(threads, thread -> {
      for (int i = 0; i < each; i++) {
        names.use("a");
      }
    });
    names.use("b");
    names.use("c");
    assertThat(a.uses()).isEqualTo(1 + threads * each);
    for (int left = 1 + threads * each; left > 0; left--) {
      assertThat(names.use("d")).as("%d uses of a", left).isNull();
      names.release(a);
    }
    assertThat(names.use("d").number()).isEqualTo(a.number());
  }

  @Test
  void slotsOfManyNames_areCountedApart() {
    NameTable many = new NameTable(1_000);
    for (int number = 1; number < 1_000; number++) {
      for (int use = 0; use < number; use++) {
        many.use("name" + number);
      }
    }
    for (int number = 1; number < 1_000; number++) {
      assertThat(many.at(number).uses()).isEqualTo(number);
    }
  }
}
