package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.StickyRouter;
import dev.limpet.examples.embedding.TenantRouting.Request;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TenantRoutingTest {
  private final StickyRouter<Request> router = TenantRouting.router(
      Pool.of("web", Backend.of("web1", "10.0.0.1", 8080), Backend.of("web2", "10.0.0.2", 8080)));

  @ParameterizedTest
  @ValueSource(strings = {"blue", "BLUE", " Blue "})
  void tenant_hasOneBackendHoweverItIsSpelledAndWhereverItComesFrom(String spelled)
      throws UnknownHostException {
    Backend home = router.route(request("blue", "192.0.2.1")).backend();

    assertThat(router.route(request(spelled, "198.51.100.7")).backend()).isEqualTo(home);
  }

  @Test
  void tenants_areSpread() throws UnknownHostException {
    assertThat(router.route(request("green", "192.0.2.1")).backend())
        .isNotEqualTo(router.route(request("blue", "192.0.2.1")).backend());
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " "})
  void requestWithoutATenant_goesByItsNetwork(String tenant) throws UnknownHostException {
    Backend home = router.route(request(tenant, "2001:db8::1")).backend();

    assertThat(router.route(request(null, "2001:db8::2")).backend()).isEqualTo(home);
    assertThat(router.route(request(null, "2001:db8:0:1::2")).outcome()).isEqualTo(Outcome.NEW);
  }

  @Test
  void tenantThatIsNamedLikeAnAddress_isNotThatAddress() throws UnknownHostException {
    router.route(request(null, "192.0.2.1"));

    assertThat(router.route(request("192.0.2.1", "192.0.2.1")).outcome()).isEqualTo(Outcome.NEW);
  }

  @Test
  void story_tellsWhatHappened() throws UnknownHostException {
    ByteArrayOutputStream told = new ByteArrayOutputStream();

    TenantRouting.tell(new PrintStream(told, true, StandardCharsets.UTF_8));

    assertThat(told.toString(StandardCharsets.UTF_8).lines())
        .satisfiesExactly(
            line -> assertThat(line).matches("blue +192.0.2.1 +-> NEW web\\d \\(UNKNOWN\\)"),
            line -> assertThat(line).matches(" Blue +198.51.100.7 +-> KEPT web\\d"),
            line -> assertThat(line).matches("green +192.0.2.1 +-> NEW web\\d \\(UNKNOWN\\)"),
            line -> assertThat(line).matches("- +2001:db8::1 +-> NEW web\\d \\(UNKNOWN\\)"),
            line -> assertThat(line).matches("- +2001:db8::cafe +-> KEPT web\\d"),
            line -> assertThat(line).matches("web\\d goes down"),
            line -> assertThat(line).matches("blue +192.0.2.1 +-> MOVED web\\d \\(BACKEND_DOWN\\)"),
            line -> assertThat(line).matches("blue +198.51.100.7 +-> KEPT web\\d"));
  }

  private static Request request(String tenant, String source) throws UnknownHostException {
    return new Request(tenant, InetAddress.getByName(source));
  }
}
