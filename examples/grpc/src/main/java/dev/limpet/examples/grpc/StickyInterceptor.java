package dev.limpet.examples.grpc;

import dev.limpet.examples.grpc.GrpcAccess.Response;
import dev.limpet.l7.HttpRouter;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;

/** Reads the cookie of a call's metadata, and sets it in that of the response. */
record StickyInterceptor(HttpRouter<Metadata, Response> router) implements ClientInterceptor {
  @Override
  public <Q, S> ClientCall<Q, S> interceptCall(
      MethodDescriptor<Q, S> method, CallOptions options, Channel next) {
    StickyCall sticky = new StickyCall(router);
    return new SimpleForwardingClientCall<Q, S>(
        next.newCall(method, options.withOption(StickyCall.KEY, sticky))) {
      @Override
      public void start(Listener<S> listener, Metadata headers) {
        sticky.start(headers);
        super.start(listening(sticky, listener), headers);
      }
    };
  }

  private static <S> ClientCall.Listener<S> listening(
      StickyCall sticky, ClientCall.Listener<S> listener) {
    return new SimpleForwardingClientCallListener<S>(listener) {
      @Override
      public void onHeaders(Metadata headers) {
        sticky.responded(headers);
        super.onHeaders(headers);
      }

      @Override
      public void onClose(Status status, Metadata trailers) {
        sticky.end();
        super.onClose(status, trailers);
      }
    };
  }
}
