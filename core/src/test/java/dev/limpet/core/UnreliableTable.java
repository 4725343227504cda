package dev.limpet.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A table whose {@link #bindAsync} answers when the test says so, in any order, and as the test
 * says. Other calls are answered at once, by the table that this one stands for.
 */
public final class UnreliableTable extends ForwardingTable {

  /** How a call ends. */
  public enum End {
    /** As the table says. */
    BINDS,
    /** Another proxy has bound the session. */
    HELD_BY_ANOTHER,
    FULL,
    HASH_WANTED,
    ABSENT,
    NOT_KEPT,
    UNAVAILABLE,
    /** The stage fails. */
    FAILS,
    /** There is no stage. */
    THROWS,
    /** There is no stage either, and nothing is thrown. */
    NULL
  }

  private final List<Runnable> waiting = new ArrayList<>();
  private End end = End.BINDS;

  public UnreliableTable(StickyTable table) {
    super(table);
  }

  /** Sets how calls end that are made from now on. */
  public void ends(End next) {
    end = next;
  }

  @Override
  public CompletionStage<Bound> bindAsync(
      long key, @Nullable String expected, String candidate, boolean byHash) {
    End chosen = end;
    if (chosen == End.THROWS) {
      throw new IllegalStateException("thrown at once");
    }
    if (chosen == End.NULL) {
      return null;
    }
    CompletableFuture<Bound> bound = new CompletableFuture<>();
    waiting.add(() -> {
      if (chosen == End.FAILS) {
        bound.completeExceptionally(new IllegalStateException("thrown later"));
      } else {
        bound.complete(answer(chosen, key, expected, candidate, byHash));
      }
    });
    return bound;
  }

  private Bound answer(
      End chosen, long key, @Nullable String expected, String candidate, boolean byHash) {
    return switch (chosen) {
      case FULL -> Bound.FULL;
      case HASH_WANTED -> Bound.HASH_WANTED;
      case ABSENT -> Bound.ABSENT;
      case NOT_KEPT -> Bound.NOT_KEPT;
      case UNAVAILABLE -> Bound.UNAVAILABLE;
      case HELD_BY_ANOTHER -> {
        table.bind(key, null, candidate, true);
        yield table.bind(key, expected, candidate, true);
      }
      default -> table.bind(key, expected, candidate, byHash);
    };
  }

  /** RouteRecorder one call, whichever. */
  public void answerAny(Random random) {
    if (!waiting.isEmpty()) {
      waiting.remove(random.nextInt(waiting.size())).run();
    }
  }

  /** RouteRecorder all calls, and those that are made because of that. */
  public void answerAll() {
    while (!waiting.isEmpty()) {
      waiting.remove(0).run();
    }
  }
}
