package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.limpet.core.FaultException;
import dev.limpet.l7.ClientIp.AllTrusted;
import dev.limpet.l7.MapAccess.Message;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proxies have addresses in 10.0.0.0/8, and the peer is 10.0.0.1 unless a test says otherwise. */
class ClientIpTest {
  private static final HttpAccess<Message, Message> ACCESS = new MapAccess();
  private static final InetAddress PEER = Addresses.of("10.0.0.1");

  private static ClientIp.Builder<Message> behind(InetAddress peer) {
    return ClientIp.xForwardedFor(ACCESS, request -> peer).trusted(List.of("10.0.0.0/8"));
  }

  private static ClientIp.Builder<Message> behindPeer() {
    return ClientIp.forwarded(ACCESS, request -> PEER).trusted(List.of("10.0.0.0/8"));
  }

  private static String address(ClientIp.Builder<Message> builder, String name, String... values) {
    Message request = new Message();
    for (String value : values) {
      request.add(name, value);
    }
    InetAddress address = builder.build().address(request);
    return (address == null) ? "none" : address.getHostAddress();
  }

  private static String xForwardedFor(String... values) {
    return address(behind(PEER), "X-Forwarded-For", values);
  }

  private static String forwarded(String... values) {
    return address(behindPeer(), "Forwarded", values);
  }

  // An untrusted peer is the client (G16).

  @Test
  void aPeerThatIsNotTrusted_isTheClient() {
    InetAddress stranger = Addresses.of("192.0.2.1");
    Message request = new Message();
    request.add("X-Forwarded-For", "198.51.100.7");

    assertThat(behind(stranger).build().address(request)).isSameAs(stranger);
  }

  @Test
  void theFieldOfAPeerThatIsNotTrusted_isNotRead() {
    HttpAccess<Message, Message> unreadable = new MapAccess() {
      @Override
      public List<String> requestFields(Message request, String name) {
        throw new AssertionError(name);
      }
    };
    InetAddress stranger = Addresses.of("192.0.2.1");
    ClientIp<Message> clientIp = ClientIp.xForwardedFor(unreadable, request -> stranger)
        .trusted(List.of("10.0.0.0/8"))
        .build();

    assertThat(clientIp.address(new Message())).isSameAs(stranger);
  }

  @Test
  void withoutAPeer_thereIsNoClient() {
    assertThat(address(behind(null), "X-Forwarded-For", "192.0.2.1")).isEqualTo("none");
  }

  // All fields are one list, which is read from the right (G17).

  @Test
  void theLastAddressThatIsNotTrusted_isTheClient() {
    assertThat(xForwardedFor("192.0.2.1")).isEqualTo("192.0.2.1");
    assertThat(xForwardedFor("198.51.100.7, 192.0.2.1")).isEqualTo("192.0.2.1");
    assertThat(xForwardedFor("198.51.100.7,192.0.2.1 ,\t10.0.0.9")).isEqualTo("192.0.2.1");
    assertThat(xForwardedFor("10.1.1.1, 192.0.2.1, 10.0.0.8,10.0.0.9")).isEqualTo("192.0.2.1");
  }

  @Test
  void severalFields_areOneList() {
    assertThat(xForwardedFor("198.51.100.7, 192.0.2.1", "10.0.0.8", "10.0.0.9"))
        .isEqualTo("192.0.2.1");
    assertThat(forwarded("for=198.51.100.7, for=192.0.2.1", "for=10.0.0.8", "for=10.0.0.9"))
        .isEqualTo("192.0.2.1");
  }

  @Test
  void withoutAField_theClientIsThePeer() {
    assertThat(xForwardedFor()).isEqualTo("10.0.0.1");
    assertThat(forwarded()).isEqualTo("10.0.0.1");
  }

