package dev.limpet.benchmarks;

import io.grpc.Attributes;
import io.grpc.ChannelLogger;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancer.SubchannelStateListener;
import io.grpc.SynchronizationContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection of gRPC that is ready as soon as it is requested. */
final class GrpcSubchannel extends LoadBalancer.Subchannel {
  private volatile List<EquivalentAddressGroup> addresses;
  private final Attributes attributes;
  private final SynchronizationContext context;
  private @Nullable SubchannelStateListener listener;
  private final @Nullable SubchannelStateListener health;

  GrpcSubchannel(LoadBalancer.CreateSubchannelArgs args, SynchronizationContext context) {
    this.addresses = args.getAddresses();
    this.attributes = args.getAttributes();
    this.health = args.getOption(LoadBalancer.HEALTH_CONSUMER_LISTENER_ARG_KEY);
    this.context = context;
  }

  @Override
  public void start(SubchannelStateListener newListener) {
    listener = newListener;
  }

  @Override
  public void requestConnection() {
    tell(ConnectivityState.CONNECTING);
    tell(ConnectivityState.READY);
  }

  @Override
  public void shutdown() {
    tell(ConnectivityState.SHUTDOWN);
  }

  @Override
  public List<EquivalentAddressGroup> getAllAddresses() {
    return addresses;
  }

  @Override
  public ChannelLogger getChannelLogger() {
    return new GrpcBalancer.SilentLogger();
  }

  @Override
  public void updateAddresses(List<EquivalentAddressGroup> newAddresses) {
    addresses = newAddresses;
  }

  @Override
  public Attributes getAttributes() {
    return attributes;
  }

  private void tell(ConnectivityState state) {
    ConnectivityStateInfo info = ConnectivityStateInfo.forNonError(state);
    context.execute(() -> {
      if (listener != null) {
        listener.onSubchannelState(info);
      }
      if (health != null) {
        health.onSubchannelState(info);
      }
    });
  }
}
