package dev.limpet.examples.gateway.operate;

import dev.limpet.core.StickyRouter;
import dev.limpet.examples.gateway.config.GatewayConfig;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A gateway as it runs at one moment. Immutable, but its routers and their pools go on changing.
 *
 * @param version grows with each change
 * @param config the configuration in effect
 * @param file the name of the file that the gateway follows; null without a file
 * @param writable whether accepted changes are written to the file
 * @param differences where the configuration in effect differs from the file, in the order of the
 *     configuration; empty without a file
 * @param listeners the listeners by name, in the order of the configuration
 * @param counts what the backends have served, by the names of the pools
 */
public record Running(
    long version,
    GatewayConfig config,
    @Nullable String file,
    boolean writable,
    List<Difference> differences,
    Map<String, Served> listeners,
    Map<String, BackendCounts> counts) {

  /**
   * A value that differs from the file.
   *
   * @param path such as {@code pools.web.backends.web1.weight}
   * @param inFile the value in the file; null if it is absent there, or secret
   * @param inEffect the value in effect; null if it is absent, or secret
   */
  public record Difference(
      String path, @Nullable String inFile, @Nullable String inEffect) {}

  /**
   * A listener.
   *
   * @param port the port that it listens at
   * @param router routes its requests or connections now; after a change of stickiness, another one
   *     does, with the same statistics
   */
  public record Served(int port, StickyRouter<?> router) {}
}
