package dev.limpet.benchmarks;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.client.loadbalancer.LoadBalancerProperties;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.RequestData;
import org.springframework.cloud.client.loadbalancer.RequestDataContext;
import org.springframework.cloud.client.loadbalancer.reactive.ReactiveLoadBalancer;
import org.springframework.cloud.loadbalancer.core.RequestBasedStickySessionServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.core.RoundRobinLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.SimpleObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import reactor.core.publisher.Flux;

/**
 * Spring Cloud LoadBalancer: its sticky supplier over a list in memory, which searches for the
 * instance that a cookie names. It receives the request's cookies already parsed. For a bound
 * session, the supplier alone decides; the round robin behind it places sessions whose instance is
 * gone.
 */
final class SpringCloudPeer extends ListPeer {
  private static final String SERVICE = "web";

  private final LoadBalancerProperties properties = new LoadBalancerProperties();
  private final String cookieName = properties.getStickySession().getInstanceIdCookieName();
  private final RequestBasedStickySessionServiceInstanceListSupplier supplier =
      new RequestBasedStickySessionServiceInstanceListSupplier(new Instances(), new Factory());
  private final RoundRobinLoadBalancer balancer =
      new RoundRobinLoadBalancer(new SimpleObjectProvider<>(supplier), SERVICE);
  private final String[] ids;
  private final Request<?>[] requests;
  private volatile Flux<List<ServiceInstance>> instances;

  SpringCloudPeer(List<String> backends, String[] ids) {
    super(backends, ids.length);
    this.ids = ids;
    this.requests = new Request<?>[ids.length];
    for (int session = 0; session < ids.length; session++) {
      requests[session] = request(cookies(session));
    }
    this.instances = instances(backends);
  }

  @Override
  public Object route(int session) {
    AtomicReference<Object> routed = new AtomicReference<>();
    supplier.get(requests[session]).subscribe(found -> routed.setPlain(found.get(0)));
    return requireNonNull(routed.getPlain());
  }

  @Override
  String request(int session) {
    ServiceInstance instance =
        requireNonNull(balancer.choose(requests[session]).block()).getServer();
    String id = requireNonNull(requireNonNull(instance).getInstanceId());
    MultiValueMap<String, String> cookies = cookies(session);
    cookies.add(cookieName, id);
    requests[session] = request(cookies);
    return id;
  }

  @Override
  void serve(List<String> backends) {
    instances = instances(backends);
  }

  private static Flux<List<ServiceInstance>> instances(List<String> backends) {
    return Flux.just(backends.stream().map(SpringCloudPeer::instance).toList());
  }

  private static ServiceInstance instance(String id) {
    return new DefaultServiceInstance(id, SERVICE, id, 8080, false);
  }

  private MultiValueMap<String, String> cookies(int session) {
    MultiValueMap<String, String> cookies = new LinkedMultiValueMap<>();
    cookies.add("theme", "dark");
    cookies.add("JSESSIONID", ids[session]);
    return cookies;
  }

  private static Request<?> request(MultiValueMap<String, String> cookies) {
    return new DefaultRequest<>(new RequestDataContext(new RequestData(
        HttpMethod.GET, URI.create("http://web/"), new HttpHeaders(), cookies, Map.of())));
  }

  private final class Instances implements ServiceInstanceListSupplier {
    @Override
    public String getServiceId() {
      return SERVICE;
    }

    @Override
    public Flux<List<ServiceInstance>> get() {
      return instances;
    }
  }

  /** Provides the supplier's properties and nothing else. */
  private final class Factory implements ReactiveLoadBalancer.Factory<ServiceInstance> {
    @Override
    public LoadBalancerProperties getProperties(String serviceId) {
      return properties;
    }

    @Override
    public ReactiveLoadBalancer<ServiceInstance> getInstance(String serviceId) {
      return balancer;
    }

    @Override
    public <X> Map<String, X> getInstances(String name, Class<X> type) {
      return Map.of();
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // as in the interface
    public <X> X getInstance(String name, Class<?> type, Class<?>... generics) {
      throw new UnsupportedOperationException();
    }
  }
}
