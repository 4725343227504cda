import org.jspecify.annotations.NullMarked;

/** Sticky sessions in the proxy of Jetty. */
@NullMarked
module dev.limpet.jetty {
  requires transitive dev.limpet.l7;
  requires transitive org.eclipse.jetty.proxy;

  exports dev.limpet.jetty;
}
