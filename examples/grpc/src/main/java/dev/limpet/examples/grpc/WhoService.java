package dev.limpet.examples.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A service whose servers answer with their names, described by hand. */
final class WhoService {
  private static final Metadata.Key<String> COOKIE =
      Metadata.Key.of("cookie", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> SET_COOKIE =
      Metadata.Key.of("set-cookie", Metadata.ASCII_STRING_MARSHALLER);

  static final MethodDescriptor<String, String> WHO = MethodDescriptor.newBuilder(
          new Text(), new Text())
      .setType(MethodType.UNARY)
      .setFullMethodName(MethodDescriptor.generateFullMethodName("Who", "Who"))
      .build();

  private WhoService() {}

  /** The name of the server that answered, and the cookie that the response sets, if any. */
  record Answer(String server, @Nullable String setCookie) {
    String cookie() {
      return (setCookie == null) ? "" : setCookie.split(";", 2)[0];
    }
  }

  static Server start(String name, int port) throws IOException {
    return NettyServerBuilder.forPort(port)
        .addService(ServerServiceDefinition.builder("Who")
            .addMethod(WHO, ServerCalls.asyncUnaryCall((request, response) -> {
              response.onNext(name);
              response.onCompleted();
            }))
            .build())
        .build()
        .start();
  }

  /** Calls with a cookie in the metadata, or without one if it is empty. */
  static Answer ask(Channel channel, String cookie) {
    Metadata sent = new Metadata();
    if (!cookie.isEmpty()) {
      sent.put(COOKIE, cookie);
    }
    AtomicReference<Metadata> received = new AtomicReference<>(new Metadata());
    Channel calling = ClientInterceptors.intercept(
        channel,
        MetadataUtils.newCaptureMetadataInterceptor(received, new AtomicReference<>()),
        MetadataUtils.newAttachHeadersInterceptor(sent));
    String server = ClientCalls.blockingUnaryCall(calling, WHO, CallOptions.DEFAULT, "");
    return new Answer(server, requireNonNull(received.get(), "headers").get(SET_COOKIE));
  }

  private static final class Text implements Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try (stream) {
        return new String(stream.readAllBytes(), UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
