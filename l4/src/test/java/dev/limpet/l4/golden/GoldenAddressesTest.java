package dev.limpet.l4.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.table.Restored;
import dev.limpet.l4.SourceIpAffinity;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients find their backend after an update. */
class GoldenAddressesTest {
  @TempDir
  private Path folder;

  @ParameterizedTest
  @MethodSource("dev.limpet.l4.golden.GoldenAddresses#versions")
  void savedSessions_areKnownByTheirAddresses(String version) throws IOException {
    Path file = Files.write(folder.resolve("saved"), GoldenAddresses.bytes(version));
    SourceIpAffinity<InetAddress> affinity = GoldenAddresses.affinity(
        GoldenAddresses.SAVED_AT.plus(GoldenAddresses.almostTheDuration()));

    assertThat(affinity.restore(file)).isEqualTo(Restored.of(20, 0, 0));

    Pool pool = Pool.of("db", Backend.of("db1", "10.0.0.1", 5432), GoldenAddresses.HOME);
    StickyRouter<InetAddress> router = StickyRouter.of(pool, affinity);
    for (InetAddress client : GoldenAddresses.clients()) {
      assertThat(router.route(client)).hasToString("KEPT db2");
    }
  }
}
