package dev.limpet.benchmarks;

import io.grpc.LoadBalancer.PickResult;
import io.grpc.Metadata;
import java.util.List;
import java.util.Map;

/** gRPC: its ring hash of a header that contains the session's id, with the default ring size. */
final class GrpcPeer extends ListPeer {
  private static final String HEADER = "session-id";
  private static final String HASH_OF_HEADER = "GRPC_EXPERIMENTAL_RING_HASH_SET_REQUEST_HASH_KEY";

  static {
    System.setProperty(HASH_OF_HEADER, "true");
  }

  private final GrpcBalancer balancer =
      new GrpcBalancer("ring_hash_experimental", Map.of("requestHashHeader", HEADER));
  private final GrpcCall[] calls;

  GrpcPeer(List<String> backends, String[] ids) {
    super(backends, ids.length);
    Metadata.Key<String> key = Metadata.Key.of(HEADER, Metadata.ASCII_STRING_MARSHALLER);
    this.calls = new GrpcCall[ids.length];
    for (int session = 0; session < ids.length; session++) {
      Metadata headers = new Metadata();
      headers.put(key, ids[session]);
      calls[session] = new GrpcCall(headers);
    }
    serve(backends);
  }

  @Override
  public Object route(int session) {
    return balancer.pick(calls[session]);
  }

  @Override
  String request(int session) {
    return GrpcBalancer.id((PickResult) route(session));
  }

  @Override
  void serve(List<String> backends) {
    balancer.serve(backends);
  }
}
