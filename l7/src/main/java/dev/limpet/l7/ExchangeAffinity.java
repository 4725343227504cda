package dev.limpet.l7;

import dev.limpet.core.Affinity;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Recall;
import dev.limpet.core.affinity.ForwardingAffinity;

/** Adapts an affinity from requests to their exchanges. */
final class ExchangeAffinity<Q, S> extends ForwardingAffinity<StickyExchange<Q, S>> {
  private final Affinity<? super Q> affinity;

  private ExchangeAffinity(Affinity<? super Q> affinity) {
    super(affinity);
    this.affinity = affinity;
  }

  /** {@return an affinity, or a chain of them, for exchanges} */
  static <Q, S> Affinity<StickyExchange<Q, S>> of(HttpAffinity<Q, S> affinity) {
    return affinity.parts().stream()
        .map(ExchangeAffinity::<Q, S>part)
        .reduce(Affinity::orElse)
        .orElseThrow();
  }

  private static <Q, S> Affinity<StickyExchange<Q, S>> part(Affinity<? super Q> part) {
    return (part instanceof FieldAffinity<?, ?>)
        ? new ByFields<>(ExchangeAffinity.<Q, S>byFields(part))
        : new ExchangeAffinity<>(part);
  }

  @SuppressWarnings("unchecked") // a part of an affinity of these requests and responses
  private static <Q, S> FieldAffinity<Q, S> byFields(Affinity<? super Q> part) {
    return (FieldAffinity<Q, S>) part;
  }

  @Override
  public Recall recall(StickyExchange<Q, S> exchange, PoolSnapshot pool) {
    return affinity.recall(exchange.request(), pool);
  }

  @Override
  public Recall peek(StickyExchange<Q, S> exchange, PoolSnapshot pool) {
    return affinity.peek(exchange.request(), pool);
  }

  @Override
  public long key(StickyExchange<Q, S> exchange) {
    return affinity.key(exchange.request());
  }

  @Override
  public long tableKey(StickyExchange<Q, S> exchange) {
    return affinity.tableKey(exchange.request());
  }

  @Override
  public boolean admits(StickyExchange<Q, S> exchange, long key) {
    return affinity.admits(exchange.request(), key);
  }

  /** Adapts an affinity that can use the fields that an exchange has read. */
  private static final class ByFields<Q, S> extends ForwardingAffinity<StickyExchange<Q, S>> {
    private final FieldAffinity<Q, S> affinity;

    ByFields(FieldAffinity<Q, S> affinity) {
      super(affinity);
      this.affinity = affinity;
    }

    @Override
    public Recall recall(StickyExchange<Q, S> exchange, PoolSnapshot pool) {
      return affinity.recall(exchange, pool);
    }

    @Override
    public Recall peek(StickyExchange<Q, S> exchange, PoolSnapshot pool) {
      return affinity.peek(exchange, pool);
    }

    @Override
    public long key(StickyExchange<Q, S> exchange) {
      return affinity.key(exchange);
    }

    @Override
    public long tableKey(StickyExchange<Q, S> exchange) {
      return affinity.tableKey(exchange);
    }

    @Override
    public boolean admits(StickyExchange<Q, S> exchange, long key) {
      return affinity.admits(exchange.request(), key);
    }
  }
}
