package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.l7.MapAccess.Message;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Fields that are made of pieces of both grammars. */
class ClientIpProperties {
  private static final InetAddress PEER = Addresses.of("10.0.0.1");

  private final ClientIpFuzzTest specification = new ClientIpFuzzTest();

  @Property
  void listsAreReadAsSpecified(@ForAll("lists") String fields) {
    specification.listsAreReadAsSpecified(fields.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Property
  void forwardedElementsAreReadAsSpecified(@ForAll("elements") String fields) {
    specification.forwardedElementsAreReadAsSpecified(fields.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Whatever a client sends, the address that a trusted proxy adds is the client's. */
  @Property
  void whatAClientSends_doesNotMatter(@ForAll String sent, @ForAll("elements") String likely) {
    for (String field : List.of(sent, likely)) {
      assertThat(address(true, field + ", 192.0.2.77, 10.0.0.9")).isEqualTo("192.0.2.77");
      assertThat(address(false, field + ", for=192.0.2.77;by=\"_,\\\"\", for=10.0.0.9"))
          .isEqualTo("192.0.2.77");
    }
  }

  private static String address(boolean list, String field) {
    Message request = new Message();
    request.add("X-Forwarded-For", field);
    request.add("Forwarded", field);
    ClientIp.Builder<Message> builder = list
        ? ClientIp.xForwardedFor(new MapAccess(), any -> PEER)
        : ClientIp.forwarded(new MapAccess(), any -> PEER);
    InetAddress address = builder.privateRanges().build().address(request);
    return (address == null) ? "none" : address.getHostAddress();
  }

  @Provide
  Arbitrary<String> lists() {
    return joined(
        "192.0.2.1",
        "10.0.0.2",
        "10.0.0.3, ",
        ", ",
        ",",
        "2001:db8::1",
        "[2001:db8::1]",
        "[",
        "]",
        "::ffff:10.0.0.4",
        ":80",
        ":65536",
        ":",
        " ",
        "\t",
        "\n",
        "unknown",
        "_x",
        "0",
        ".");
  }

  @Provide
  Arbitrary<String> elements() {
    return joined(
        "for=",
        "for=10.0.0.2",
        "for=10.0.0.3, ",
        "for=\"[2001:db8::1]:80\"",
        "FOR=",
        "192.0.2.1",
        "\"",
        "\\",
        ",",
        ", ",
        ";",
        " ; ",
        "=",
        "by=",
        "host=\"a,\\\";\"",
        "\"10.0.0.5:_p\"",
        "unknown",
        "\n",
        " ",
        "\t",
        "x",
        "\u00e4",
        "\u0001");
  }

  private static Arbitrary<String> joined(String... pieces) {
    return Arbitraries.of(pieces).list().ofMaxSize(12).map(list -> String.join("", list));
  }
}
