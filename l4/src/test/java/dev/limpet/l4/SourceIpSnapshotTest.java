package dev.limpet.l4;

import static dev.limpet.l4.Addresses.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Environment;
import dev.limpet.core.Outcome;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.table.CaffeineStickyTable;
import dev.limpet.core.table.Restored;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceIpSnapshotTest extends SourceIpRouting {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  @TempDir
  private Path folder;

  private final byte[] secret = new byte[Environment.MIN_SECRET_BYTES];

  @Test
  void clients_findTheirBackendAfterARestart() throws IOException {
    SourceIpAffinity<InetAddress> before = affinity(NOW);
    Map<InetAddress, String> bound = bind(StickyRouter.of(pool, before));
    before.save(file());

    SourceIpAffinity<InetAddress> after = affinity(NOW.plusSeconds(60));
    assertThat(after.restore(file())).isEqualTo(Restored.of(CLIENTS, 0, 0));
    StickyRouter<InetAddress> router = StickyRouter.of(pool, after);
    for (InetAddress client : bound.keySet()) {
      Route route = router.route(client);
      assertThat(route.outcome()).isEqualTo(Outcome.KEPT);
      assertThat(id(route)).isEqualTo(bound.get(client));
    }
  }

  @Test
  void whatIsTooOld_isNotRestored() throws IOException {
    SourceIpAffinity<InetAddress> before = affinity(NOW);
    bind(StickyRouter.of(pool, before));
    before.save(file());
    assertThat(affinity(NOW.plus(Duration.ofHours(1))).restore(file()))
        .isEqualTo(Restored.of(0, CLIENTS, 0));
  }

  @Test
  void affinityOfAnotherSecret_refuses() throws IOException {
    SourceIpAffinity<InetAddress> before = affinity(NOW);
    StickyRouter.of(pool, before).route(ip("192.0.2.1"));
    before.save(file());
    secret[0]++;
    assertThat(affinity(NOW).restore(file()).refusal()).startsWith("signature: wrong");
  }

  @Test
  void otherTable_cannotBeSaved() {
    SourceIpAffinity<InetAddress> affinity = SourceIpAffinity.<InetAddress>builder(
            Function.identity())
        .table((session, environment) -> CaffeineStickyTable.of(session, 10))
        .build();
    String refusal =
        "table: " + CaffeineStickyTable.class.getName() + " (expected: a SaveableTable)";
    assertThatThrownBy(() -> affinity.save(file()))
        .isInstanceOf(IOException.class)
        .hasMessage(refusal);
    assertThat(affinity.restore(file())).isEqualTo(Restored.refused(refusal));
  }

  private Path file() {
    return folder.resolve("sessions");
  }

  private SourceIpAffinity<InetAddress> affinity(Instant now) {
    return SourceIpAffinity.<InetAddress>builder(Function.identity())
        .environment(Environment.of(secret).withWallClock(() -> now))
        .build();
  }
}
