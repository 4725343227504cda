package dev.limpet.examples.grpc;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Backend;
import dev.limpet.core.Member;
import dev.limpet.core.Pool;
import dev.limpet.examples.grpc.GrpcAccess.Response;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.StickyExchange;
import io.grpc.ConnectivityState;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.util.MultiChildLoadBalancer;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps a connection to each address. The pool has those that are ready as up, others as down. */
final class StickyBalancer extends MultiChildLoadBalancer {
  private final HttpRouter<Metadata, Response> router;

  StickyBalancer(Helper helper, HttpRouter<Metadata, Response> router) {
    super(helper);
    this.router = router;
  }

  /** Names each child by its address. */
  @Override
  protected Map<Object, ResolvedAddresses> createChildAddressesMap(ResolvedAddresses resolved) {
    Map<Object, ResolvedAddresses> children = new LinkedHashMap<>();
    for (ResolvedAddresses child : super.createChildAddressesMap(resolved).values()) {
      children.put(child.getAddresses().get(0).getAddresses().get(0), child);
    }
    return children;
  }

  /** Connects again as soon as a connection has ended. */
  @Override
  protected ChildLbState createChildLbState(Object key) {
    return new ChildLbState(key, pickFirstLbProvider) {
      @Override
      protected ChildLbStateHelper createChildHelper() {
        return new ChildLbStateHelper() {
          @Override
          public void updateBalancingState(ConnectivityState state, SubchannelPicker picker) {
            super.updateBalancingState(state, picker);
            if (!resolvingAddresses && state == ConnectivityState.IDLE) {
              getLb().requestConnection();
            }
          }
        };
      }
    };
  }

  @Override
  protected void updateOverallBalancingState() {
    Map<String, Child> children = new HashMap<>();
    Map<Backend, Boolean> ready = new LinkedHashMap<>();
    ConnectivityState overall = null;
    for (ChildLbState child : getChildLbStates()) {
      Backend backend = backend((InetSocketAddress) child.getKey());
      ConnectivityState state = child.getCurrentState();
      children.put(backend.name(), new Child(state, child.getCurrentPicker()));
      ready.put(backend, state == ConnectivityState.READY);
      overall = aggregateState(overall, state);
    }
    Pool pool = router.pool();
    pool.follow(ready.keySet());
    ready.forEach(pool::report);
    currentConnectivityState = (overall == null) ? ConnectivityState.TRANSIENT_FAILURE : overall;
    getHelper().updateBalancingState(currentConnectivityState, new Picker(Map.copyOf(children)));
  }

  private static Backend backend(InetSocketAddress address) {
    String host = address.getHostString();
    return Backend.of(Backend.idOf(host + ':' + address.getPort()), host, address.getPort());
  }

  /** The connection to a backend. */
  private record Child(ConnectivityState state, SubchannelPicker picker) {
    boolean isComing() {
      return state == ConnectivityState.CONNECTING || state == ConnectivityState.IDLE;
    }
  }

  /** Picks by the state of all connections at one moment. A pick without a result is queued. */
  private final class Picker extends SubchannelPicker {
    private final Map<String, Child> children;

    Picker(Map<String, Child> children) {
      this.children = children;
    }

    @Override
    public PickResult pickSubchannel(PickSubchannelArgs args) {
      StickyCall call =
          requireNonNull(args.getCallOptions().getOption(StickyCall.KEY), "interceptor: absent");
      Member bound = router.peek(call.request()).member();
      if (bound != null && isComing(children.get(bound.name()))) {
        return PickResult.withNoResult();
      }
      StickyExchange<Metadata, Response> exchange = call.pick();
      Backend backend = exchange.backend();
      PickResult result =
          (backend == null) ? withoutBackend(exchange) : pick(children.get(backend.name()), args);
      if (!result.hasResult() || !result.getStatus().isOk()) {
        call.giveUp();
      }
      return result;
    }

    private PickResult withoutBackend(StickyExchange<Metadata, Response> exchange) {
      return children.values().stream().anyMatch(Child::isComing)
          ? PickResult.withNoResult()
          : PickResult.withError(Status.UNAVAILABLE.withDescription("route: " + exchange.route()));
    }

    /** A child that this picker does not know has just come, and so will a new picker. */
    private static PickResult pick(@Nullable Child child, PickSubchannelArgs args) {
      return (child == null) ? PickResult.withNoResult() : child.picker().pickSubchannel(args);
    }

    private static boolean isComing(@Nullable Child child) {
      return child != null && child.isComing();
    }
  }
}
