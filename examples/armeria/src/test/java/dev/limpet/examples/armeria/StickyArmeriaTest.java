package dev.limpet.examples.armeria;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.endpoint.DynamicEndpointGroup;
import com.linecorp.armeria.client.endpoint.EmptyEndpointGroupException;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.server.Server;
import dev.limpet.core.Pool;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.testkit.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("slow")
@Timeout(60)
class StickyArmeriaTest {
  private final Pool pool = Pool.builder("web").countConnections().build();
  private final HttpRouter<RequestHeaders, ResponseHeadersBuilder> router =
      HttpRouter.of(pool, LbCookieAffinity.builder(pool, new ArmeriaAccess()).build());

  @Test
  void main_servesFromTwoBackendsOfItsOwn() throws IOException {
    try (RawClient client = new RawClient(startMain(), Duration.ofSeconds(20))) {
      String first = client.get().text();
      assertThat(first).matches("web[12]\n");

      for (int i = 0; i < 4; i++) {
        assertThat(client.get().text()).isEqualTo(first);
      }
    }
  }

  @Test
  void groupThatChanges_isFollowed_withItsWeights() {
    StickyEndpoints sticky = new StickyEndpoints(router);
    Group group = new Group(sticky);
    WebClient client = client(sticky, group);
    Server server = Server.builder()
        .http(0)
        .serviceUnder("/", (ctx, request) -> HttpResponse.of("here"))
        .build();
    server.start().join();
    try {
      var waiting = client.get("/").aggregate(); // there is no endpoint yet
      Endpoint here = Endpoint.of("127.0.0.1", server.activeLocalPort());
      group.set(List.of(here.withWeight(3_000), Endpoint.of("127.0.0.1", 1).withWeight(1_000)));

      AggregatedHttpResponse answer = waiting.join();

      assertThat(answer.contentUtf8()).isEqualTo("here");
      assertThat(pool.snapshot().members())
          .extracting(member -> member.backend().id() + " " + member.backend().weight())
          .containsExactlyInAnyOrder(here.authority() + " 3", "127.0.0.1:1 1");
    } finally {
      var unused = server.closeAsync();
    }
  }

  @Test
  void groupThatStaysEmpty_failsRequestsInTime_andNothingIsRouted() {
    StickyEndpoints sticky = new StickyEndpoints(router);

    Throwable failure = client(sticky, new Group(sticky))
        .get("/")
        .aggregate()
        .handle((answer, broken) -> broken)
        .join();

    assertThat(failure).hasRootCauseInstanceOf(EmptyEndpointGroupException.class);
    assertThat(router.stats().requests()).isZero();
  }

  private static WebClient client(StickyEndpoints sticky, Group group) {
    return WebClient.builder(SessionProtocol.H1C, group)
        .decorator(sticky)
        .decorator(StickyEndpoints.retrying())
        .build();
  }

  private static int startMain() {
    System.setProperty("port", "0");
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, UTF_8));
    try {
      StickyArmeria.main(new String[0]);
    } finally {
      System.setOut(console);
      System.clearProperty("port");
    }
    Matcher port = Pattern.compile("localhost:(\\d+) for").matcher(printed.toString(UTF_8));
    assertThat(port.find()).as(printed.toString(UTF_8)).isTrue();
    return Integer.parseInt(port.group(1));
  }

  /** A group that is told its endpoints, as one of a registry is. */
  private static final class Group extends DynamicEndpointGroup {
    Group(StickyEndpoints sticky) {
      super(sticky);
    }

    void set(List<Endpoint> endpoints) {
      setEndpoints(endpoints);
    }
  }
}
