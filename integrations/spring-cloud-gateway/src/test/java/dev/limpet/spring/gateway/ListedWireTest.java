package dev.limpet.spring.gateway;

import static dev.limpet.testkit.WireFinding.DISTURBS_ANOTHER_CLIENT;
import static dev.limpet.testkit.WireFinding.DROPPED;
import static dev.limpet.testkit.WireFinding.TAKEN_FOR_THE_ANSWER;

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
class ListedWireTest extends WireStory {
  @Override
  protected StoryProxy start(List<Backend> backends, StickySession session) throws Exception {
    return ListedStoryTest.proxy(backends, session);
  }

  @Override
  protected Map<WireTrial, WireFinding> documented() {
    Map<WireTrial, WireFinding> findings = new EnumMap<>(WireTrial.class);
    for (WireTrial trial : WireTrial.values()) {
      findings.put(trial, DROPPED);
    }
    findings.put(WireTrial.EARLY_HINTS, TAKEN_FOR_THE_ANSWER);
    findings.put(WireTrial.PROCESSING, TAKEN_FOR_THE_ANSWER);
    findings.put(WireTrial.UNKNOWN_INTERIM, TAKEN_FOR_THE_ANSWER);
    findings.put(WireTrial.UNASKED_SWITCH, DISTURBS_ANOTHER_CLIENT);
    return findings;
  }
}
