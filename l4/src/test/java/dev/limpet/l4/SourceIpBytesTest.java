package dev.limpet.l4;

import static dev.limpet.l4.Addresses.ip;
import static dev.limpet.l4.Addresses.ipv6;
import static dev.limpet.l4.Addresses.mapped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.KeyHasher;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceIpBytesTest {
  private final Environment environment = Environment.local();
  private final KeyHasher hasher = environment.hasher();
  private final SourceIp<byte[]> bytes = SourceIp.ofBytes(Function.identity());
  private final SourceIp<InetAddress> addresses = SourceIp.of(Function.identity());

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "0.0.0.0", "255.255.255.255", "2001:db8::1", "::", "::1"})
  void bytes_haveTheKeyOfTheirAddress(String literal) {
    InetAddress address = ip(literal);

    for (int ipv4 : new int[] {0, 24, 32}) {
      for (int ipv6 : new int[] {0, 64, 128}) {
        assertThat(
                bytes.withIpv4Prefix(ipv4).withIpv6Prefix(ipv6).key(address.getAddress(), hasher))
            .isEqualTo(addresses.withIpv4Prefix(ipv4).withIpv6Prefix(ipv6).key(address, hasher));
      }
    }
  }

  @Test
  void mappedBytes_areTheIpv4Address() {
    InetAddress ipv4 = ip("192.0.2.1");

    assertThat(bytes.key(mapped(ipv4).getAddress(), hasher))
        .isEqualTo(bytes.key(ipv4.getAddress(), hasher));
  }

  @Test
  void zone_isNoPartOfTheBytes() {
    byte[] local = ip("fe80::1").getAddress();

    assertThat(bytes.key(local, hasher)).isEqualTo(addresses.key(ipv6(local, 3), hasher));
  }

  @Test
  void nullBytes_areNoKey() {
    assertThat(SourceIp.<String>ofBytes(any -> null).key("", hasher)).isEqualTo(KeyExtractor.NONE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5, 17})
  void bytesThatAreNoAddress_areRefused(int length) {
    assertThatThrownBy(() -> bytes.key(new byte[length], hasher))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("address: " + length + " bytes (expected: 4 or 16)");
  }

  @Test
  void affinity_takesASource() {
    Pool pool = Pool.of("db", backend("db1"), backend("db2"));
    SourceIp<Optional<byte[]>> networks =
        SourceIp.<Optional<byte[]>>ofBytes(found -> found.orElse(null)).withIpv4Prefix(24);
    StickyRouter<Optional<byte[]>> router =
        StickyRouter.of(pool, SourceIpAffinity.builder(networks).build());

    Route first = router.route(Optional.of(new byte[] {10, 0, 0, 1}));
    Route neighbour = router.route(Optional.of(new byte[] {10, 0, 0, 2}));
    Route stranger = router.route(Optional.of(new byte[] {10, 0, 1, 1}));

    assertThat(first.outcome()).isEqualTo(Outcome.NEW);
    assertThat(neighbour.outcome()).isEqualTo(Outcome.KEPT);
    assertThat(neighbour.backend()).isEqualTo(first.backend());
    assertThat(stranger.outcome()).isEqualTo(Outcome.NEW);
    assertThat(router.route(Optional.empty()).reason()).isEqualTo(Reason.NO_KEY);
  }

  @Test
  void affinity_changesThePrefixesOfItsSource() {
    SourceIp<byte[]> networks = bytes.withIpv4Prefix(8).withIpv6Prefix(8);
    SourceIpAffinity<byte[]> exact = SourceIpAffinity.builder(networks)
        .ipv4Prefix(32)
        .ipv6Prefix(128)
        .environment(environment)
        .build();

    assertThat(exact.key(new byte[] {10, 0, 0, 1}))
        .isEqualTo(bytes.key(new byte[] {10, 0, 0, 1}, hasher));
    assertThat(exact.key(new byte[16])).isEqualTo(bytes.key(new byte[16], hasher));
  }

  private static Backend backend(String id) {
    return Backend.of(id, "10.0.0.1", 5432);
  }
}
