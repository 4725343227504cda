package dev.limpet.examples.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Affinity;
import dev.limpet.core.Pool;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.examples.gateway.config.ConfigReader;
import dev.limpet.examples.gateway.config.StickyConfig;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How sessions stick, in words and with the keys of the file. */
class StickinessViewTest {
  private static final String YAML = """
      profile: open
      listeners: [{name: web, protocol: http, port: 8080, pool: web}]
      pools:
        - name: web
          stickySession: %s
          backends: [{id: web1, address: "127.0.0.1:9101"}]
      """;

  private static StickyConfig read(String settings) {
    var reading = ConfigReader.source(YAML.formatted(settings));
    assertThat(reading.faults()).isEmpty();
    return reading.source().config().pools().get(0).stickySession();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      {type: lb-cookie, maxDuration: 8h} | sticky by LB cookie, 20 min sliding, up to 8 h
      {type: source-ip, mode: absolute} | sticky by source IP, 20 min absolute
      {type: app-cookie, cookieName: SID} | sticky by app cookie SID, 20 min sliding
      {type: route-suffix} | sticky by the route after the session id in JSESSIONID
      {type: prefix-cookie, cookieName: SID} | sticky by a prefix in the cookie SID, 1 d absolute
      {type: header, header: X-Id} | sticky by header X-Id (learned), 30 min sliding
      {type: mcp} | sticky by MCP session (sealed), 1 d absolute
      {type: query, parameter: cart} | sticky by query parameter cart, 20 min sliding
      {type: path, parameter: cart} | sticky by path parameter cart, 20 min sliding
      """)
  void effectiveStickiness_isASentence(String settings, String text) {
    StickyConfig config = read(settings);
    StickySession session = config.session();
    Pool pool = Pool.of("web");
    StickyRouter<String> router = StickyRouter.of(
        pool,
        KeyAffinity.<String>builder((request, hasher) -> 1).session(session).build());

    assertThat(StickinessView.effective(router, config)).isEqualTo(text);
    assertThat(StickinessView.effective(StickyRouter.of(pool, Affinity.none()), config))
        .isEqualTo("not sticky");
    assertThat(StickinessView.effective(router, null)).isEqualTo("not sticky");
  }

  /** So a page may send back what it got. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{type: lb-cookie}",
        "{type: lb-cookie, duration: 2h, maxDuration: 8h, cookieName: c, encrypted: true, "
            + "secure: true, path: /a, domain: a.example, sameSite: none, partitioned: true}",
        "{type: lb-cookie, hostPrefix: true, secure: true}",
        "{type: source-ip, mode: absolute, ipv6Prefix: 64, "
            + "quota: {percent: 5, newPerSecond: 7}}",
        "{type: source-ip, quota: {}}",
        "{type: app-cookie, cookieName: SID}",
        "{type: route-suffix, cookieName: R, pathParameter: none, cookieFirst: true, "
            + "separator: '!', ranked: true, appendRoute: true}",
        "{type: prefix-cookie, cookieName: SID, duration: 2h, encrypted: true}",
        "{type: header, header: X-Id, form: sent, duration: 90s}",
        "{type: mcp, form: learned}",
        "{type: query, parameter: cart}",
        "{type: path, parameter: cart, maxDuration: 1h}"
      })
  void settings_areReadAsTheSameAgain(String settings) {
    StickyConfig config = read(settings);
    JsonObject json = StickinessView.json(config);
    json.stream()
        .filter(entry -> entry.getValue() == null)
        .map(entry -> entry.getKey())
        .toList()
        .forEach(json::remove);

    assertThat(read(json.encode())).isEqualTo(config);
  }
}
