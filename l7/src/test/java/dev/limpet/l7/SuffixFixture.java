package dev.limpet.l7;

import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import java.util.List;
import java.util.function.UnaryOperator;

/** A pool of the backends node1, node2 and node3, which are their own routes. */
final class SuffixFixture {
  static final Environment ENVIRONMENT = Environment.of(LbFixture.secret(1));

  final Pool pool = Pool.of(
      "app", LbFixture.backend("node1"), LbFixture.backend("node2"), LbFixture.backend("node3"));
  final HttpRouter<Targeted, Response> router;

  /** A request with a target. */
  static final class Targeted {
    String target;
    List<String> cookies;

    private Targeted(String target, List<String> cookies) {
      this.target = target;
      this.cookies = cookies;
    }

    static Targeted of(String target, String... cookies) {
      return new Targeted(target, List.of(cookies));
    }

    static Targeted cookies(String... cookies) {
      return of("/", cookies);
    }
  }

  /** Reads requests with targets. */
  static final HttpAccess<Targeted, Response> ACCESS = new HttpAccess<>() {
    @Override
    public List<String> requestFields(Targeted request, String name) {
      return name.equalsIgnoreCase("Cookie") ? request.cookies : List.of();
    }

    @Override
    public String target(Targeted request) {
      return request.target;
    }

    @Override
    public int status(Response response) {
      return Response.ACCESS.status(response);
    }

    @Override
    public List<String> fields(Response response, String name) {
      return response.fields(name);
    }

    @Override
    public void setFields(Response response, String name, List<String> values) {
      Response.ACCESS.setFields(response, name, values);
    }
  };

  SuffixFixture() {
    this(b -> b);
  }

  SuffixFixture(UnaryOperator<RouteSuffixAffinity.Builder<Targeted, Response>> settings) {
    this.router = HttpRouter.of(pool, affinity(settings));
  }

  SuffixFixture(
      Failover failover, UnaryOperator<RouteSuffixAffinity.Builder<Targeted, Response>> settings) {
    this.router =
        HttpRouter.builder(pool, affinity(settings)).failover(failover).build();
  }

  static RouteSuffixAffinity<Targeted, Response> affinity(
      UnaryOperator<RouteSuffixAffinity.Builder<Targeted, Response>> settings) {
    return settings
        .apply(RouteSuffixAffinity.builder(ACCESS).environment(ENVIRONMENT))
        .build();
  }

  Route cookie(String value) {
    return router.route(Targeted.cookies("JSESSIONID=" + value));
  }

  /** The backend, and how it was found. */
  String routed(Targeted request) {
    Route route = router.route(request);
    return switch (route.outcome()) {
      case KEPT -> Browser.id(route);
      case HASHED -> "hashed";
      case UNBOUND -> "none";
      default -> route.toString();
    };
  }

  String routedBy(String value) {
    return routed(Targeted.cookies("JSESSIONID=" + value));
  }
}
