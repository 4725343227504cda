package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.shares;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Backends that are equal but for their attachments. */
class PoolAttachmentTest {
  private final AtomicLong time = new AtomicLong();
  private final AtomicInteger pickers = new AtomicInteger();

  /** Puts a backend into a pool in place of the one with its id. */
  interface Edit {
    PoolSnapshot apply(Pool pool, Backend backend);
  }

  static List<Edit> edits() {
    return List.of(
        (pool, backend) -> pool.change(edit -> edit.replace(backend)),
        (pool, backend) ->
            pool.change(edit -> edit.replaceAll(List.of(backend("a"), backend, backend("c")))),
        (pool, backend) -> pool.follow(List.of(backend("a"), backend, backend("c"))));
  }

  private Pool pool(Duration slowStart) {
    return Pool.builder("pool")
        .backends(List.of(backend("a"), attached("first"), backend("c")))
        .balancer(new Counted())
        .slowStart(slowStart)
        .environment(Environment.local().withClock(time::get))
        .build();
  }

  @ParameterizedTest
  @MethodSource("edits")
  void anotherAttachment_isCarriedByRoutesFromThenOn(Edit edit) {
    Pool pool = pool(Duration.ZERO);
    StickyRouter<String> router = Routing.router(pool);
    Routing.requests(30).forEach(router::route);

    PoolSnapshot before = pool.snapshot();
    PoolSnapshot now = edit.apply(pool, attached("second"));

    assertThat(now).isNotSameAs(before).isSameAs(pool.snapshot());
    assertThat(now.members()).hasSize(3);
    assertThat(attachmentsOfB(router, Routing.requests(60))).containsOnly("second");
  }

  @ParameterizedTest
  @MethodSource("edits")
  void theSameAttachment_publishesNothing(Edit edit) {
    Pool pool = pool(Duration.ZERO);
    PoolSnapshot before = pool.snapshot();

    assertThat(edit.apply(pool, attached("first"))).isSameAs(before);
  }

  @Test
  void attachments_areToldApartByIdentity() {
    Pool pool = pool(Duration.ZERO);
    List<String> one = new ArrayList<>(List.of("x"));
    List<String> equal = new ArrayList<>(one);
    pool.follow(List.of(backend("a").withAttachment(one)));

    pool.follow(List.of(backend("a").withAttachment(equal)));

    assertThat(pool.snapshot().member("a").backend().attachment()).isSameAs(equal);
  }

  @ParameterizedTest
  @MethodSource("edits")
  void anotherAttachment_makesNoPickerAnew(Edit edit) {
    Pool pool = pool(Duration.ZERO);
    int before = pickers.get();
    List<String> cycle = List.of(pick(pool), pick(pool), pick(pool));

    for (int i = 0; i < 20; i++) {
      edit.apply(pool, attached("again " + i));
      assertThat(pick(pool)).isEqualTo(cycle.get(i % 3));
    }

    assertThat(pickers).hasValue(before);
  }

  @ParameterizedTest
  @MethodSource("edits")
  void anotherAttachment_keepsDrainHealthAndLoad(Edit edit) {
    Pool pool = pool(Duration.ZERO);
    pool.change(draft -> draft.drain("b").down("b"));
    Load load = pool.snapshot().member("b").load();

    Member now = edit.apply(pool, attached("second")).member("b");

    assertThat(now.backend().attachment()).isEqualTo("second");
    assertThat(now.draining()).isTrue();
    assertThat(now.down()).isTrue();
    assertThat(now.load()).isSameAs(load);
  }

  @ParameterizedTest
  @MethodSource("edits")
  void anotherAttachment_restartsNoSlowStart(Edit edit) {
    Pool pool = pool(Duration.ofSeconds(100));
    pool.change(draft -> draft.down("b"));
    pool.change(draft -> draft.up("b"));
    time.addAndGet(50_000_000_000L);
    assertThat(shares(pool, 260)).isEqualTo(Map.of("a", 100, "b", 60, "c", 100));

    edit.apply(pool, attached("second"));

    assertThat(shares(pool, 260)).isEqualTo(Map.of("a", 100, "b", 60, "c", 100));
    time.addAndGet(50_000_000_000L);
    assertThat(shares(pool, 300)).isEqualTo(Map.of("a", 100, "b", 100, "c", 100));
  }

  @Test
  void aRouteInASlowStart_carriesTheAttachment() {
    Pool pool = pool(Duration.ofSeconds(100));
    pool.change(edit -> edit.add(backend("d").withAttachment("late")));

    assertThat(Routing.requests(310).stream()
            .map(
                request -> StickyRouter.of(pool, Affinity.none()).route(request).backend())
            .filter(backend -> backend.id().equals("d"))
            .map(Backend::attachment))
        .isNotEmpty()
        .containsOnly("late");
  }

  @Test
  void anEditOfTheWeight_keepsTheAttachment() {
    Pool pool = pool(Duration.ZERO);

    PoolSnapshot now = pool.change(edit -> edit.weight("b", 5));

    assertThat(now.member("b").backend().attachment()).isEqualTo("first");
  }

  private static Backend attached(Object attachment) {
    return backend("b").withAttachment(attachment);
  }

  private static List<Object> attachmentsOfB(StickyRouter<String> router, List<String> sessions) {
    return sessions.stream()
        .map(session -> router.route(session).backend())
        .filter(backend -> backend.id().equals("b"))
        .map(Backend::attachment)
        .toList();
  }

  private static String pick(Pool pool) {
    return pool.snapshot().pick(KeyExtractor.NONE, Picker.Purpose.NEW_SESSION).name();
  }

  private final class Counted implements Balancer {
    @Override
    public Picker picker(List<Backend> eligible, List<Load> loads) {
      pickers.incrementAndGet();
      return new FromTheBeginning().picker(eligible, loads);
    }

    @Override
    public String name() {
      return "counted";
    }
  }
}
