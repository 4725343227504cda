package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Environment;
import dev.limpet.examples.embedding.Embedder.Request;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientAddressExamplesTest {
  private static final CookieExamples.MyAccess ACCESS = new CookieExamples.MyAccess();

  private final ClientAddressExamples examples = new ClientAddressExamples();

  private static Request request(InetAddress peer, String field, String value) {
    Request request = new Request(peer);
    request.headers().set(field, List.of(value));
    return request;
  }

  private static InetAddress address(int... octets) throws UnknownHostException {
    byte[] bytes = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      bytes[i] = (byte) octets[i];
    }
    return InetAddress.getByAddress(bytes);
  }

  @Test
  void anAddressThatATrustedProxyReports_isTheKey() throws Exception {
    InetAddress proxy = address(192, 0, 2, 1);
    InetAddress client = address(198, 51, 100, 7);

    assertThat(examples
            .behindProxies(ACCESS)
            .key(request(proxy, "X-Forwarded-For", "10.0.0.1, 198.51.100.7")))
        .isEqualTo(Environment.local().hasher().address(client));
  }

  @Test
  void ifAllAreTrusted_thePeerIsTheClient() throws Exception {
    InetAddress proxy = address(10, 0, 0, 1);

    assertThat(examples
            .byForwarded(ACCESS)
            .address(request(proxy, "Forwarded", "for=10.0.0.7, for=10.0.0.8")))
        .isEqualTo(proxy);
  }
}
