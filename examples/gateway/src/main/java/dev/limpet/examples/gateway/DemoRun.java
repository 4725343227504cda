package dev.limpet.examples.gateway;

import dev.limpet.core.Member;
import dev.limpet.examples.gateway.config.ConfigSource;
import dev.limpet.examples.gateway.config.DefaultConfig;
import dev.limpet.examples.gateway.demo.Control;
import dev.limpet.examples.gateway.demo.DemoBackend;
import dev.limpet.examples.gateway.demo.Story;
import dev.limpet.examples.gateway.operate.Change;
import dev.limpet.examples.gateway.operate.Edit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.Stream;

/** Runs the gateway in front of built-in backends and plays the story. */
final class DemoRun {
  private static final int FAILED = 1;
  private static final int BACKLOG = 1;

  private final Console console;

  DemoRun(Console console) {
    this.console = console;
  }

  /**
   * Returns the exit status; returns only if {@code check} is set, or if nothing could be started.
   */
  int run(boolean check) throws InterruptedException {
    List<DemoBackend> backends =
        Stream.of("web1", "web2", "web3").map(DemoBackend::start).toList();
    try {
      return run(backends, check);
    } catch (IOException e) {
      console.complain(String.valueOf(e.getMessage()));
      return FAILED;
    } finally {
      backends.forEach(DemoBackend::close);
    }
  }

  private int run(List<DemoBackend> backends, boolean check)
      throws IOException, InterruptedException {
    try (Gateway gateway = Gateway.start(source(backends), null, console)) {
      Story story = new Story(new GatewayControl(gateway), backends, console.out());
      Story.Result result = story.play();
      if (!check) {
        gateway.operations().offer(new StoryPlays(console, story));
        console.say(
            "serving until Ctrl-C: try curl -i http://127.0.0.1:" + gateway.port("web") + "/");
        console.say("console: http://127.0.0.1:" + gateway.adminPort() + "/");
        Shutdown.await(gateway);
      }
      return result.holds() ? 0 : FAILED;
    }
  }

  private static ConfigSource source(List<DemoBackend> backends) {
    InetAddress local = InetAddress.getLoopbackAddress();
    List<DefaultConfig.Server> servers = backends.stream()
        .map(backend ->
            new DefaultConfig.Server(backend.name(), backend.httpPort(), backend.tcpPort()))
        .toList();
    return DefaultConfig.source(servers, port -> isFree(local, port));
  }

  private static boolean isFree(InetAddress local, int port) {
    try (ServerSocket probe = new ServerSocket(port, BACKLOG, local)) {
      return probe.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private record GatewayControl(Gateway gateway) implements Control {
    @Override
    public int port(String listener) {
      return gateway.port(listener);
    }

    @Override
    public void drain(String pool, String backend) {
      change(new Edit.Drain(pool, backend, null, true));
    }

    @Override
    public void ready(String pool, String backend) {
      change(new Edit.Ready(pool, backend));
    }

    private void change(Edit edit) {
      Change change = gateway.operations().change(edit, null, "story");
      if (!(change instanceof Change.Done)) {
        throw new IllegalStateException(edit + " (" + change + ")");
      }
    }

    @Override
    public Member.State state(String pool, String backend) {
      for (Member member : gateway.pool(pool).snapshot().members()) {
        if (member.backend().id().equals(backend)) {
          return member.state();
        }
      }
      throw new IllegalArgumentException(
          "backend: " + backend + " (expected: one of pool " + pool + ")");
    }
  }
}
