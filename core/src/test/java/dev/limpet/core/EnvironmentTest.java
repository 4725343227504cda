package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {
  private static final byte[] SECRET = secret("0123456789abcdef0123456789abcdef");
  private static final byte[] OTHER = secret("0123456789abcdef0123456789abcdeF");

  private final Environment environment = Environment.of(SECRET);

  @Test
  void keysAreEqual_ifTheSecretsAre() {
    Environment same = Environment.of(SECRET.clone());

    assertThat(same.hasher().string("x")).isEqualTo(environment.hasher().string("x"));
    assertThat(Environment.of(OTHER).hasher().string("x"))
        .isNotEqualTo(environment.hasher().string("x"));
  }

  @Test
  void secret_followsFromThePurposeAndTheSecretAlone() {
    assertThat(environment.secret("a")).isEqualTo(Environment.of(SECRET.clone()).secret("a"));
    assertThat(environment.withClock(() -> 7).withWallClock(new ManualWall()).secret("a"))
        .isEqualTo(environment.secret("a"));
    List<byte[]> all = List.of(
        environment.secret("a"),
        environment.secret("b"),
        environment.secret(""),
        environment.secret("limpet environment"),
        Environment.of(OTHER).secret("a"),
        Environment.of(environment.secret("a")).secret("a"));
    Set<String> different = new HashSet<>();
    all.forEach(secret -> different.add(HexFormat.of().formatHex(secret)));
    assertThat(different).hasSameSizeAs(all);
  }

  /** Nor is it what keys are made with: that of a process with this secret as its own. */
  @Test
  void secret_isNotThatOfTheEnvironment() {
    for (String purpose : List.of("", "a", "limpet session key", "limpet derived key")) {
      byte[] secret = environment.secret(purpose);
      assertThat(secret).hasSize(32).isNotEqualTo(SECRET);
      assertThat(Environment.of(secret).hasher().string("x"))
          .isNotEqualTo(environment.hasher().string("x"))
          .isNotEqualTo(environment.hasher().derived(purpose).string("x"));
    }
  }

  @Test
  void secret_isTheCallersToChange() {
    Arrays.fill(environment.secret("a"), (byte) 0);
    assertThat(environment.secret("a")).isEqualTo(Environment.of(SECRET).secret("a"));
  }

  @Test
  void theSecretOfTheCaller_isNotKept() {
    byte[] mine = SECRET.clone();
    Environment made = Environment.of(mine);
    Arrays.fill(mine, (byte) 0);

    assertThat(made.hasher().string("x")).isEqualTo(environment.hasher().string("x"));
    assertThat(made.secret("a")).isEqualTo(environment.secret("a"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16, 31})
  void aShortSecret_isRefused(int length) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Environment.of(new byte[length]))
        .withMessage("secret: " + length + " bytes (expected: 32 or more)");
  }

  @Test
  void aLongSecret_countsAsAWhole() {
    byte[] longer = Arrays.copyOf(SECRET, 100);
    byte[] different = longer.clone();
    different[99] = 1;

    assertThat(Environment.of(longer).hasher().string("x"))
        .isNotEqualTo(Environment.of(different).hasher().string("x"));
  }

  @Test
  void local_isOneObject() {
    assertThat(Environment.local()).isSameAs(Environment.local());
    assertThat(Pool.of("pool").environment()).isSameAs(Environment.local());
  }

  /** A process is a class loader here. */
  @Test
  void local_hasAnotherSecretInEachProcess() throws Exception {
    long here = Environment.local().hasher().string("x");
    long there = Rewritten.nothing().run(LocalKey.class);
    long elsewhere = Rewritten.nothing().run(LocalKey.class);

    assertThat(Set.of(here, there, elsewhere)).hasSize(3);
  }

  @Test
  void clocks_areThoseThatAreGiven() {
    NanoClock clock = () -> 7;
    ManualWall wall = new ManualWall();
    Environment timed = environment.withClock(clock).withWallClock(wall);

    assertThat(timed.clock()).isSameAs(clock);
    assertThat(timed.wallClock()).isSameAs(wall);
    assertThat(timed.hasher()).isSameAs(environment.hasher());
    assertThat(environment.clock()).isNotSameAs(clock);
    assertThat(environment.wallClock()).isNotSameAs(wall);
    assertThat(environment.withWallClock(wall).withClock(clock).wallClock()).isSameAs(wall);
  }

  @Test
  void toString_saysNothingOfTheSecret() {
    assertThat(environment).hasToString("Environment");
  }

  @Test
  void nullsAreRefused() {
    assertThatNullPointerException().isThrownBy(() -> Environment.of(null));
    assertThatNullPointerException()
        .isThrownBy(() -> environment.withClock(null))
        .withMessage("clock");
    assertThatNullPointerException()
        .isThrownBy(() -> environment.withWallClock(null))
        .withMessage("clock");
    assertThatNullPointerException().isThrownBy(() -> environment.secret(null));
  }

  private static byte[] secret(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The key of a text in a process of its own. */
  static final class LocalKey implements Callable<Long> {
    @Override
    public Long call() {
      return Environment.local().hasher().string("x");
    }
  }
}
