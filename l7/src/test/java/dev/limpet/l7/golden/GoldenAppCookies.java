package dev.limpet.l7.golden;

import dev.limpet.core.Environment;
import dev.limpet.core.Pool;
import dev.limpet.core.StickySession;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.HttpRouter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** Sessions of an app cookie in a table. */
final class GoldenAppCookies {
  static final int SESSIONS = 20;

  private static final byte[] SECRET =
      "limpet golden files: no secret of anybody".getBytes(StandardCharsets.US_ASCII);

  private GoldenAppCookies() {}

  static AppCookieAffinity<Message, Message> affinity(Instant now) {
    return AppCookieAffinity.builder(Message.ACCESS)
        .session(StickySession.appCookie("SID").withDuration(Duration.ofMinutes(20)))
        .environment(Environment.of(SECRET).withClock(() -> 0).withWallClock(() -> now))
        .table((session, environment) -> CompactStickyTable.of(session, 100, environment.clock()))
        .build();
  }

  static void save(Path file) throws IOException {
    AppCookieAffinity<Message, Message> affinity = affinity(Proxy.BEGIN);
    HttpRouter<Message, Message> router =
        HttpRouter.of(Pool.of("web", GoldenTokens.HOME), affinity);
    for (int session = 0; session < SESSIONS; session++) {
      Message request = new Message();
      router.onResponse(
          request, router.route(request), new Message().with("Set-Cookie", "SID=s" + session));
    }
    affinity.save(file);
  }
}
