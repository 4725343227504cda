package dev.limpet.spring.gateway;

import static dev.limpet.testkit.WireFinding.DROPPED;
import static dev.limpet.testkit.WireFinding.REFUSED;

import dev.limpet.core.Backend;
import dev.limpet.core.StickySession;
import dev.limpet.testkit.StoryProxy;
import dev.limpet.testkit.WireFinding;
import dev.limpet.testkit.WireStory;
import dev.limpet.testkit.WireTrial;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/** What docs/spring-cloud-gateway.md says of interim responses and of octets beyond an answer. */
@Tag("slow")
class WebMvcWireTest extends WireStory {
  @Override
  protected StoryProxy start(List<Backend> backends, StickySession session) throws Exception {
    return WebMvcStoryTest.proxy(backends, session);
  }

  @Override
  protected Map<WireTrial, WireFinding> documented() {
    Map<WireTrial, WireFinding> findings = new EnumMap<>(WireTrial.class);
    for (WireTrial trial : WireTrial.values()) {
      findings.put(trial, DROPPED);
    }
    findings.put(WireTrial.UNASKED_SWITCH, REFUSED);
    return findings;
  }
}
