package dev.limpet.benchmarks.relay;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Backend;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.StickyExchange;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client's connection, with one to each backend that it has used. For its event loop. */
final class ClientEnd extends ChannelInboundHandlerAdapter {
  private final HttpRouter<HttpRequest, HttpResponse> router;
  private final Map<Backend, ChannelFuture> connections = new HashMap<>();
  private @Nullable StickyExchange<HttpRequest, HttpResponse> exchange;
  private @Nullable ChannelFuture present;

  ClientEnd(HttpRouter<HttpRequest, HttpResponse> router) {
    this.router = router;
  }

  @Override
  public void channelRead(ChannelHandlerContext client, Object part) {
    if (part instanceof HttpRequest request) {
      begin(client, request);
    }
    ChannelFuture backend = requireNonNull(present);
    if (backend.isSuccess()) {
      pass(part, backend.channel());
    } else {
      backend.addListener(connected -> pass(part, backend.channel()));
    }
  }

  private void begin(ChannelHandlerContext client, HttpRequest request) {
    StickyExchange<HttpRequest, HttpResponse> begun = router.begin(request);
    begun.fieldsToBackend().forEach(request.headers()::set);
    exchange = begun;
    present = connections.computeIfAbsent(
        requireNonNull(begun.backend()), backend -> connect(client.channel(), backend));
  }

  private static void pass(Object part, Channel to) {
    var unused = (part instanceof LastHttpContent)
        ? to.writeAndFlush(part, to.voidPromise())
        : to.write(part, to.voidPromise());
  }

  private ChannelFuture connect(Channel client, Backend backend) {
    return new Bootstrap()
        .group(client.eventLoop())
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel channel) {
            channel.pipeline().addLast(new HttpClientCodec(), new BackendEnd(client));
          }
        })
        .connect(backend.host(), backend.port());
  }

  /** Passes a response on to the client. */
  private final class BackendEnd extends ChannelInboundHandlerAdapter {
    private final Channel client;

    BackendEnd(Channel client) {
      this.client = client;
    }

    @Override
    public void channelRead(ChannelHandlerContext backend, Object part) {
      StickyExchange<HttpRequest, HttpResponse> under = requireNonNull(exchange);
      if (part instanceof HttpResponse response) {
        under.responded(response);
      }
      if (part instanceof LastHttpContent) {
        under.close();
      }
      pass(part, client);
    }

    @Override
    public void channelInactive(ChannelHandlerContext backend) {
      var unused = client.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext client) {
    if (exchange != null) {
      exchange.close();
    }
    for (ChannelFuture backend : connections.values()) {
      var unused = backend.channel().close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext client, Throwable cause) {
    var unused = client.close();
  }
}
