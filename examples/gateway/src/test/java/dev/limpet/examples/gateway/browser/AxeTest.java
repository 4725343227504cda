package dev.limpet.examples.gateway.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The committed copy of axe-core. */
class AxeTest {
  @Test
  void copy_isTheOneThatItsPageNames() throws Exception {
    byte[] copy = Browser.resource("/axe/axe.min.js").getBytes(UTF_8);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(copy);

    assertThat(Browser.resource("/axe/README.md")).contains(HexFormat.of().formatHex(hash));
  }
}
