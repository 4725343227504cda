package dev.limpet.examples.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;

class IpLiteralProperties {
  @Property
  void everySpellingIsTheAddress(@ForAll("addresses") byte[] bytes, @ForAll long seed) {
    String text = Spellings.of(bytes, new Random(seed));

    assertThat(IpLiteral.bytes(text)).as(text).isEqualTo(bytes);
  }

  /** As the JDK reads it, which reads more. */
  @Property(tries = 5000)
  void whatIsReadIsWhatItSays(
      @ForAll @StringLength(max = 20) @Chars({'0', '1', '2', 'f', ':', '.'}) String text)
      throws UnknownHostException {
    InetAddress address = IpLiteral.parse(text);

    if (address != null) {
      assertThat(address).as(text).isEqualTo(InetAddress.getByName(text));
    }
  }

  @Property
  void textIsAsRfc5952HasIt(@ForAll("addresses") byte[] bytes) throws Exception {
    InetAddress address = InetAddress.getByAddress(bytes);
    String text = IpLiteral.text(address);

    assertThat(IpLiteral.parse(text)).isEqualTo(address);
    if (address.getAddress().length == 16) {
      assertThat(text).isEqualTo(rfc5952(address.getHostAddress()));
    }
  }

  /** The text of a backend's address is what Vert.x connects to. */
  @Property
  void textIsNoOtherAddressToVertx(@ForAll("addresses") byte[] bytes) throws Exception {
    InetAddress address = InetAddress.getByAddress(bytes);

    SocketAddress socket = SocketAddress.inetSocketAddress(80, IpLiteral.text(address));

    assertThat(InetAddress.getByName(socket.hostAddress())).isEqualTo(address);
  }

  @Provide
  Arbitrary<byte[]> addresses() {
    return Arbitraries.longs().map(seed -> Spellings.address(new Random(seed)));
  }

  /**
   * Shortens eight groups without leading zeros: the first of the longest runs of zeros, if of two
   * or more.
   */
  private static String rfc5952(String text) {
    List<String> groups = List.of(text.split(":"));
    for (int length = 8; length > 1; length--) {
      int from = Collections.indexOfSubList(groups, Collections.nCopies(length, "0"));
      if (from >= 0) {
        return String.join(":", groups.subList(0, from))
            + "::"
            + String.join(":", groups.subList(from + length, 8));
      }
    }
    return text;
  }
}
