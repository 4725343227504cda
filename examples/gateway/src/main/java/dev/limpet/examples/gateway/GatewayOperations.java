package dev.limpet.examples.gateway;

import dev.limpet.examples.gateway.operate.Change;
import dev.limpet.examples.gateway.operate.Choices;
import dev.limpet.examples.gateway.operate.Draining;
import dev.limpet.examples.gateway.operate.Edit;
import dev.limpet.examples.gateway.operate.Operations;
import dev.limpet.examples.gateway.operate.Preview;
import dev.limpet.examples.gateway.operate.Running;
import dev.limpet.examples.gateway.operate.StoryControl;
import dev.limpet.examples.gateway.operate.Trace;
import dev.limpet.examples.gateway.operate.TracedRequest;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The operations for operators, on a gateway and its configuration. */
final class GatewayOperations implements Operations {
  private final Gateway gateway;
  private final LiveConfig config;
  private volatile @Nullable StoryControl story;

  GatewayOperations(Gateway gateway, LiveConfig config) {
    this.gateway = gateway;
    this.config = config;
  }

  /** Lets operators play the story. */
  void offer(StoryControl control) {
    story = control;
  }

  @Override
  public Running running() {
    return atRest(running -> running);
  }

  @Override
  public <T> T atRest(Function<? super Running, T> reading) {
    return config.atRest(
        () -> reading.apply(config.running(gateway.listeners(), gateway.counts())));
  }

  @Override
  public Change change(Edit edit, @Nullable Long expected, String who) {
    return config.change(edit, expected, who);
  }

  @Override
  public Preview preview(Edit.Stickiness edit) {
    return config.preview(edit);
  }

  @Override
  public Choices choices(String owner) {
    return config.choices(owner);
  }

  @Override
  public List<Draining> drains() {
    return gateway.drains().drains();
  }

  @Override
  public Trace trace(TracedRequest request) {
    return gateway.trace(request);
  }

  @Override
  public List<String> audit() {
    return config.audit();
  }

  @Override
  public @Nullable StoryControl story() {
    return story;
  }
}
