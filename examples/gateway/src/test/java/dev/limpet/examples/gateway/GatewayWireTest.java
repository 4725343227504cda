package dev.limpet.examples.gateway;

import static dev.limpet.testkit.WireFinding.DROPPED;
import static dev.limpet.testkit.WireFinding.PASSED_ON;
import static dev.limpet.testkit.WireFinding.REFUSED;

import dev.limpet.core.Backend;
import dev.limpet.core.StickySession;
import dev.limpet.testkit.StoryProxy;
import dev.limpet.testkit.WireFinding;
import dev.limpet.testkit.WireStory;
import dev.limpet.testkit.WireTrial;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/** What docs/gateway-requests.md says of interim responses and of octets beyond an answer. */
@Tag("slow")
class GatewayWireTest extends WireStory {
  @Override
  protected StoryProxy start(List<Backend> backends, StickySession session) throws IOException {
    return GatewayStoryTest.proxy(backends, session);
  }

  @Override
  protected Map<WireTrial, WireFinding> documented() {
    Map<WireTrial, WireFinding> findings = new EnumMap<>(WireTrial.class);
    for (WireTrial trial : WireTrial.values()) {
      findings.put(trial, DROPPED);
    }
    findings.put(WireTrial.EARLY_HINTS, PASSED_ON);
    findings.put(WireTrial.UNASKED_SWITCH, REFUSED);
    return findings;
  }
}