  // An element that has no address ends the search (G18).

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "unknown",
        "_hidden",
        "client.example",
        "localhost",
        "192.0.2",
        "0300.0.2.1",
        "0xc0.0.2.1",
        "3221225985",
        "192.0.2.1:",
        "192.0.2.1:x",
        "192.0.2.1:_port",
        "192.0.2.1:65536",
        "192.0.2.1:000080",
        "192.0.2.1:-1",
        "192.0.2.1:80:90",
        "[192.0.2.1]",
        "[2001:db8::1",
        "2001:db8::1]",
        "[2001:db8::1]:",
        "[2001:db8::1]80",
        "[2001:db8::1]:_port",
        "[]",
        "[",
        ":80",
        ":",
        "fe80::1%eth0",
        "[fe80::1%25eth0]",
        "\"192.0.2.1\"",
        "192.0.2.1 192.0.2.2",
        "for=192.0.2.1"
      })
  void anElementWithoutAnAddress_endsTheSearch(String element) {
    assertThat(xForwardedFor("192.0.2.9, " + element)).as("the peer").isEqualTo("10.0.0.1");
    assertThat(xForwardedFor("192.0.2.9," + element + ", 10.0.0.8, 10.0.0.9"))
        .as("the last address read")
        .isEqualTo("10.0.0.8");
    assertThat(xForwardedFor("192.0.2.9", element, "10.0.0.9")).isEqualTo("10.0.0.9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ";",
        "by=192.0.2.1",
        "proto=http;host=a.example",
        "for",
        "for=",
        "for=;proto=http",
        "for=unknown",
        "for=\"unknown:80\"",
        "for=_hidden",
        "for=\"_hidden:_port\"",
        "for=client.example",
        "for=192.0.2.1:80",
        "for=[2001:db8::1]",
        "for=2001:db8::1",
        "for=\"[2001:db8::1\"",
        "for=\"192.0.2.1:65536\"",
        "for=\"192.0.2.1:_\"",
        "for=\"192.0.2.1:_a b\"",
        "for=\"192.0.2.1:port\"",
        "for=\" 192.0.2.1\"",
        "for=\"192.0.2.1",
        "for=192.0.2.1\"",
        "for=\"192.0.2.1\\\"",
        "for=\"192.0.2.1\"x",
        "for=\"192.0.2\u0000.1\"",
        "for =192.0.2.1",
        "for= 192.0.2.1",
        "for=192.0.2.1 proto=http",
        "for=192.0.2.1;for=192.0.2.2",
        "for=192.0.2.1;FOR=192.0.2.1",
        "for=192.0.2.1;proto",
        "for=192.0.2.1;=http",
        "=192.0.2.1",
        "192.0.2.1",
        "xfor=192.0.2.1",
        "fort=192.0.2.1"
      })
  void aForwardedElementWithoutAnAddress_endsTheSearch(String element) {
    assertThat(forwarded("for=192.0.2.9," + element)).as("the peer").isEqualTo("10.0.0.1");
    assertThat(forwarded("for=192.0.2.9, " + element + ", for=10.0.0.8, for=10.0.0.9"))
        .as("the last address read")
        .isEqualTo("10.0.0.8");
    assertThat(forwarded("for=192.0.2.9", element, "for=10.0.0.9")).isEqualTo("10.0.0.9");
  }

  /** A client sends the quote, and a trusted proxy adds an element to the same field. */
  @ParameterizedTest
  @ValueSource(strings = {"for=\"", "for=\"\\", "for=\"a\\\"", "\"\"\"", "for=\"192.0.2.9\\\\\\\""})
  void aQuoteThatIsNotClosed_doesNotHideWhatAProxyAdded(String sent) {
    assertThat(forwarded(sent + ", for=192.0.2.1")).isEqualTo("192.0.2.1");
    assertThat(forwarded(sent + ", for=\"[2001:db8::1]\", for=10.0.0.9"))
        .isEqualTo("2001:db8:0:0:0:0:0:1");
    assertThat(forwarded(sent + ", for=10.0.0.9")).isEqualTo("10.0.0.9");
  }

  // If every address is trusted, the leftmost one or the peer is the client (G19).

  @Test
  void ifAllAreTrusted_theLeftmostIsTheClient_orThePeer() {
    String[] all = {"10.0.0.7, 10.0.0.8", "10.0.0.9"};
    ClientIp.Builder<Message> leftmost = behind(PEER);
    ClientIp.Builder<Message> peer = behind(PEER).whenAllTrusted(AllTrusted.PEER);

    assertThat(address(leftmost, "X-Forwarded-For", all)).isEqualTo("10.0.0.7");
    assertThat(address(peer, "X-Forwarded-For", all)).isEqualTo("10.0.0.1");
    assertThat(address(peer, "X-Forwarded-For", "192.0.2.1, 10.0.0.9")).isEqualTo("192.0.2.1");
    assertThat(address(peer, "X-Forwarded-For", "unknown, 10.0.0.9"))
        .as("an element that has no address ends the search in any case")
        .isEqualTo("10.0.0.9");
  }

  // Addresses are read strictly (G20).

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "192.0.2.1:0, 192.0.2.1",
    "192.0.2.1:65535, 192.0.2.1",
    "::ffff:192.0.2.1, 192.0.2.1",
    "[::ffff:c000:201]:80, 192.0.2.1",
    "2001:db8::1, 2001:db8:0:0:0:0:0:1",
    "2001:db8::1:80, 2001:db8:0:0:0:0:1:80",
    "[2001:DB8::1], 2001:db8:0:0:0:0:0:1",
    "[2001:db8::1]:443, 2001:db8:0:0:0:0:0:1",
    "::1, 0:0:0:0:0:0:0:1",
    "1::, 1:0:0:0:0:0:0:0",
  })
  void addresses_mayHavePortsAndBrackets(String element, String client) {
    assertThat(xForwardedFor(element)).isEqualTo(client);
    assertThat(xForwardedFor("198.51.100.7, " + element + ", 10.0.0.9:80")).isEqualTo(client);
    assertThat(forwarded("for=\"" + element + "\"")).isEqualTo(client);
  }

  @Test
  void mappedAddresses_areTrustedAsIpv4() {
    assertThat(xForwardedFor("192.0.2.1, ::ffff:10.0.0.9")).isEqualTo("192.0.2.1");
  }

  /** The examples of RFC 7239, sections 4, 6.1, 6.3 and 7.1 to 7.4. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "for=\"_gazonk\" | 10.0.0.1",
        "For=\"[2001:db8:cafe::17]:4711\" | 2001:db8:cafe:0:0:0:0:17",
        "for=192.0.2.60;proto=http;by=203.0.113.43 | 192.0.2.60",
        "for=192.0.2.43, for=198.51.100.17 | 198.51.100.17",
        "for=_hidden, for=_SEVKISEK | 10.0.0.1",
        "for=192.0.2.43, for=\"[2001:db8:cafe::17]\" | 2001:db8:cafe:0:0:0:0:17",
        "for=192.0.2.43,for=\"[2001:db8:cafe::17]\",for=unknown | 10.0.0.1",
        "for=_hidden, for=192.0.2.43;by=_unknown | 192.0.2.43",
        "for=192.0.2.43;proto=http;by=\"[2001:db8:cafe::17]\" | 192.0.2.43",
        "for=192.0.2.43, for=198.51.100.17;by=203.0.113.60;proto=http;host=example.com"
            + " | 198.51.100.17",
        "for=\"192.0.2.43:47011\" | 192.0.2.43",
        "for=\"[2001:db8:cafe::17]:47011\" | 2001:db8:cafe:0:0:0:0:17",
        "for=\"192.0.2.43:_gateway.1\" | 192.0.2.43",
      })
  void examplesOfTheRfc_areRead(String field, String client) {
    assertThat(forwarded(field)).isEqualTo(client);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "FOR=192.0.2.1",
        ";for=192.0.2.1;",
        "for=192.0.2.1 ; proto=http",
        "proto=http; for=192.0.2.1",
        "for=\"192.0.2.1\"",
        "for=\"192\\.0.2.\\1\"",
        "host=\"a,b;for=c\";for=192.0.2.1",
        "host=\"a\\\",for=198.51.100.7\";for=192.0.2.1",
        "host=\"a\\\\\";for=192.0.2.1;by=\"\\\\,\\\"\"",
        "for=192.0.2.1;secret=\"\u00e4\"",
        "for=198.51.100.7;host=\",\", for=192.0.2.1;host=\",,\"",
      })
  void pairsAndQuotedStrings_areReadByTheGrammar(String field) {
    assertThat(forwarded(field)).isEqualTo("192.0.2.1");
    assertThat(forwarded(field + ", for=10.0.0.9;host=\"\\\"\"")).isEqualTo("192.0.2.1");
  }

  // At most 64 elements and 8,192 characters are read (G21).

  @Test
  void atMostSixtyFourElements_areRead() {
    String proxies = "10.0.0.3" + ", 10.0.0.2".repeat(62);

    assertThat(xForwardedFor("192.0.2.1, " + proxies)).isEqualTo("192.0.2.1");
    assertThat(xForwardedFor("192.0.2.1, 10.0.0.4, " + proxies)).isEqualTo("10.0.0.4");
    assertThat(xForwardedFor("192.0.2.1", "10.0.0.4", proxies)).isEqualTo("10.0.0.4");
    assertThat(forwarded("for=192.0.2.1", "for=10.0.0.4" + ",for=10.0.0.2".repeat(63)))
        .isEqualTo("10.0.0.4");
    assertThat(address(
            behind(PEER).whenAllTrusted(AllTrusted.PEER),
            "X-Forwarded-For",
            "10.0.0.4, " + proxies))
        .as("exactly 64 are all")
        .isEqualTo("10.0.0.1");
  }

  @Test
  void atMostEightKibibytes_areRead() {
    String last = ",10.0.0.9";
    String blanks = " ".repeat(8_192 - last.length() - "10.0.0.8".length() - 1);

    assertThat(xForwardedFor("192.0.2.1,10.0.0.8" + blanks + last)).isEqualTo("10.0.0.8");
    assertThat(xForwardedFor("192.0.2.1,10.0.0.8 " + blanks + last)).isEqualTo("10.0.0.9");
    assertThat(xForwardedFor("192.0.2.1", "10.0.0.8 " + blanks, "10.0.0.9")).isEqualTo("10.0.0.8");
    assertThat(xForwardedFor("192.0.2.1", "10.0.0.8  " + blanks, "10.0.0.9")).isEqualTo("10.0.0.9");
    assertThat(forwarded(
            "for=192.0.2.1, for=10.0.0.8;x=\"" + "a".repeat(9_000) + "\"", "for=10.0.0.9"))
        .isEqualTo("10.0.0.9");
    assertThat(forwarded("for=\"" + "\\\"".repeat(9_000) + ", for=10.0.0.9")).isEqualTo("10.0.0.9");
  }

  @Test
  @Timeout(10)
  void hugeFields_areReadWithinTheLimits() {
    String huge = "\"\\".repeat(10_000_000);
    for (int i = 0; i < 1_000; i++) {
      assertThat(forwarded(huge)).isEqualTo("10.0.0.1");
      assertThat(xForwardedFor(huge)).isEqualTo("10.0.0.1");
    }
  }

  // No range is trusted by default (G22).

  @Test
  void withoutTrustedRanges_nothingIsBuilt() {
    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> ClientIp.xForwardedFor(ACCESS, request -> PEER).build())
        .withMessage(
            "trusted: absent (expected: the addresses of your proxies, or privateRanges())");
    assertThat(address(
            ClientIp.xForwardedFor(ACCESS, request -> PEER).trusted(List.of()),
            "X-Forwarded-For",
            "192.0.2.1"))
        .as("nobody is trusted")
        .isEqualTo("10.0.0.1");
  }

  @ParameterizedTest
  @CsvSource({
    "10.255.255.255, true",
    "172.16.0.1, true",
    "172.32.0.1, false",
    "192.168.7.7, true",
    "127.0.0.1, true",
    "fd12::1, true",
    "::1, true",
    "::2, false",
    "169.254.0.1, false",
    "100.64.0.1, false",
    "fe80::1, false",
    "192.0.2.1, false",
  })
  void privateRanges_areThoseOfRfc1918AndRfc4193AndLoopback(String peer, boolean trusted) {
    ClientIp.Builder<Message> builder =
        ClientIp.xForwardedFor(ACCESS, request -> Addresses.of(peer)).privateRanges();

    assertThat(address(builder, "X-Forwarded-For", "198.51.100.7"))
        .isEqualTo(trusted ? "198.51.100.7" : Addresses.of(peer).getHostAddress());
  }

  @Test
  void trustedRanges_areAdded() {
    ClientIp<Message> clientIp = ClientIp.xForwardedFor(ACCESS, request -> PEER)
        .trusted(List.of("192.0.2.0/24"))
        .privateRanges()
        .trusted(List.of("2001:db8::/32"))
        .build();
    Message request = new Message();
    request.add("X-Forwarded-For", "198.51.100.7, 192.0.2.1, 2001:db8::1");

    assertThat(clientIp.address(request)).isEqualTo(Addresses.of("198.51.100.7"));
    assertThat(clientIp.toString()).startsWith("ClientIp[X-Forwarded-For, trusted=[192.0.2.0/24, ");
  }

  @Test
  void allBadRanges_areNamedInOneMessage() {
    ClientIp.Builder<Message> builder =
        behind(PEER).trusted(List.of("proxy.example", "192.0.2.1/24", "::1", "10.0.0.0/33"));

    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(builder::build)
        .withMessageContaining("trusted: \"proxy.example\" (expected: an IP address, or a range")
        .withMessageContaining("trusted: \"192.0.2.1/24\" (expected: 192.0.2.0/24 or 192.0.2.1/32)")
        .withMessageContaining("trusted: \"10.0.0.0/33\" ")
        .satisfies(thrown -> assertThat(thrown.faults()).hasSize(3));
  }

  // Only one of the two fields is read (G23).

  @Test
  void theOtherField_isNotRead() {
    assertThat(address(behindPeer(), "X-Forwarded-For", "192.0.2.1")).isEqualTo("10.0.0.1");
    assertThat(address(behind(PEER), "Forwarded", "for=192.0.2.1")).isEqualTo("10.0.0.1");
  }

  @Test
  void nulls_areRefused() {
    assertThatNullPointerException()
        .isThrownBy(() -> ClientIp.xForwardedFor(null, request -> PEER))
        .withMessage("access");
    assertThatNullPointerException()
        .isThrownBy(() -> ClientIp.forwarded(ACCESS, null))
        .withMessage("peer");
    assertThatNullPointerException()
        .isThrownBy(() -> behindPeer().whenAllTrusted(null))
        .withMessage("result");
  }
}
