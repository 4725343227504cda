package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SnapshotFormatTest {

  @Test
  void mostBytes_areThoseOfFullBucketsAndOfAllNamesAtTheirLongest() {
    int names = 16_383 * (2 + 1_024);
    assertThat(SnapshotFormat.mostBytes(new BucketArray(1)))
        .isEqualTo(57 + names + 1 + 2 * (1 + 8 * 8) + 32);
    assertThat(SnapshotFormat.mostBytes(new BucketArray(8_192)))
        .isEqualTo(57 + names + 2 + 1_024 * (1 + 8 * 8) + 32);
  }
}
