package dev.limpet.benchmarks;

import java.net.InetAddress;
import java.util.List;

/**
 * A request as a proxy represents it.
 *
 * @param address the client's
 * @param tenant the value of a header
 * @param cookies the Cookie fields
 */
record Request(InetAddress address, String tenant, List<String> cookies) {

  Request withCookies(String field) {
    return new Request(address, tenant, List.of(field));
  }
}
