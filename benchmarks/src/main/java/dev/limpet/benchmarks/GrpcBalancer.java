package dev.limpet.benchmarks;

import static java.util.Objects.requireNonNull;

import io.grpc.ChannelLogger;
import io.grpc.ConnectivityState;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A load balancer of gRPC, used through the interface for channels, with backends that connect at
 * once.
 */
final class GrpcBalancer implements AutoCloseable {
  private static final int PORT = 8080;

  private final SynchronizationContext context = new SynchronizationContext((thread, e) -> {
    throw new IllegalStateException(e);
  });
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "grpc-balancer-timer");
        thread.setDaemon(true);
        return thread;
      });
  private final LoadBalancer balancer;
  private final Object config;
  private volatile SubchannelPicker picker =
      new LoadBalancer.FixedResultPicker(PickResult.withError(Status.UNAVAILABLE));

  /**
   * Makes a balancer without backends.
   *
   * @param policy its name in gRPC's registry
   * @param settings the policy's, as in a service config
   */
  GrpcBalancer(String policy, Map<String, ?> settings) {
    LoadBalancerProvider provider =
        requireNonNull(LoadBalancerRegistry.getDefaultRegistry().getProvider(policy), policy);
    this.config =
        requireNonNull(provider.parseLoadBalancingPolicyConfig(settings).getConfig());
    this.balancer = provider.newLoadBalancer(new Helper());
  }

  /** Sets the backends. */
  void serve(List<String> backends) {
    LoadBalancer.ResolvedAddresses addresses = LoadBalancer.ResolvedAddresses.newBuilder()
        .setAddresses(backends.stream()
            .map(id -> InetSocketAddress.createUnresolved(id, PORT))
            .map(EquivalentAddressGroup::new)
            .toList())
        .setLoadBalancingPolicyConfig(config)
        .build();
    context.execute(() -> balancer.acceptResolvedAddresses(addresses));
  }

  /** Picks a backend; picks again if the first pick only opened a connection. */
  PickResult pick(PickSubchannelArgs call) {
    PickResult result = picker.pickSubchannel(call);
    while (!result.hasResult()) {
      result = picker.pickSubchannel(call);
    }
    return result;
  }

  /** {@return the id of the backend that was picked} */
  static String id(PickResult result) {
    InetSocketAddress address =
        (InetSocketAddress) requireNonNull(result.getSubchannel(), result::toString)
            .getAddresses()
            .getAddresses()
            .get(0);
    return address.getHostString();
  }

  @Override
  public void close() {
    context.execute(balancer::shutdown);
    timer.shutdownNow();
  }

  private final class Helper extends LoadBalancer.Helper {
    @Override
    public LoadBalancer.Subchannel createSubchannel(LoadBalancer.CreateSubchannelArgs args) {
      return new GrpcSubchannel(args, context);
    }

    @Override
    public void updateBalancingState(ConnectivityState state, SubchannelPicker newPicker) {
      picker = newPicker;
    }

    @Override
    public void refreshNameResolution() {}

    @Override
    public SynchronizationContext getSynchronizationContext() {
      return context;
    }

    @Override
    public ScheduledExecutorService getScheduledExecutorService() {
      return timer;
    }

    @Override
    public String getAuthority() {
      return "web";
    }

    @Override
    public String getChannelTarget() {
      return "web";
    }

    @Override
    public ManagedChannel createOobChannel(EquivalentAddressGroup addresses, String authority) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ChannelLogger getChannelLogger() {
      return new SilentLogger();
    }
  }

  /** Logs nothing. */
  static final class SilentLogger extends ChannelLogger {
    @Override
    public void log(ChannelLogLevel level, String message) {}

    @Override
    public void log(ChannelLogLevel level, String format, Object... arguments) {}
  }
}
