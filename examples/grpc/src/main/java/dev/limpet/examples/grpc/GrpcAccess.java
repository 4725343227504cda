package dev.limpet.examples.grpc;

import dev.limpet.l7.HttpAccess;
import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.List;

/** Reads the metadata of calls. */
final class GrpcAccess implements HttpAccess<Metadata, GrpcAccess.Response> {

  /** The metadata of a response, and its HTTP status, which is 200 in gRPC. */
  record Response(int status, Metadata metadata) {}

  @Override
  public List<String> requestFields(Metadata request, String name) {
    return values(request, name);
  }

  @Override
  public int status(Response response) {
    return response.status();
  }

  @Override
  public List<String> fields(Response response, String name) {
    return values(response.metadata(), name);
  }

  @Override
  public void setFields(Response response, String name, List<String> values) {
    set(response.metadata(), name, values);
  }

  static void set(Metadata metadata, String name, List<String> values) {
    metadata.removeAll(key(name));
    values.forEach(value -> metadata.put(key(name), value));
  }

  private static List<String> values(Metadata metadata, String name) {
    List<String> values = new ArrayList<>();
    Iterable<String> found = metadata.getAll(key(name));
    if (found != null) {
      found.forEach(values::add);
    }
    return values;
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
