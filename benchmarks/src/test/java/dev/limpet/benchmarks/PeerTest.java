package dev.limpet.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerTest {
  private static final List<String> BACKENDS = List.of("web0", "web1", "web2", "web3", "web4");
  private static final int SESSIONS = 1000;

  @ParameterizedTest
  @ValueSource(strings = {"limpet", "springCloud", "vertx", "armeria", "undertow", "grpc"})
  void aSessionStaysWhereItIsWhileNothingChanges(String name) {
    Peer peer = Peer.of(name, BACKENDS, SESSIONS);

    List<String> first = peer.visit();

    assertThat(Set.copyOf(first)).isEqualTo(Set.copyOf(BACKENDS));
    assertThat(peer.visit()).isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"limpet", "springCloud", "vertx", "armeria", "undertow", "grpc"})
  void onlyServingBackendsAreUsed(String name) {
    Peer peer = Peer.of(name, BACKENDS, SESSIONS);

    peer.leave("web1");
    peer.down("web2");
    assertThat(Set.copyOf(peer.visit())).isEqualTo(Set.of("web0", "web3", "web4"));

    peer.up("web2");
    assertThat(peer.visit()).doesNotContain("web1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"limpet", "springCloud", "undertow"})
  void thoseThatRememberKeepTheSessionsOfOtherBackends(String name) {
    Map<String, Object> row = new PeerChanges(name, SESSIONS).row();

    assertThat(row).containsEntry("leaves", 100.0);
    assertThat(row).containsEntry("joins", 100.0);
    assertThat(row).containsEntry("recovers", 100.0);
  }

  @Test
  void aRingOfFixedPointsMovesSessionsOnlyToABackendThatJoins() {
    Map<String, Object> row = new PeerChanges("vertx", SESSIONS).row();

    assertThat(row).containsEntry("leaves", 100.0);
    assertThat((double) row.get("joins")).isBetween(50.0, 99.9);
  }

  @Test
  void aRingOfFixedSizeMovesSessionsOfOtherBackends() {
    Map<String, Object> row = new PeerChanges("grpc", SESSIONS).row();

    assertThat((double) row.get("leaves")).isBetween(50.0, 99.9);
  }

  @Test
  void onlyLimpetDrains() {
    assertThat(new PeerChanges("limpet", SESSIONS).row()).containsEntry("drains", 100.0);
    assertThat(new PeerChanges("armeria", SESSIONS).row().get("drains")).isInstanceOf(String.class);
  }

  @Test
  void aPeerThatIsNoneIsRefused() {
    assertThatThrownBy(() -> Peer.of("nginx", BACKENDS, 1))
        .hasMessage("peer: nginx (expected: one of "
            + "[limpet, springCloud, vertx, armeria, undertow, grpc])");
  }
}
