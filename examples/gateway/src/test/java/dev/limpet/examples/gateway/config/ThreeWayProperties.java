package dev.limpet.examples.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.yaml.snakeyaml.nodes.Node;

/** A merge of the old file, the new file and what runs. */
class ThreeWayProperties {

  @Property
  void anUnchangedFileChangesNothing(
      @ForAll("backends") List<Backend> old, @ForAll("backends") List<Backend> running) {
    assertThat(merged(old, old, running)).isEqualTo(text(running));
  }

  @Property
  void whatRunsAsTheOldFileRunsAsTheNewOne(
      @ForAll("backends") List<Backend> old, @ForAll("backends") List<Backend> now) {
    assertThat(merged(old, now, old)).isEqualTo(text(now));
  }

  @Property
  void theSameChangeInBothIsMadeOnce(
      @ForAll("backends") List<Backend> old, @ForAll("backends") List<Backend> now) {
    assertThat(merged(old, now, now)).isEqualTo(text(now));
  }

  @Property
  void changesOfDifferentValuesCommute(
      @ForAll("backends") List<Backend> old,
      @ForAll("changes") Map<String, Integer> weights,
      @ForAll("changes") Map<String, Integer> tiers) {
    List<Backend> file = old.stream()
        .map(b -> new Backend(b.id, weights.getOrDefault(b.id, b.weight), b.tier))
        .toList();
    List<Backend> running = old.stream()
        .map(b -> new Backend(b.id, b.weight, tiers.getOrDefault(b.id, b.tier)))
        .toList();
    List<Backend> both = old.stream()
        .map(b -> new Backend(
            b.id, weights.getOrDefault(b.id, b.weight), tiers.getOrDefault(b.id, b.tier)))
        .toList();

    assertThat(merged(old, file, running)).isEqualTo(text(both));
    assertThat(merged(old, running, file)).isEqualTo(text(both));
  }

  @Property
  void nothingIsInventedAndNoIdIsTwice(
      @ForAll("backends") List<Backend> old,
      @ForAll("backends") List<Backend> now,
      @ForAll("backends") List<Backend> running) {
    Map<String, Node> merged = Nodes.entries(ThreeWay.merge(node(old), node(now), node(running)));

    assertThat(merged).isNotNull();
    List<String> known = ids(now, running);
    assertThat(known).containsAll(merged.keySet());
    List<String> unchanged = ids(running, List.of()).stream()
        .filter(id -> ids(old, List.of()).contains(id) == ids(now, List.of()).contains(id))
        .toList();
    assertThat(merged.keySet()).containsAll(unchanged);
  }

  @Provide
  Arbitrary<List<Backend>> backends() {
    Arbitrary<String> ids = Arbitraries.of("a", "b", "c", "d", "e");
    Arbitrary<Integer> small = Arbitraries.integers().between(0, 3);
    return Combinators.combine(ids, small, small)
        .as(Backend::new)
        .list()
        .uniqueElements(backend -> backend.id)
        .ofMinSize(1)
        .ofMaxSize(5);
  }

  @Provide
  Arbitrary<Map<String, Integer>> changes() {
    return Arbitraries.maps(
        Arbitraries.of("a", "b", "c", "d", "e"), Arbitraries.integers().between(4, 6));
  }

  private static List<String> ids(List<Backend> some, List<Backend> others) {
    return List.of(some, others).stream()
        .flatMap(List::stream)
        .map(backend -> backend.id)
        .distinct()
        .toList();
  }

  private static String merged(List<Backend> old, List<Backend> now, List<Backend> running) {
    return sorted(ThreeWay.merge(node(old), node(now), node(running)));
  }

  private static String text(List<Backend> backends) {
    return sorted(node(backends));
  }

  /** The items in their order, with sorted keys. */
  private static String sorted(Node list) {
    return Nodes.entries(list).values().stream()
        .map(item -> new TreeMap<>(Nodes.entries(item))
            .entrySet().stream()
                .map(entry -> entry.getKey() + '=' + YamlFlow.text(entry.getValue()))
                .collect(Collectors.joining(",")))
        .collect(Collectors.joining("; "));
  }

  private static Node node(List<Backend> backends) {
    String yaml = backends.stream().map(Backend::yaml).collect(Collectors.joining(", ", "[", "]"));
    return YamlText.first(yaml, new Faults(null));
  }

  /** Zero stands for absent. */
  record Backend(String id, int weight, int tier) {
    String yaml() {
      return "{id: " + id
          + (weight == 0 ? "" : ", weight: " + weight)
          + (tier == 0 ? "" : ", tier: " + tier) + '}';
    }
  }
}
