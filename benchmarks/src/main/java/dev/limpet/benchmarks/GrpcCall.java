package dev.limpet.benchmarks;

import io.grpc.CallOptions;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/** The properties of a call that a balancer of gRPC sees: its headers. */
final class GrpcCall extends PickSubchannelArgs {
  private final Metadata headers;

  GrpcCall(Metadata headers) {
    this.headers = headers;
  }

  @Override
  public CallOptions getCallOptions() {
    return CallOptions.DEFAULT;
  }

  @Override
  public Metadata getHeaders() {
    return headers;
  }

  @Override
  public MethodDescriptor<?, ?> getMethodDescriptor() {
    throw new UnsupportedOperationException();
  }
}
