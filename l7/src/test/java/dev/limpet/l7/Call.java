package dev.limpet.l7;

import dev.limpet.core.Route;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A request with a method and fields, which can be changed, and an access to it. */
final class Call {
  static final HttpAccess<Call, Response> ACCESS = new HttpAccess<>() {
    @Override
    public List<String> requestFields(Call request, String name) {
      return request.fields.get(name);
    }

    @Override
    public String method(Call request) {
      return request.method;
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

  private final String method;
  private final Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  private Call(String method) {
    this.method = method;
  }

  static Call get() {
    return of("GET");
  }

  static Call post() {
    return of("POST");
  }

  static Call of(String method) {
    return new Call(method);
  }

  Call with(String name, String... values) {
    fields.put(name, Arrays.asList(values));
    return this;
  }

  /** What an embedder does on the way to the backend. */
  void change(Map<String, List<String>> changes) {
    changes.forEach((name, values) -> {
      if (values.isEmpty()) {
        fields.remove(name);
      } else {
        fields.put(name, values);
      }
    });
  }

  String field(String name) {
    return String.join("|", fields.getOrDefault(name, List.of()));
  }

  /** Routes this request, and lets the backend respond. */
  Route answered(HttpRouter<Call, Response> router, Response response) {
    Route route = router.route(this);
    router.onResponse(this, route, response);
    return route;
  }
}
