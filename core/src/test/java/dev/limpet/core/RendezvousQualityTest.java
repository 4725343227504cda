package dev.limpet.core;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where the sessions of 400,000 addresses in a row go, and which of them a change of the pool
 * moves.
 */
class RendezvousQualityTest {
  private static final int KEYS = 400_000;
  private static final double ONE_PER_CENT = 0.01;

  private static final Backend A = backend("a", 20);
  private static final Backend B = backend("b", 30);
  private static final Backend C = backend("c", 50);

  private final long[] keys = addresses();

  /** For shares from 0.385 on, one per cent is at least five sigma. */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 3", "100, 150", "256, 256"})
  void eachShare_isWithinOnePerCentOfItsWeight(int one, int other) {
    List<Backend> backends = List.of(backend("one", one), backend("other", other));

    for (Backend backend : backends) {
      double share = (double) backend.weight() / (one + other);
      assertThat(count(choices(backends), backend) / (KEYS * share))
          .isCloseTo(1, within(ONE_PER_CENT));
    }
  }

  @Test
  void theKeysOfABackendThatLeaves_moveAndNoOthers() {
    String[] before = choices(List.of(A, B, C));
    String[] after = choices(List.of(A, B));

    assertThat(origins(before, after)).containsExactly("c");
    assertThat(moved(before, after)).isEqualTo(count(before, C));
    assertThat(count(after, B) / (KEYS * 0.6)).isCloseTo(1, within(ONE_PER_CENT));
  }

  @Test
  void aBackendThatJoins_takesItsShareAndNothingElseMoves() {
    String[] before = choices(List.of(A, B));
    String[] after = choices(List.of(A, B, C));

    assertThat(destinations(before, after)).containsExactly("c");
    assertThat(moved(before, after) / (KEYS * 0.5)).isCloseTo(1, within(ONE_PER_CENT));
  }

  @Test
  void aHeavierBackend_takesWhatItsShareGrowsByAndNothingElseMoves() {
    String[] before = choices(List.of(A, B));
    String[] after = choices(List.of(A, B.withWeight(80)));

    assertThat(destinations(before, after)).containsExactly("b");
    assertThat(moved(before, after)).isEqualTo(count(after, B) - count(before, B));
    assertThat(count(after, B) / (KEYS * 0.8)).isCloseTo(1, within(ONE_PER_CENT));
  }

  @Test
  void aLighterBackend_givesWhatItsShareShrinksByAndNothingElseMoves() {
    String[] before = choices(List.of(A, B, C));
    String[] after = choices(List.of(A, B, C.withWeight(25)));

    assertThat(origins(before, after)).containsExactly("c");
    assertThat(moved(before, after)).isEqualTo(count(before, C) - count(after, C));
    assertThat(count(after, B) / (KEYS * 0.4)).isCloseTo(1, within(ONE_PER_CENT));
  }

  private String[] choices(List<Backend> backends) {
    Picker picker = new WeightedRendezvous().picker(backends, List.of());
    return Arrays.stream(keys).mapToObj(key -> picker.pick(key).name()).toArray(String[]::new);
  }

  private static long count(String[] choices, Backend backend) {
    return Arrays.stream(choices).filter(backend.name()::equals).count();
  }

  private static long moved(String[] before, String[] after) {
    return moves(before, after).count();
  }

  private static Iterable<String> origins(String[] before, String[] after) {
    return moves(before, after).mapToObj(i -> before[i]).collect(toSet());
  }

  private static Iterable<String> destinations(String[] before, String[] after) {
    return moves(before, after).mapToObj(i -> after[i]).collect(toSet());
  }

  private static IntStream moves(String[] before, String[] after) {
    return IntStream.range(0, KEYS).filter(i -> !before[i].equals(after[i]));
  }

  private static long[] addresses() {
    KeyHasher hasher = KeyHasher.of(new byte[KeyHasher.MIN_SECRET_BYTES]);
    return IntStream.range(0x0A000000, 0x0A000000 + KEYS)
        .mapToObj(address -> ByteBuffer.allocate(Integer.BYTES).putInt(address).array())
        .mapToLong(hasher::address)
        .toArray();
  }

  private static Backend backend(String id, int weight) {
    return Backend.of(id, "10.0.0.1", 80).withWeight(weight);
  }
}
