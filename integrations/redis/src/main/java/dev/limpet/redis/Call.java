package dev.limpet.redis;

import dev.limpet.shared.SharedBinding;
import dev.limpet.shared.StoreAnswer;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.protocol.AsyncCommand;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A call of a script, until it is answered or its deadline has passed; it then lasts until Redis
 * has answered. It is repeated where that helps: with the whole script, with the garbage to ignore,
 * or while a cluster moves the key.
 */
final class Call implements Deadlines.Timed {
  private static final byte[] NO_POISON = {};

  private final Exchange exchange;
  private final StatefulConnection<byte[], byte[]> connection;
  private final ScriptRequest request;
  private final long due;
  private final long ticket;
  private final CompletableFuture<StoreAnswer> answer = new CompletableFuture<>();
  private final AtomicBoolean over = new AtomicBoolean();

  // One command is under way at a time; the next one is sent when the last one has ended.
  private byte[] poison = NO_POISON;
  private boolean whole;
  private boolean repeated;
  private long number;

  Call(
      Exchange exchange,
      StatefulConnection<byte[], byte[]> connection,
      ScriptRequest request,
      long due,
      long ticket) {
    this.exchange = exchange;
    this.connection = connection;
    this.request = request;
    this.due = due;
    this.ticket = ticket;
  }

  CompletionStage<StoreAnswer> answer() {
    return answer;
  }

  @Override
  public long due() {
    return due;
  }

  @Override
  public boolean isOver() {
    return over.get();
  }

  @Override
  public void expire() {
    if (over.compareAndSet(false, true)) {
      exchange.counts.add(StoreFault.DEADLINE);
      if (exchange.breaker.failed(ticket)) {
        exchange.link.replace(connection);
      }
      answer.complete(StoreAnswer.UNAVAILABLE);
    }
  }

  void send() {
    number = exchange.link.nextCall();
    AsyncCommand<byte[], byte[], Reply> command = request.command(number, poison, whole);
    try {
      connection.dispatch(command);
    } catch (RuntimeException e) {
      command.completeExceptionally(e);
    }
    CompletionStage<Reply> replies = command;
    replies.whenComplete((reply, thrown) -> {
      if (thrown != null) {
        thrown(thrown);
      } else {
        replied(reply);
      }
    });
  }

  private void replied(Reply reply) {
    if (!reply.isTo(number)) {
      exchange.link.replace(connection);
      unavailable(StoreFault.FOREIGN_REPLY);
      return;
    }
    if (reply.hadGarbage() && poison.length == 0) {
      exchange.counts.garbage.increment();
    }
    StoreAnswer said = answer(reply);
    if (said != null) {
      answered(said);
    } else {
      garbage(reply.value());
    }
  }

  private @Nullable StoreAnswer answer(Reply reply) {
    if (reply.status() == Reply.ABSENT) {
      return StoreAnswer.ABSENT;
    }
    SharedBinding candidate = request.candidate();
    if (reply.status() == Reply.STORED && candidate != null) {
      return StoreAnswer.stored(candidate, reply.left());
    }
    byte[] value = reply.value();
    SharedBinding held = (value == null) ? null : exchange.text.read(request.key(), value);
    return (held == null) ? null : StoreAnswer.held(held, reply.left());
  }

  /**
   * Handles a value that the script took for a binding by mistake. The call is repeated once, and
   * tells the script to ignore the value.
   */
  private void garbage(byte @Nullable [] value) {
    boolean first = poison.length == 0;
    if (first) {
      exchange.counts.garbage.increment();
    }
    if (first && value != null && value.length > 0 && !isOver()) {
      poison = value;
      send();
    } else {
      unavailable(StoreFault.GARBAGE);
    }
  }

  private void thrown(Throwable thrown) {
    if (thrown instanceof RedisNoScriptException && !whole && !isOver()) {
      exchange.counts.reloads.increment();
      whole = true;
      send();
    } else if (isPassing(thrown) && !repeated && !isOver()) {
      repeated = true;
      send();
    } else {
      failed(StoreFault.of(thrown));
    }
  }

  private static boolean isPassing(Throwable thrown) {
    return thrown instanceof RedisCommandExecutionException
        && String.valueOf(thrown.getMessage()).startsWith("TRYAGAIN");
  }

  private void failed(StoreFault fault) {
    if (fault == StoreFault.READ_ONLY) {
      exchange.link.replace(connection);
    }
    unavailable(fault);
  }

  private void answered(StoreAnswer said) {
    exchange.release();
    if (over.compareAndSet(false, true)) {
      exchange.breaker.answered();
      exchange.countAnswered(due);
      answer.complete(said);
    } else {
      late();
    }
  }

  private void late() {
    exchange.breaker.late();
    exchange.counts.lateReplies.increment();
  }

  private void unavailable(StoreFault fault) {
    exchange.release();
    if (!over.compareAndSet(false, true)) {
      late();
      return;
    }
    if (fault == StoreFault.CONNECTION) {
      exchange.breaker.failed(ticket);
    } else {
      exchange.breaker.answered();
    }
    exchange.counts.add(fault);
    answer.complete(StoreAnswer.UNAVAILABLE);
  }
}
