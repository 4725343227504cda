package dev.limpet.examples.grpc;

import dev.limpet.core.Pool;
import dev.limpet.examples.grpc.GrpcAccess.Response;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.NameResolverRegistry;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The policy of one channel, which shares its pool with no other channel. */
public final class StickyGrpc extends LoadBalancerProvider {
  private static final AtomicInteger MADE = new AtomicInteger();

  private final HttpRouter<Metadata, Response> router;
  private final String name = "limpet-" + MADE.incrementAndGet(); // the registry is global

  StickyGrpc(HttpRouter<Metadata, Response> router) {
    this.router = router;
  }

  @Override
  public boolean isAvailable() {
    return true;
  }

  @Override
  public int getPriority() {
    return 5; // the default
  }

  @Override
  public String getPolicyName() {
    return name;
  }

  @Override
  public LoadBalancer newLoadBalancer(LoadBalancer.Helper helper) {
    return new StickyBalancer(helper, router);
  }

  /** Opens a channel to what a target, such as {@code dns:///shop:9090}, resolves to. */
  static ManagedChannel channel(String target, HttpRouter<Metadata, Response> router) {
    StickyGrpc policy = new StickyGrpc(router);
    LoadBalancerRegistry.getDefaultRegistry().register(policy);
    return NettyChannelBuilder.forTarget(target)
        .defaultLoadBalancingPolicy(policy.getPolicyName())
        .intercept(new StickyInterceptor(router))
        .usePlaintext()
        .build();
  }

  /** Calls two servers of its own: a session that keeps its cookie, and others without one. */
  public static void main(String[] none) throws IOException {
    List<Server> servers = List.of(WhoService.start("one", 0), WhoService.start("two", 0));
    List<InetSocketAddress> addresses = new ArrayList<>();
    servers.forEach(server -> addresses.add(new InetSocketAddress("localhost", server.getPort())));
    NameResolverRegistry.getDefaultRegistry().register(new StaticNames("demo", addresses));
    Pool pool = Pool.of("demo");
    ManagedChannel channel = channel(
        "demo:///",
        HttpRouter.of(pool, LbCookieAffinity.builder(pool, new GrpcAccess()).build()));

    WhoService.Answer first = WhoService.ask(channel, "");
    System.out.println("first call: " + first.server() + ", set-cookie: " + first.setCookie());
    for (int i = 0; i < 3; i++) {
      System.out.println(
          "with the cookie: " + WhoService.ask(channel, first.cookie()).server() + ", without: "
              + WhoService.ask(channel, "").server());
    }
    channel.shutdownNow();
    servers.forEach(Server::shutdownNow);
  }
}
