package dev.limpet.benchmarks.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.cookie.ClientCookieDecoder;
import io.netty.handler.codec.http.cookie.ClientCookieEncoder;
import io.netty.handler.codec.http.cookie.Cookie;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A browser with one kept connection, which it makes again if it is closed. It sends its requests
 * one after the other, each as soon as it is due and the previous one has been answered. All its
 * methods run in the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a connection that fails is closed
@Sharable // by its own connections, one at a time
final class Client extends SimpleChannelInboundHandler<FullHttpResponse> {
  private static final int MAX_BODY_BYTES = 1 << 16;

  private final Turn turn;
  private final Bootstrap bootstrap;
  private final Map<String, Cookie> cookies = new TreeMap<>();
  private @Nullable String backend;
  private @Nullable Channel channel;
  private long request;
  private boolean isWaiting;

  /**
   * Creates a client without cookies.
   *
   * @param first its first request; the following ones are those of the same connection
   */
  Client(Turn turn, Bootstrap bootstrap, long first) {
    this.turn = turn;
    this.request = first;
    this.bootstrap = bootstrap.clone().handler(new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel channel) {
        channel
            .pipeline()
            .addLast(new HttpClientCodec(), new HttpObjectAggregator(MAX_BODY_BYTES), Client.this);
      }
    });
  }

  /** Sends the request when it is due, or at once if it is late. */
  void await() {
    if (turn.isOver(request)) {
      turn.end();
      return;
    }
    long earlyNanos = turn.due(request) - System.nanoTime();
    if (earlyNanos > 0) {
      turn.loop().schedule(this::send, earlyNanos, TimeUnit.NANOSECONDS);
    } else {
      send();
    }
  }

  private void send() {
    isWaiting = true;
    if (channel != null && channel.isActive()) {
      write(channel);
    } else {
      channel = null; // so that its late end does not end this request
      bootstrap.connect().addListener((ChannelFuture connected) -> {
        channel = connected.channel();
        if (connected.isSuccess()) {
          write(channel);
        } else {
          proceed();
        }
      });
    }
  }

  private void write(Channel to) {
    FullHttpRequest get =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, turn.target());
    get.headers().set(HttpHeaderNames.HOST, turn.host());
    if (!cookies.isEmpty()) {
      get.headers().set(HttpHeaderNames.COOKIE, ClientCookieEncoder.LAX.encode(cookies.values()));
    }
    to.writeAndFlush(get).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
    response.headers().getAll(HttpHeaderNames.SET_COOKIE).forEach(this::keep);
    if (response.status().equals(HttpResponseStatus.OK)) {
      String name = response.content().toString(StandardCharsets.UTF_8).strip();
      turn.answered(request, backend != null && !backend.equals(name));
      backend = name;
    }
    if (!HttpUtil.isKeepAlive(response)) {
      channel = null;
      context.close();
    }
    proceed();
  }

  private void keep(String field) {
    Cookie cookie = ClientCookieDecoder.LAX.decode(field);
    if (cookie == null) {
      return;
    }
    if (cookie.maxAge() > 0 || cookie.maxAge() == Cookie.UNDEFINED_MAX_AGE) {
      cookies.put(cookie.name(), cookie);
    } else {
      cookies.remove(cookie.name());
    }
  }

  private void proceed() {
    isWaiting = false;
    request += turn.load().connections();
    await();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (isWaiting && context.channel().equals(channel)) {
      proceed();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
