package dev.limpet.examples.armeria;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.server.Server;
import dev.limpet.core.PassiveHealth;
import dev.limpet.core.Pool;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A server that passes its requests on by a sticky client. */
public final class StickyArmeria {
  private StickyArmeria() {}

  /** Passes requests on to the endpoints that are named as host:port, or to two of its own. */
  public static void main(String[] hosts) {
    List<Endpoint> endpoints = (hosts.length == 0)
        ? List.of(tinyBackend("web1"), tinyBackend("web2"))
        : Stream.of(hosts).map(Endpoint::parse).toList();
    Pool pool = Pool.builder("web").passiveHealth(PassiveHealth.standard()).build();
    HttpRouter<RequestHeaders, ResponseHeadersBuilder> router =
        HttpRouter.of(pool, LbCookieAffinity.builder(pool, new ArmeriaAccess()).build());
    Server server =
        server(client(router, endpoints, Duration.ofSeconds(2)), Integer.getInteger("port", 8080));
    server.start().join();
    System.out.println("http://localhost:" + server.activeLocalPort() + " for "
        + pool.snapshot().members());
  }

  static WebClient client(
      HttpRouter<RequestHeaders, ResponseHeadersBuilder> router,
      List<Endpoint> endpoints,
      Duration connectTimeout) {
    StickyEndpoints sticky = new StickyEndpoints(router);
    return WebClient.builder(SessionProtocol.H1C, EndpointGroup.of(sticky, endpoints))
        .decorator(sticky) // of each attempt
        .decorator(StickyEndpoints.retrying())
        .factory(ClientFactory.builder().connectTimeout(connectTimeout).build())
        .maxResponseLength(0)
        .build();
  }

  static Server server(WebClient client, int port) {
    return Server.builder()
        .http(port)
        .requestTimeoutMillis(0)
        .serviceUnder("/", (ctx, request) -> client.execute(request))
        .build();
  }

  private static Endpoint tinyBackend(String id) {
    Server server = Server.builder()
        .http(0)
        .serviceUnder("/", (ctx, request) -> HttpResponse.of(id + '\n'))
        .build();
    server.start().join();
    return Endpoint.of("localhost", server.activeLocalPort());
  }
}
