package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The sums of a chain, and what is shown of them. */
class ResponseStatsTest {
  @Test
  void plus_addsEveryNumber() {
    ResponseStats sum = counts(1).stats().plus(counts(100).stats());

    assertThat(sum)
        .hasToString("issued 101, refreshed 202, learned 303, learn rejected 404,"
            + " learn conflicts 505, unlearned 606, unsealed 707, foreign Set-Cookies 808,"
            + " foreign cookies 909, ambiguous tags 1010, marked 1111, unmarked 1212");
    assertThat(sum.learnConflicts()).isEqualTo(505);
    assertThat(sum.unsealed()).isEqualTo(707);
  }

  private static ResponseCounts counts(long times) {
    ResponseCounts counts = new ResponseCounts();
    counts.issued.add(times);
    counts.refreshed.add(2 * times);
    counts.learned.add(3 * times);
    counts.learnRejected.add(4 * times);
    counts.learnConflicts.add(5 * times);
    counts.unlearned.add(6 * times);
    counts.unsealed.add(7 * times);
    counts.foreignSetCookies.add(8 * times);
    counts.foreignCookies.add(9 * times);
    counts.ambiguousTags.add(10 * times);
    counts.marked.add(11 * times);
    counts.unmarked.add(12 * times);
    return counts;
  }
}
