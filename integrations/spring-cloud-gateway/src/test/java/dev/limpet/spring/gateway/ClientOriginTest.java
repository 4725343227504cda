package dev.limpet.spring.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.spring.gateway.LimpetProperties.ClientAddressHeader;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

/** Where requests come from, with and without trusted proxies. */
class ClientOriginTest {
  private static final String CLIENT = "203.0.113.7";
  private final ClientOrigin<ServerHttpRequest> untrusting =
      origin(ClientAddressHeader.X_FORWARDED_FOR);
  private final ClientOrigin<ServerHttpRequest> trusting =
      origin(ClientAddressHeader.X_FORWARDED_FOR, "10.0.0.0/8");

  @Test
  void fieldOfAnyPeer_isNotReadWithoutTrustedProxies() {
    assertThat(untrusting.address(
            from("10.0.0.1").header("X-Forwarded-For", CLIENT).build()))
        .hasToString("/10.0.0.1");
  }

  @Test
  void fieldOfATrustedProxy_isRead() {
    assertThat(
            trusting.address(from("10.0.0.1").header("X-Forwarded-For", CLIENT).build()))
        .hasToString("/" + CLIENT);
  }

  @Test
  void fieldOfAnotherPeer_isNotRead() {
    assertThat(
            trusting.address(from("192.0.2.1").header("X-Forwarded-For", CLIENT).build()))
        .hasToString("/192.0.2.1");
  }

  @Test
  void forwarded_isReadIfItIsTheNamedField() {
    ClientOrigin<ServerHttpRequest> origin = origin(ClientAddressHeader.FORWARDED, "10.0.0.0/8");

    assertThat(origin.address(from("10.0.0.1")
            .header("X-Forwarded-For", "198.51.100.1")
            .header("Forwarded", "for=" + CLIENT)
            .build()))
        .hasToString("/" + CLIENT);
  }

  @Test
  void addressThatSpringReadFromAField_isAnAddress() {
    MockServerHttpRequest request = MockServerHttpRequest.get("/")
        .remoteAddress(InetSocketAddress.createUnresolved("2001:db8::1", 80))
        .build();

    assertThat(untrusting.address(request)).hasToString("/2001:db8:0:0:0:0:0:1");
  }

  @Test
  void nameInPlaceOfAnAddress_isNotLookedUp() {
    MockServerHttpRequest request = MockServerHttpRequest.get("/")
        .remoteAddress(InetSocketAddress.createUnresolved("localhost", 80))
        .build();

    assertThat(untrusting.address(request)).isNull();
  }

  @Test
  void tls_isThatOfTheConnectionOrWhatATrustedProxySays() {
    assertThat(trusting.isSecure(MockServerHttpRequest.get("https://site/").build()))
        .isTrue();
    assertThat(trusting.isSecure(MockServerHttpRequest.get("http://site/").build()))
        .isFalse();
    assertThat(trusting.isSecure(
            from("10.0.0.1").header("X-Forwarded-Proto", "https").build()))
        .isTrue();
    assertThat(trusting.isSecure(
            from("10.0.0.1").header("X-Forwarded-Proto", "http").build()))
        .isFalse();
    assertThat(trusting.isSecure(
            from("10.0.0.1").header("X-Forwarded-Proto", "https", "http").build()))
        .isFalse();
    assertThat(trusting.isSecure(
            from("192.0.2.1").header("X-Forwarded-Proto", "https").build()))
        .isFalse();
    assertThat(untrusting.isSecure(
            from("10.0.0.1").header("X-Forwarded-Proto", "https").build()))
        .isFalse();
  }

  private static ClientOrigin<ServerHttpRequest> origin(
      ClientAddressHeader header, String... trusted) {
    return new ClientOrigin<>(new WebFluxAccess(), List.of(trusted), header);
  }

  private static MockServerHttpRequest.BaseBuilder<?> from(String peer) {
    return MockServerHttpRequest.get("/").remoteAddress(new InetSocketAddress(peer, 1));
  }
}
