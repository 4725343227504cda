import org.jspecify.annotations.NullMarked;

/** Sticky sessions in HTTP and TCP proxies on Vert.x. */
@NullMarked
module dev.limpet.vertx {
  requires transitive dev.limpet.l4;
  requires transitive dev.limpet.l7;
  requires transitive io.vertx.core;
  requires static transitive io.vertx.httpproxy;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires static io.netty.codec.haproxy;
  requires io.netty.codec.http;
  requires io.netty.codec.http2;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.resolver;
  requires io.netty.transport;

  exports dev.limpet.vertx;
}
