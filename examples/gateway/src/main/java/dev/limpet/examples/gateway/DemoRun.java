package dev.limpet.examples.gateway;

import dev.limpet.core.Member;
import dev.limpet.core.PoolEdit;
import dev.limpet.examples.gateway.config.AdminConfig;
import dev.limpet.examples.gateway.config.DefaultConfig;
import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.config.ListenerConfig;
import dev.limpet.examples.gateway.demo.Control;
import dev.limpet.examples.gateway.demo.DemoBackend;
import dev.limpet.examples.gateway.demo.Story;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.function.Consumer;
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
    try (Gateway gateway = Gateway.start(withFreePorts(config(backends)), console)) {
      Story.Result result = new Story(new GatewayControl(gateway), backends, console.out()).play();
      if (!check) {
        console.say(
            "serving until Ctrl-C: try curl -i http://127.0.0.1:" + gateway.port("web") + "/");
        console.say("metrics: http://127.0.0.1:" + gateway.adminPort() + "/metrics");
        Shutdown.await(gateway);
      }
      return result.holds() ? 0 : FAILED;
    }
  }

  private static GatewayConfig config(List<DemoBackend> backends) {
    return DefaultConfig.of(backends.stream()
        .map(backend ->
            new DefaultConfig.Server(backend.name(), backend.httpPort(), backend.tcpPort()))
        .toList());
  }

  private static GatewayConfig withFreePorts(GatewayConfig config) throws IOException {
    InetAddress local = InetAddress.getLoopbackAddress();
    List<ListenerConfig> listeners = config.listeners().stream()
        .map(listener -> isFree(local, listener.port()) ? listener : listener.withPort(0))
        .toList();
    AdminConfig admin = config.admin();
    return (admin == null || isFree(local, admin.port()))
        ? config.withListeners(listeners)
        : config.withListeners(listeners).withAdmin(admin.withPort(0));
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
    public void change(String pool, Consumer<PoolEdit> edit) {
      gateway.pool(pool).change(edit);
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
