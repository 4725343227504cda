import org.jspecify.annotations.NullMarked;

/** Tests for proxies that embed Limpet. */
@NullMarked
module dev.limpet.testkit {
  requires transitive dev.limpet.l7;
  requires transitive org.junit.jupiter.api;
  requires org.assertj.core;
  requires org.junit.jupiter.params;

  exports dev.limpet.testkit;

  opens dev.limpet.testkit to
      org.junit.platform.commons;
}
