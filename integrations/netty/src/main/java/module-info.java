import org.jspecify.annotations.NullMarked;

/** Sticky connections in proxies that are built on Netty. */
@NullMarked
module dev.limpet.netty {
  requires transitive dev.limpet.l4;
  requires transitive io.netty.common;
  requires transitive io.netty.transport;
  requires io.netty.buffer;
  requires static io.netty.codec.haproxy;

  exports dev.limpet.netty;
}
