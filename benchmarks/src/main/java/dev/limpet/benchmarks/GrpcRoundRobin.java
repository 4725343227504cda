package dev.limpet.benchmarks;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Backend;
import io.grpc.ClientStreamTracer;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.Metadata;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * gRPC's weighted round robin. It learns weights from the load that backends report with their
 * responses. Here each backend has reported once, with as many requests per second as its weight at
 * full utilization, and the reports do not expire.
 */
final class GrpcRoundRobin {
  private static final Metadata.Key<byte[]> LOAD =
      Metadata.Key.of("endpoint-load-metrics-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final String FOR_EVER = "864000s";
  private static final byte CPU_UTILIZATION =
      1 << 3 | 1; // the tags of the fields: number and wire type
  private static final byte REQUESTS_PER_SECOND = 6 << 3 | 1;

  private final GrpcBalancer balancer = new GrpcBalancer(
      "weighted_round_robin",
      Map.of(
          "blackoutPeriod", "0s",
          "weightExpirationPeriod", FOR_EVER,
          "weightUpdatePeriod", FOR_EVER));
  private final GrpcCall call = new GrpcCall(new Metadata());

  GrpcRoundRobin(List<Backend> backends) {
    List<String> ids = backends.stream().map(Backend::id).toList();
    balancer.serve(ids);
    report(backends.stream().collect(Collectors.toMap(Backend::id, Function.identity())));
    balancer.serve(ids); // makes the weights take effect
  }

  PickResult pick() {
    return balancer.pick(call);
  }

  /** Simulates a response of every backend, with its load report. */
  private void report(Map<String, Backend> backends) {
    Set<String> silent = new HashSet<>(backends.keySet());
    while (!silent.isEmpty()) {
      PickResult picked = pick();
      String id = GrpcBalancer.id(picked);
      if (silent.remove(id)) {
        Metadata trailers = new Metadata();
        trailers.put(LOAD, load(requireNonNull(backends.get(id)).weight()));
        requireNonNull(picked.getStreamTracerFactory())
            .newClientStreamTracer(
                ClientStreamTracer.StreamInfo.newBuilder().build(), call.getHeaders())
            .inboundTrailers(trailers);
      }
    }
  }

  /** Returns a load report in protocol buffers: two doubles. */
  private static byte[] load(int requestsPerSecond) {
    return ByteBuffer.allocate(2 * (1 + Double.BYTES))
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(CPU_UTILIZATION)
        .putDouble(1)
        .put(REQUESTS_PER_SECOND)
        .putDouble(requestsPerSecond)
        .array();
  }
}
