package dev.limpet.l7;

import dev.limpet.core.Bound;
import dev.limpet.core.StickyTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A table that others share: what only they know, or decide, is answered when the test says so. */
class LateTable implements StickyTable {
  private final StickyTable here;
  private final Map<Long, String> elsewhere = new HashMap<>();
  private List<Consumer<Boolean>> asked = new ArrayList<>();

  LateTable(StickyTable here) {
    this.here = here;
  }

  /** Lets the others know a session that is not known here. */
  void share(long key, String name) {
    elsewhere.put(key, name);
  }

  /** Answers everything that was asked so far. */
  void answer() {
    complete(true);
  }

  /** Answers nothing that was asked so far: the others are out of reach. */
  void fail() {
    complete(false);
  }

  @Override
  public @Nullable String lookup(long key) {
    return here.lookup(key);
  }

  @Override
  public @Nullable String peek(long key) {
    return here.peek(key);
  }

  @Override
  public boolean wantsHash(long key) {
    return here.wantsHash(key);
  }

  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    return here.bind(key, expected, candidate, byHash);
  }

  @Override
  public CompletionStage<Bound> bindAsync(
      long key, @Nullable String expected, String candidate, boolean byHash) {
    return later(() -> bind(key, expected, candidate, byHash));
  }

  @Override
  public CompletionStage<Bound> findAsync(long key) {
    return later(() -> found(key, elsewhere.get(key)));
  }

  @Override
  public boolean unbind(long key, String expected) {
    return here.unbind(key, expected);
  }

  private Bound found(long key, @Nullable String name) {
    if (name == null) {
      return Bound.ABSENT;
    }
    here.bind(key, here.peek(key), name, true);
    return Bound.held(name);
  }

  private CompletionStage<Bound> later(Supplier<Bound> then) {
    CompletableFuture<Bound> answer = new CompletableFuture<>();
    asked.add(reached -> answer.complete(reached ? then.get() : Bound.UNAVAILABLE));
    return answer;
  }

  /** In the order of the questions. */
  private void complete(boolean reached) {
    List<Consumer<Boolean>> questions = asked;
    asked = new ArrayList<>();
    questions.forEach(question -> question.accept(reached));
  }
}
