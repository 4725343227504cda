package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Bound;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.KeyHasher;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Reason;
import dev.limpet.core.Recall;
import dev.limpet.core.Remaining;
import dev.limpet.core.Route;
import dev.limpet.core.StickyTable;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Keeps the sessions of values that backends set in a table. */
final class LearnedHeader<Q, S> extends HeaderMode<Q, S> {
  /*
   * A value that is bound to one backend of the pool is not moved by the response of another:
   * backends do not share ids, so one of them is wrong, and clients could take sessions away with
   * the help of any backend that repeats what it is sent. If the bound backend has left the pool,
   * its sessions are over. The pool is that of the last router that was built.
   *
   * The hash of a principal has a key of its own and is mixed into the hash of the value, which is
   * hashed once more. So a value has as many keys as there are principals, and nothing has to be
   * joined or copied.
   */

  private static final String END = "DELETE";

  private final KeyHasher principals;
  private final int maxLength;
  private final BitSet forgetOn;
  private final StickyTable table;
  private final LearnedTable learned;
  private final SessionLearner learner;
  private volatile @Nullable Pool pool;

  LearnedHeader(HeaderAffinity.Builder<Q, S> builder) {
    super(builder);
    this.principals = environment.hasher().derived("limpet header principal");
    this.maxLength = builder.maxLength();
    this.forgetOn = builder.forgetStatuses();
    this.table = requireNonNull(builder.table().table(session(), environment), "table");
    this.learned = new LearnedTable(table);
    this.learner = new SessionLearner(table, session().mode(), this::hasLeft, counts);
  }

  private boolean hasLeft(String backend) {
    Pool routed = pool;
    return routed != null && routed.snapshot().member(backend) == null;
  }

  @Override
  public void checkPool(Pool routed) {
    pool = routed;
  }

  @Override
  public Recall recall(Q request, PoolSnapshot members) {
    return recall(anyKey(request), members);
  }

  @Override
  public Recall peek(Q request, PoolSnapshot members) {
    return peek(anyKey(request), members);
  }

  @Override
  public long key(Q request) {
    return usable(anyKey(request));
  }

  @Override
  Recall recall(StickyExchange<Q, S> exchange, PoolSnapshot members) {
    return recall(asked(exchange).key, members);
  }

  @Override
  Recall peek(StickyExchange<Q, S> exchange, PoolSnapshot members) {
    return peek(asked(exchange).key, members);
  }

  @Override
  long key(StickyExchange<Q, S> exchange) {
    return usable(asked(exchange).key);
  }

  @Override
  long tableKey(StickyExchange<Q, S> exchange) {
    return key(exchange);
  }

  private Recall recall(long key, PoolSnapshot members) {
    return isUsable(key) ? recall(table.lookup(key), members) : unkeyed(key);
  }

  private Recall peek(long key, PoolSnapshot members) {
    return isUsable(key) ? recall(table.peek(key), members) : unkeyed(key);
  }

  private Recall recall(@Nullable String backend, PoolSnapshot members) {
    return (backend == null) ? unknown(Reason.UNKNOWN) : Recall.of(backend, members);
  }

  private Recall unkeyed(long key) {
    return (key == KeyExtractor.NONE) ? Recall.none(Reason.NO_KEY) : unusable();
  }

  private static boolean isUsable(long key) {
    return key != KeyExtractor.NONE && key != KeyExtractor.UNUSABLE;
  }

  private static long usable(long key) {
    return isUsable(key) ? key : KeyExtractor.NONE;
  }

  /** {@return the key of a request; also none, or that of an unusable value} */
  private long anyKey(Q request) {
    String id = isIgnored(request) ? null : value(request, maxLength);
    return (id == null || id.isEmpty()) ? anyKey(id, 0) : anyKey(id, scope(request));
  }

  private long anyKey(@Nullable String id, long scope) {
    if (id == null) {
      return KeyExtractor.NONE;
    }
    if (id.isEmpty()) {
      return KeyExtractor.UNUSABLE;
    }
    long key = environment.hasher().string(id);
    return (scope == 0) ? key : environment.hasher().number(key ^ scope);
  }

  /** {@return the hash of a request's principal; 0 if the request has none} */
  private long scope(Q request) {
    CharSequence principal = principal(request);
    return (principal == null) ? 0 : principals.string(principal);
  }

