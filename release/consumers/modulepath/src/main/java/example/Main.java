package example;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.l7.StickyExchange;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sends two requests, the second with the cookie of the first; fails if the session moved. */
public class Main {
  private final Pool pool =
      Pool.of("web", Backend.of("web1", "10.0.0.21", 8080), Backend.of("web2", "10.0.0.22", 8080));
  private final HttpRouter<Map<String, List<String>>, Map<String, List<String>>> router =
      HttpRouter.of(pool, LbCookieAffinity.builder(pool, new Fields()).build());

  public static void main(String[] args) {
    Main main = new Main();
    Map<String, List<String>> response = new TreeMap<>();
    Backend first = main.send(Map.of(), response);
    String cookie = response.get("set-cookie").get(0).replaceFirst(";.*", "");
    Backend second = main.send(Map.of("cookie", List.of(cookie)), new TreeMap<>());

    System.out.println(Main.class.getModule() + ": " + first.id() + ", " + second.id());
    if (!Main.class.getModule().isNamed() || !Pool.class.getModule().isNamed()) {
      throw new IllegalStateException("not on the module path");
    }
    if (first != second) {
      throw new IllegalStateException("the session moved");
    }
  }

  private Backend send(Map<String, List<String>> request, Map<String, List<String>> response) {
    try (StickyExchange<Map<String, List<String>>, Map<String, List<String>>> exchange =
        router.begin(request)) {
      exchange.responded(response);
      return exchange.backend();
    }
  }

  private static class Fields
      implements HttpAccess<Map<String, List<String>>, Map<String, List<String>>> {
    @Override
    public List<String> requestFields(Map<String, List<String>> request, String name) {
      return request.getOrDefault(name.toLowerCase(), List.of());
    }

    @Override
    public int status(Map<String, List<String>> response) {
      return 200;
    }

    @Override
    public List<String> fields(Map<String, List<String>> response, String name) {
      return response.getOrDefault(name.toLowerCase(), List.of());
    }

    @Override
    public void setFields(Map<String, List<String>> response, String name, List<String> values) {
      response.put(name.toLowerCase(), List.copyOf(values));
    }
  }
}
