package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Sixteen times the text costs about sixteen times the time of this thread and sixteen times the memory,
 * where work that grows with the square would cost 256 times as much. Time is the least of many rounds.
 */
@Tag("long")
class LinearWorkTest {
  private static final String NAME = "sid";
  private static final int SHORT = 4 * 1024;
  private static final int TIMES = 16;
  private static final int TOO_MUCH = 64;
  private static final int ROUNDS = 10;
  private static final int MOST_ROUNDS = 60;

  private static final List<String> PIECES = List.of(
      "a=;",
      ";",
      "=",
      "=;",
      "\"",
      "\";",
      "a=\"",
      " ",
      " \t;",
      " a",
      "= ",
      "s",
      NAME,
      NAME + ' ',
      NAME + "=",
      NAME + ";",
      NAME + "=x;",
      NAME + " = x ; ",
      "x" + NAME + "=;",
      "a=b; " + NAME + "=x; ",
      "Expires=;",
      "Max-Age=1;",
      "1:",
      "1 ",
      "Jan ",
      ",",
      "private,",
      "no-cache=\"",
      "\\");

  /** What is done with a text of a request or of a response. */
  enum Work {
    SCAN(text -> CookieScan.next(List.of(text), NAME, CookieScan.START) != CookieScan.NONE),
    SCAN_TO_THE_END(text -> CookieScanTest.values(List.of(text), NAME).isEmpty()),
    STRIP(text -> CookieStripper.strip(List.of(text), NAME).isEmpty()),
    SET_COOKIE(text -> isDeletion(NAME + "=x;" + text)),
    EXPIRES(text -> isDeletion(NAME + "=x; Expires=" + text)),
    MAX_AGE(text -> isDeletion(NAME + "=x; Max-Age=" + text)),
    CACHE_CONTROL(text -> CacheControl.protectsCookies(List.of(text)));

    private final Predicate<String> work;

    Work(Predicate<String> work) {
      this.work = work;
    }

    private static boolean isDeletion(String field) {
      SetCookieField read = SetCookieField.parse(field, NAME);
      return read != null && read.isDeletion(Instant.EPOCH);
    }
  }

  private final ThreadMXBean bean = bean();

  @ParameterizedTest
  @EnumSource
  void workGrowsAsTheTextDoes(Work work) {
    for (String piece : PIECES) {
      assertThat(grows(bean::getCurrentThreadCpuTime, piece, work.work))
          .as(piece)
          .isFalse();
      assertThat(grows(this::allocated, piece, work.work)).as(piece).isFalse();
    }
  }

  @Test
  void foreignCookies_costNoMemory() {
    for (String piece : PIECES) {
      List<String> fields = List.of("x" + piece.repeat(TIMES * SHORT / piece.length()));
      Predicate<String> scan = name -> CookieScan.next(fields, name, CookieScan.START) == 0;

      long least = Long.MAX_VALUE;
      for (int round = 0; round < ROUNDS; round++) {
        least = Math.min(least, cost(this::allocated, "no cookie's", scan));
      }
      assertThat(least).as(piece).isZero();
    }
  }

  @Test
  void workThatGrowsWithTheSquare_isFoundOut() {
    Predicate<String> searchesAllThatFollows = text -> IntStream.range(0, text.length())
        .filter(i -> text.charAt(i) == ';')
        .allMatch(i -> text.indexOf('!', i) < 0);
    Predicate<String> copiesAllThatFollows = text -> IntStream.range(0, text.length())
        .filter(i -> text.charAt(i) == ';')
        .mapToObj(text::substring)
        .noneMatch(String::isEmpty);

    assertThat(grows(bean::getCurrentThreadCpuTime, "a=;", searchesAllThatFollows))
        .isTrue();
    assertThat(grows(this::allocated, "a=" + "b".repeat(61) + ';', copiesAllThatFollows))
        .isTrue();
  }

  /** {@return whether the cost of a text grows by more than the text does, in the least of many rounds} */
  private static boolean grows(LongSupplier meter, String piece, Predicate<String> work) {
    String text = piece.repeat(SHORT / piece.length());
    String longer = text.repeat(TIMES);
    long least = Long.MAX_VALUE;
    long leastOfLonger = Long.MAX_VALUE;
    for (int round = 1; round <= MOST_ROUNDS; round++) {
      least = Math.min(least, cost(meter, text, work));
      leastOfLonger = Math.min(leastOfLonger, cost(meter, longer, work));
      if (round >= ROUNDS && leastOfLonger < TOO_MUCH * Math.max(least, 1)) {
        return false;
      }
    }
    return true;
  }

  private static long cost(LongSupplier meter, String text, Predicate<String> work) {
    long before = meter.getAsLong();
    boolean answer = work.test(text);
    long after = meter.getAsLong();
    assertThat(answer).isIn(true, false);
    return after - before;
  }

  private long allocated() {
    return bean.getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  private static ThreadMXBean bean() {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean
            && bean.isThreadAllocatedMemorySupported()
            && bean.isCurrentThreadCpuTimeSupported(),
        "this runtime measures neither time nor allocation of a thread");
    return (ThreadMXBean) ManagementFactory.getThreadMXBean();
  }
}