  /** {@return what an exchange's request asks for; it is read only once} */
  private Asked asked(StickyExchange<Q, S> exchange) {
    Asked known = (Asked) exchange.remembered(this);
    if (known != null) {
      return known;
    }
    Asked asked = asked(exchange.request());
    exchange.remember(this, asked);
    return asked;
  }

  private Asked asked(Q request) {
    if (isIgnored(request)) {
      return Asked.IGNORED;
    }
    long scope = scope(request);
    long key = anyKey(value(request, maxLength), scope);
    return (key == KeyExtractor.NONE && scope == 0)
        ? Asked.NOTHING
        : new Asked(key, scope, isMcp && END.equals(messages.access().method(request)), false);
  }

  /**
   * Binds only a session that is already bound; others are bound by a backend's response. If other
   * processes share the table, it is asked for the session in the background.
   */
  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    return learned.bind(key, expected, candidate, byHash);
  }

  @Override
  public CompletionStage<Bound> bindAsync(
      long key, @Nullable String expected, String candidate, boolean byHash) {
    return learned.bindAsync(key, expected, candidate, byHash);
  }

  @Override
  public boolean unbind(long key, String expected) {
    return table.unbind(key, expected);
  }

  @Override
  public StickyTable table() {
    return table;
  }

  @Override
  public boolean learns() {
    return true;
  }

  @Override
  public Remaining remaining(String backend) {
    return Remaining.of(table.bindings(backend), session());
  }

  @Override
  public void onResponse(Q request, Route route, S response) {
    hear(asked(request), route, response);
  }

  @Override
  void onResponse(StickyExchange<Q, S> exchange, Route route, S response) {
    hear(asked(exchange), route, response);
  }

  private void hear(Asked asked, Route route, S response) {
    long key = heard(asked, route, response);
    if (key != KeyExtractor.NONE) {
      learner.learn(key, route);
    }
  }

  @Override
  public CompletionStage<Void> onResponseAsync(Q request, Route route, S response) {
    return hearAsync(asked(request), route, response);
  }

  @Override
  CompletionStage<Void> onResponseAsync(StickyExchange<Q, S> exchange, Route route, S response) {
    return hearAsync(asked(exchange), route, response);
  }

  private CompletionStage<Void> hearAsync(Asked asked, Route route, S response) {
    long key = heard(asked, route, response);
    return (key == KeyExtractor.NONE) ? DONE : learner.learnAsync(key, route);
  }

  /**
   * Forgets the session that a response ends. Returns the key of the one that it begins, or none.
   */
  private long heard(Asked asked, Route route, S response) {
    int status = status(response);
    if (asked.isIgnored) {
      return KeyExtractor.NONE;
    }
    if (ends(asked, status)) {
      learner.forgetAtItsBackend(asked.key, route);
      return KeyExtractor.NONE;
    }
    return isSuccess(status) ? begun(asked, response) : KeyExtractor.NONE;
  }

  private boolean ends(Asked asked, int status) {
    return isUsable(asked.key) && (forgetOn.get(status) || (asked.isEnd && isSuccess(status)));
  }

  /**
   * {@return the key of the value that a response sets; none if the client sent it and it is bound}
   */
  private long begun(Asked asked, S response) {
    String id = HeaderValue.only(messages.fields(response, name), maxLength);
    long key = usable(anyKey(id, asked.scope));
    return (key == asked.key && key != KeyExtractor.NONE && table.peek(key) != null)
        ? KeyExtractor.NONE
        : key;
  }

  @Override
  Map<String, List<String>> fieldsToBackend(Q request, List<String> cookies) {
    return Map.of();
  }

  @Override
  Map<String, List<String>> fieldsToBackend(StickyExchange<Q, S> exchange, List<String> cookies) {
    Asked unused = asked(exchange); // before the embedder changes the request
    return Map.of();
  }

  /** {@return the field's name, without its values} */
  @Override
  public String toString() {
    return "HeaderAffinity[" + name + ", learned]";
  }

  /** What a request asks for, in keys, so that nothing of the request is kept. Immutable. */
  private static final class Asked {
    static final Asked NOTHING = new Asked(KeyExtractor.NONE, 0, false, false);
    static final Asked IGNORED = new Asked(KeyExtractor.NONE, 0, false, true);

    final long key;
    final long scope;
    final boolean isEnd;
    final boolean isIgnored;

    Asked(long key, long scope, boolean isEnd, boolean isIgnored) {
      this.key = key;
      this.scope = scope;
      this.isEnd = isEnd;
      this.isIgnored = isIgnored;
    }
  }
}
