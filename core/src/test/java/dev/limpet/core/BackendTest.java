package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.internal.HttpToken;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackendTest {
  private final Backend web1 = Backend.of("web1", "web1.example", 8080);

  @Test
  void of_hasWeightOneAndNoGeneration() {
    assertThat(web1.id()).isEqualTo("web1");
    assertThat(web1.name()).isEqualTo("web1");
    assertThat(web1.weight()).isEqualTo(1);
    assertThat(web1.generation()).isNull();
    assertThat(web1).hasToString("web1 (web1.example:8080, weight 1)");
  }

  @Test
  void of_looksNoNameUp() {
    assertThat(web1.address().isUnresolved()).isTrue();
    assertThat(Backend.of("web1", "127.0.0.1", 1).address().isUnresolved()).isTrue();
  }

  @Test
  void aGenerationIsPartOfTheName() {
    Backend second = web1.withGeneration("2").withWeight(7);

    assertThat(second.name()).isEqualTo("web1@2");
    assertThat(second.id()).isEqualTo("web1");
    assertThat(second.generation()).isEqualTo("2");
    assertThat(second.withAddress("other", 9).name()).isEqualTo("web1@2");
    assertThat(second.withGeneration(null).withWeight(1)).isEqualTo(web1);
    assertThat(second).hasToString("web1@2 (web1.example:8080, weight 7)");
  }

  @Test
  void address_isRefusedBySocketsUntilItIsResolved() throws IOException {
    Backend local = Backend.of("a", "127.0.0.1", 1);

    try (Socket socket = new Socket();
        SocketChannel channel = SocketChannel.open()) {
      assertThatThrownBy(() -> socket.connect(local.address()))
          .isInstanceOf(UnknownHostException.class);
      assertThatThrownBy(() -> channel.connect(local.address()))
          .isInstanceOf(UnresolvedAddressException.class);
    }
    assertThat(new InetSocketAddress(local.host(), local.port()).isUnresolved()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "web1.example,         web1.example:8080",
    "WEB-1,                WEB-1:8080",
    "192.0.2.1,            192.0.2.1:8080",
    "2001:db8::1,          [2001:db8::1]:8080",
    "::,                   [::]:8080",
    "[2001:DB8::1],        [2001:DB8::1]:8080",
    "fe80::1%eth0,         [fe80::1%25eth0]:8080",
    "[fe80::1%eth0],       [fe80::1%25eth0]:8080",
    "fe80::1%en 0/2%,      [fe80::1%25en%200%2F2%25]:8080",
    "fe80::1%a-b._~Z9,     [fe80::1%25a-b._~Z9]:8080",
    "fe80::1%25,           [fe80::1%2525]:8080",
  })
  void authority_isThatOfAUri(String host, String authority) {
    Backend backend = Backend.of("a", host, 8080);

    assertThat(backend.authority()).isEqualTo(authority);
    assertThat(backend.host()).isEqualTo(host);
    assertThat(backend).hasToString("a (" + authority + ", weight 1)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"web1.example", "192.0.2.1", "2001:db8::1", "[::1]"})
  void authority_isReadByUriAsHostAndPort(String host) {
    URI uri = URI.create("http://" + Backend.of("a", host, 8080).authority() + "/x");

    assertThat(uri.getHost()).isEqualTo(host.equals("2001:db8::1") ? "[2001:db8::1]" : host);
    assertThat(uri.getPort()).isEqualTo(8080);
  }

  @Test
  void scheme_isHttpUnlessItIsSet() {
    Backend secure = web1.withScheme("https").withWeight(7);

    assertThat(web1.scheme()).isEqualTo("http");
    assertThat(secure.scheme()).isEqualTo("https");
    assertThat(secure).hasToString("web1 (https://web1.example:8080, weight 7)");
    assertThat(secure.withScheme("HTTP").withWeight(1)).isEqualTo(web1).hasToString(web1 + "");
  }

  @ParameterizedTest
  @CsvSource({"h2c, h2c", "HtTpS, https", "a, a", "Z+-.9, z+-.9", "grpc+tls, grpc+tls"})
  void scheme_isInLowerCase(String given, String scheme) {
    assertThat(web1.withScheme(given).scheme()).isEqualTo(scheme);
  }

  @Test
  void scheme_isInLowerCaseWhateverTheLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr"));
      assertThat(web1.withScheme("HIJ").scheme()).isEqualTo("hij");
    } finally {
      Locale.setDefault(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1http", "+a", "-a", ".a", "http:", "a b", "a_b", "\u00e9", "a\n"})
  void otherTextIsNoScheme(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> web1.withScheme(text))
        .withMessage("scheme: " + HttpToken.quoted(text)
            + " (expected: a letter, followed by letters, digits, '+', '-' and '.')");
    assertThatNullPointerException().isThrownBy(() -> web1.withScheme(null));
  }

  @Test
  void attachment_isNoPartOfTheValue() {
    Object attachment = "connections";
    Backend attached = web1.withAttachment(attachment);

    assertThat(web1.attachment()).isNull();
    assertThat(attached.attachment()).isSameAs(attachment);
    assertThat(attached).isEqualTo(web1).hasSameHashCodeAs(web1).hasToString(web1.toString());
    assertThat(attached.withAttachment(null).attachment()).isNull();
  }

  @Test
  void attachmentAndScheme_areKeptByTheOtherWithers() {
    Object attachment = new Object();
    Backend backend = web1.withAttachment(attachment).withScheme("https");
    List<Backend> copies = List.of(
        backend,
        backend.withWeight(7),
        backend.withAddress("other", 9),
        backend.withGeneration("2"),
        backend.withMaxConnections(3),
        backend.withTier(1),
        backend.withAttachment(attachment));

    assertThat(copies).extracting(Backend::attachment).containsOnly(attachment);
    assertThat(copies).extracting(Backend::scheme).containsOnly("https");
    assertThat(backend.withScheme("h2").attachment()).isSameAs(attachment);
  }

  @Test
  void withers_keepAllThatTheyDoNotName() {
    Backend all = Backend.of("a", "h", 1)
        .withScheme("https")
        .withWeight(2)
        .withGeneration("3")
        .withMaxConnections(4)
        .withTier(5);
    String shown = "a@3 (https://h:1, weight 2, at most 4 connections, tier 5)";

    assertThat(List.of(
            all.withScheme("https"),
            all.withWeight(2),
            all.withAddress("h", 1),
            all.withGeneration("3"),
            all.withMaxConnections(4),
            all.withTier(5),
            all.withAttachment("x")))
        .allSatisfy(copy -> assertThat(copy).isEqualTo(all).hasToString(shown));
  }

  @Test
  void withers_changeOneThing() {
    assertThat(web1.withWeight(0).weight()).isZero();
    assertThat(web1.withWeight(0).address()).isEqualTo(web1.address());
    assertThat(web1.withWeight(5).withAddress("other", 9).weight()).isEqualTo(5);
    assertThat(web1.withAddress("other", 9).address().getHostString()).isEqualTo("other");
    assertThat(web1.weight()).isEqualTo(1);
  }

  @Test
  void equal_ifAllPartsAre() {
    List<Backend> different = List.of(
        web1,
        web1.withWeight(2),
        web1.withAddress("web1.example", 8081),
        web1.withAddress("web2.example", 8080),
        web1.withGeneration("1"),
        web1.withMaxConnections(2),
        web1.withTier(2),
        web1.withScheme("https"),
        Backend.of("web2", "web1.example", 8080));

    for (Backend one : different) {
      assertThat(different.stream().filter(one::equals)).containsExactly(one);
    }
    assertThat(Backend.of("web1", "web1.example", 8080)).isEqualTo(web1).hasSameHashCodeAs(web1);
    assertThat(web1).isNotEqualTo(null).isNotEqualTo("web1");
    assertThat(different.stream().map(Backend::hashCode).distinct()).hasSizeGreaterThan(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", " ", "~", "web 1", "[::1]:80", "a/b?c=d;e,f"})
  void printableAsciiIsAnIdAndAGeneration(String text) {
    assertThat(Backend.of(text, "h", 1).id()).isEqualTo(text);
    assertThat(web1.withGeneration(text).generation()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "@", "a@b", "a\n", "\t", "\u007f", "\u00e9", "\u0000", "\ud83d\ude00"})
  void otherTextIsNeither(String text) {
    String shown = HttpToken.quoted(text);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Backend.of(text, "h", 1))
        .withMessage("id: " + shown + " (expected: 1..128 printable ASCII characters, no '@')");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> web1.withGeneration(text))
        .withMessage(
            "generation: " + shown + " (expected: 1..128 printable ASCII characters, no '@')");
  }

  @Test
  void idsAndGenerationsHaveUpTo128Characters() {
    assertThat(Backend.of("x".repeat(127), "h", 1).id()).hasSize(127);
    assertThat(Backend.of("x".repeat(128), "h", 1).id()).hasSize(128);
    assertThat(web1.withGeneration("x".repeat(128)).generation()).hasSize(128);
    assertThatIllegalArgumentException().isThrownBy(() -> Backend.of("x".repeat(129), "h", 1));
    assertThatIllegalArgumentException().isThrownBy(() -> web1.withGeneration("x".repeat(129)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255, 256})
  void aWeightIsUpTo256(int weight) {
    assertThat(web1.withWeight(weight).weight()).isEqualTo(weight);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 257, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void noOtherWeightIs(int weight) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> web1.withWeight(weight))
        .withMessage("weight: " + weight + " (expected: 0..256)");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, Integer.MAX_VALUE})
  void aLimitOfConnectionsIsAnyNumber_or0ForNone(int limit) {
    assertThat(web1.withMaxConnections(limit).maxConnections()).isEqualTo(limit);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> web1.withMaxConnections(-1 - limit))
        .withMessage("maxConnections: " + (-1 - limit) + " (expected: 0 or more)");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 254, 255})
  void aTierIsUpTo255(int tier) {
    assertThat(web1.withTier(tier).tier()).isEqualTo(tier);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 256, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void noOtherTierIs(int tier) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> web1.withTier(tier))
        .withMessage("tier: " + tier + " (expected: 0..255)");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65_536})
  void aPortIs1To65535(int port) {
    assertThat(Backend.of("a", "h", 1).address().getPort()).isEqualTo(1);
    assertThat(Backend.of("a", "h", 65_535).address().getPort()).isEqualTo(65_535);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Backend.of("a", "h", port))
        .withMessage("port: " + port + " (expected: 1..65535)");
    assertThatIllegalArgumentException().isThrownBy(() -> web1.withAddress("h", port));
  }

  @Test
  void aHostAndAnIdAreNeeded() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Backend.of("a", "", 1))
        .withMessage("host: \"\" (expected: a host's name or address)");
    assertThatNullPointerException().isThrownBy(() -> Backend.of(null, "h", 1)).withMessage("id");
    assertThatNullPointerException().isThrownBy(() -> Backend.of("a", null, 1));
  }

  @Test
  void messagesShowControlCharactersEscaped() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Backend.of("a\n\u0000\u00e9", "h", 1))
        .withMessageStartingWith("id: \"a\\u000a\\u0000\\u00e9\" (expected: ");
  }
}
