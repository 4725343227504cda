package dev.limpet.testkit;

import dev.limpet.core.Pool;
import dev.limpet.core.StickySession;
import java.io.IOException;

/** What the example calls a proxy. */
final class MyProxy extends RawProxy {
  private MyProxy(Pool pool, StickySession session) throws IOException {
    super(pool, session);
  }

  static MyProxy start(Pool pool, StickySession session) throws IOException {
    return new MyProxy(pool, session);
  }
}
