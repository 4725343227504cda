package dev.limpet.spring.gateway;

import dev.limpet.core.Backend;
import dev.limpet.core.Fault;
import dev.limpet.core.FaultException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;

/** The backends that properties list. */
final class ListedBackends {
  private static final String ADDRESS_RULE =
      "host:port, such as 10.0.0.21:8080 or [2001:db8::1]:80";
  private static final Set<String> SCHEMES = Set.of("http", "https");
  private static final int MAX_PORT_DIGITS = 5;

  private ListedBackends() {}

  /** Returns the backends of a pool, and adds the faults of those that are wrong. */
  static List<Backend> of(String prefix, PoolProperties pool, PropertyFaults faults) {
    List<Backend> backends = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < pool.backends().size(); i++) {
      BackendProperties properties = pool.backends().get(i);
      String name = prefix + ".backends[" + i + "]";
      Backend backend = faults.orFault(name, () -> backend(properties, pool.maxConnections()));
      if (backend != null && !ids.add(backend.id())) {
        faults.add(name + ".id", backend.id(), "another id, as an earlier backend has it");
      } else if (backend != null) {
        backends.add(backend);
      }
    }
    return backends;
  }

  private static Backend backend(BackendProperties properties, int maxConnections) {
    String id = required("id", properties.id(), "a name");
    String address = required("address", properties.address(), ADDRESS_RULE);
    if (!SCHEMES.contains(properties.scheme())) {
      throw new FaultException(Fault.of("scheme", properties.scheme(), "http or https"));
    }
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, Math.max(colon, 0));
    boolean isBracketed = host.startsWith("[") && host.endsWith("]");
    if (host.isEmpty() || (host.contains(":") && !isBracketed)) {
      throw new FaultException(Fault.of("address", address, ADDRESS_RULE));
    }
    Integer limit = properties.maxConnections();
    Backend backend = Backend.of(id, host, port(address, address.substring(colon + 1)))
        .withScheme(properties.scheme())
        .withWeight(properties.weight())
        .withTier(properties.tier())
        .withMaxConnections((limit != null) ? limit : maxConnections);
    return backend.withAttachment(instance(backend));
  }

  private static int port(String address, String digits) {
    if (digits.isEmpty()
        || digits.length() > MAX_PORT_DIGITS
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new FaultException(Fault.of("address", address, ADDRESS_RULE));
    }
    return Integer.parseInt(digits);
  }

  /** Returns what Spring Cloud needs to know of a backend. */
  static ServiceInstance instance(Backend backend) {
    String authority = backend.authority();
    String host = authority.substring(0, authority.lastIndexOf(':'));
    boolean isSecure = backend.scheme().equals("https");
    return new DefaultServiceInstance(backend.id(), backend.id(), host, backend.port(), isSecure);
  }

  private static String required(String setting, @Nullable String value, String rule) {
    if (value == null || value.isEmpty()) {
      throw new FaultException(Fault.of(setting, "absent", rule));
    }
    return value;
  }
}
