package dev.limpet.l7.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.table.Restored;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.HttpRouter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions of an app cookie go on after an update. */
class GoldenAppCookiesTest {
  @TempDir
  private Path folder;

  @ParameterizedTest
  @MethodSource("dev.limpet.l7.golden.GoldenTokens#versions")
  void savedSessions_areKnownByTheirCookies(String version) throws IOException {
    Path file =
        Files.write(folder.resolve("saved"), GoldenTokens.bytes(version, GoldenTokens.TABLE));
    AppCookieAffinity<Message, Message> affinity =
        GoldenAppCookies.affinity(Proxy.BEGIN.plus(Duration.ofMinutes(19)));

    assertThat(affinity.restore(file)).isEqualTo(Restored.of(GoldenAppCookies.SESSIONS, 0, 0));

    Pool pool = Pool.of("web", Backend.of("web1", "10.0.0.1", 80), GoldenTokens.HOME);
    HttpRouter<Message, Message> router = HttpRouter.of(pool, affinity);
    for (int session = 0; session < GoldenAppCookies.SESSIONS; session++) {
      assertThat(router.route(new Message().with("Cookie", "SID=s" + session)))
          .hasToString("KEPT " + GoldenTokens.HOME.name());
    }
    assertThat(router.peek(new Message().with("Cookie", "SID=unknown")).name()).isNull();
  }
}
