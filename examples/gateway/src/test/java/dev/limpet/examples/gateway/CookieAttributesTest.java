package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The attributes of LB cookies as clients get them. */
@Timeout(30)
class CookieAttributesTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      encrypted: false | limpet-web | ; Path=/; HttpOnly; SameSite=Lax
      sameSite: strict | limpet-web | ; Path=/; HttpOnly; SameSite=Strict
      path: /app | limpet-web | ; Path=/app; HttpOnly; SameSite=Lax
      domain: example.com | limpet-web | ; Path=/; Domain=example.com; HttpOnly; SameSite=Lax
      secure: true | __Host-limpet-web | ; Path=/; Secure; HttpOnly; SameSite=Lax
      secure: true, hostPrefix: false | limpet-web | ; Path=/; Secure; HttpOnly; SameSite=Lax
      secure: true, path: /app | limpet-web | ; Path=/app; Secure; HttpOnly; SameSite=Lax
      secure: true, domain: example.com | limpet-web | ; Path=/; Domain=example.com; Secure; HttpOnly; SameSite=Lax
      secure: true, sameSite: none | __Host-limpet-web | ; Path=/; Secure; HttpOnly; SameSite=None
      secure: true, partitioned: true | __Host-limpet-web | ; Path=/; Secure; HttpOnly; SameSite=Lax; Partitioned
      """)
  void cookiesHaveTheAttributesOfTheFile(String settings, String name, String attributes)
      throws Exception {
    String sticky = "stickySession: {type: lb-cookie, " + settings + "}";
    try (TestBackend b1 = TestBackend.http("b1");
        TestGateway gateway =
            TestGateway.of(TestGateway.yaml("http", "", sticky, List.of(b1.entry())))) {
      String field = new Client(gateway.port()).get().field("set-cookie");

      assertThat(field).startsWith(name + "=");
      assertThat(field.substring(field.indexOf(';'))).isEqualTo(attributes);
    }
  }
}
