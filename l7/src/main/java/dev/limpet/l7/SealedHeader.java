package dev.limpet.l7;

import dev.limpet.core.Backend;
import dev.limpet.core.Bound;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Reason;
import dev.limpet.core.Recall;
import dev.limpet.core.Route;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Replaces the values that backends set by tokens around them. */
final class SealedHeader<Q, S> extends TokenHeader<Q, S> {
  /*
   * A response may repeat the id of its request. Then the client must not get the backend's own id,
   * because it would send that one from then on. So the id is sealed anew or, if the response does
   * not bind (it is no success, or the backend only stands in), replaced by the token that the
   * client has sent.
   */

  private final int maxLength;

  SealedHeader(HeaderAffinity.Builder<Q, S> builder, Pool pool) {
    super(builder, pool, "sealed", builder.maxLength());
    this.maxLength = builder.maxLength();
  }

  @Override
  Recall unbound(Asked asked) {
    if (asked.text == null) {
      return Recall.none(Reason.NO_KEY);
    }
    Reason fault = asked.fault();
    return (fault == null) ? unusable() : unknown(fault);
  }

  @Override
  long unboundKey(Asked asked) {
    return (asked.text == null || asked.fault() == null)
        ? KeyExtractor.NONE
        : environment.hasher().string(asked.text);
  }

  /** Binds nothing, because only a response brings a token to the client. */
  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    return Bound.NOT_KEPT;
  }

  @Override
  public boolean learns() {
    return true;
  }

  @Override
  Map<String, List<String>> fieldsToBackend(Asked asked) {
    String original = asked.original();
    return (original == null) ? Map.of() : Map.of(name, List.of(original));
  }

  @Override
  public void onResponse(Q request, Route route, S response) {
    List<String> received = messages.fields(response, name);
    if (!received.isEmpty()) {
      answer(asked(request), received, route, response);
    }
  }

  @Override
  void onResponse(StickyExchange<Q, S> exchange, Route route, S response) {
    List<String> received = messages.fields(response, name);
    if (!received.isEmpty()) {
      answer(asked(exchange), received, route, response);
    }
  }

  private void answer(Asked asked, List<String> received, Route route, S response) {
    Backend backend = route.backend();
    if (asked.isIgnored || backend == null) {
      return;
    }
    boolean binds = isSuccess(status(response));
    String id = (received.size() == 1) ? HeaderValue.only(received, maxLength) : null;
    if (id == null || id.isEmpty()) {
      counts.unsealed.add(binds ? 1 : 0);
      return;
    }
    boolean repeats = id.equals(asked.original());
    if (binds && !(repeats && route.outcome() == Outcome.LENT)) {
      seal(id, asked, repeats, backend, response);
    } else if (repeats && asked.text != null) {
      messages.setFields(response, name, List.of(asked.text));
    }
  }

  private void seal(String id, Asked asked, boolean repeats, Backend backend, S response) {
    (repeats ? counts.refreshed : counts.issued).increment();
    last.addNew(backend.name());
    String token = ring().seal(id, backend.name(), asked.principal, pool.snapshot());
    messages.setFields(response, name, List.of(token));
  }
}
