package dev.limpet.examples.embedding;

import dev.limpet.core.Pool;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.RouteSuffixAffinity;
import java.util.List;
import java.util.Map;

/** The examples of {@code docs/route-suffix.md}. */
final class RouteSuffixExamples extends Embedder {

  static final class TargetAccess implements HttpAccess<Request, Response> {
    @Override
    public List<String> requestFields(Request request, String name) {
      return request.headers().get(name);
    }

    @Override
    public String target(Request request) {
      return request.target(); // path and query, such as /cart;jsessionid=0A1B2C.node7?page=2
    }

    @Override
    public int status(Response response) {
      return response.status();
    }

    @Override
    public List<String> fields(Response response, String name) {
      return response.headers().get(name);
    }

    @Override
    public void setFields(Response response, String name, List<String> values) {
      response.headers().set(name, values);
    }
  }

  HttpRouter<Request, Response> byRoute(Pool pool, HttpAccess<Request, Response> access) {
    RouteSuffixAffinity<Request, Response> affinity = RouteSuffixAffinity.builder(access)
        .environment(pool.environment()) // with its secret, others make the same hash choices
        .build();
    HttpRouter<Request, Response> router = HttpRouter.of(pool, affinity);
    return router;
  }

  RouteSuffixAffinity<Request, Response> withRoutes() {
    return RouteSuffixAffinity.builder(new TargetAccess())
        .routes(Map.of("node7", "web-1", "node8", "web-2")) // the backends' ids by their routes
        .build();
  }

  RouteSuffixAffinity<Request, Response> ofAnotherNotation() {
    return RouteSuffixAffinity.builder(new TargetAccess())
        .separator('!')
        .ranked(true) // the first route whose backend is not down
        .pathParameter(null) // read cookies only
        .build();
  }
}
