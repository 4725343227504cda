package dev.limpet.l7;

import dev.limpet.core.Backend;
import dev.limpet.core.Bound;
import dev.limpet.core.Pool;
import dev.limpet.core.Reason;
import dev.limpet.core.Recall;
import dev.limpet.core.Route;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Sets the field itself, with a token around a number that distinguishes the session. */
final class IssuedHeader<Q, S> extends TokenHeader<Q, S> {
  private static final int MAX_NUMBER = 13; // the digits of 64 bits
  private static final int RADIX = Character.MAX_RADIX;

  private final BitSet notOn;
  private final Map<String, List<String>> withoutField;

  IssuedHeader(HeaderAffinity.Builder<Q, S> builder, Pool pool) {
    super(builder, pool, "issued", MAX_NUMBER);
    this.notOn = builder.excludedStatuses();
    this.withoutField = Map.of(name, List.of());
  }

  @Override
  Recall unbound(Asked asked) {
    if (asked.text == null) {
      return Recall.none(Reason.UNKNOWN);
    }
    Reason fault = asked.fault();
    return Recall.none((fault == null) ? Reason.MALFORMED : fault);
  }

  /** Always binds, because the response carries the binding to the client. */
  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    last.addNew(candidate);
    return Bound.stored(candidate);
  }

  @Override
  Map<String, List<String>> fieldsToBackend(Asked asked) {
    return (asked.text == null) ? Map.of() : withoutField;
  }

  @Override
  public void onResponse(Q request, Route route, S response) {
    if (changes(route)) {
      issue(asked(request), route, response);
    } else {
      clear(response);
    }
  }

  @Override
  void onResponse(StickyExchange<Q, S> exchange, Route route, S response) {
    if (changes(route)) {
      issue(asked(exchange), route, response);
    } else {
      clear(response);
    }
  }

  private static boolean changes(Route route) {
    return switch (route.outcome()) {
      case NEW, MOVED -> true;
      default -> false;
    };
  }

  private void issue(Asked asked, Route route, S response) {
    Backend backend = route.backend();
    if (backend == null || notOn.get(status(response))) {
      clear(response);
      return;
    }
    counts.issued.increment();
    last.addNew(backend.name());
    messages.setFields(response, name, List.of(token(asked, backend.name())));
    CacheControl.protect(name, messages, response);
  }

  /** {@return the token of a session that is new, or has moved and keeps its age and number} */
  private String token(Asked asked, String backend) {
    HeaderToken token = asked.valid();
    String number = asked.original();
    return (token == null || number == null)
        ? ring().seal(number(), backend, asked.principal, pool.snapshot())
        : ring().seal(number, backend, asked.principal, pool.snapshot(), token.issuedAt());
  }

  private static String number() {
    return Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), RADIX);
  }

  /** Removes the field, which a backend must not set, from a response. */
  @Override
  public void clear(S response) {
    if (!messages.fields(response, name).isEmpty()) {
      messages.setFields(response, name, List.of());
    }
  }
}
