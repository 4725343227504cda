package dev.limpet.examples.grpc;

import dev.limpet.examples.grpc.GrpcAccess.Response;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpAccessContract;
import io.grpc.Metadata;
import java.util.List;

class GrpcAccessTest extends HttpAccessContract<Metadata, Response> {
  @Override
  protected HttpAccess<Metadata, Response> access() {
    return new GrpcAccess();
  }

  @Override
  protected Metadata newRequest(List<Field> fields) {
    return metadata(fields);
  }

  @Override
  protected Response newResponse(int status, List<Field> fields) {
    return new Response(status, metadata(fields));
  }

  private static Metadata metadata(List<Field> fields) {
    Metadata metadata = new Metadata();
    fields.forEach(field -> metadata.put(
        Metadata.Key.of(field.name(), Metadata.ASCII_STRING_MARSHALLER), field.value()));
    return metadata;
  }
}
