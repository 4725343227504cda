package dev.limpet.spring.gateway;

import dev.limpet.core.PublicApi;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The public API changes on purpose only. */
class PublicApiTest {
  @Test
  void publicApi_isTheCommittedOne() throws IOException {
    PublicApi.check("integrations/spring-cloud-gateway");
  }
}
