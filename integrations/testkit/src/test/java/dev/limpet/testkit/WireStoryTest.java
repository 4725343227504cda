package dev.limpet.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.StickySession;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The wire story tells a proxy that mixes up answers from one that does not. */
class WireStoryTest {

  @ParameterizedTest
  @EnumSource(names = {"BEYOND_ITS_LENGTH", "AFTER_ITS_END", "AFTER_NO_CONTENT", "AFTER_THE_HEAD"})
  void octetsThatWaitInAKeptConnection_reachAnotherClient(WireTrial trial) throws Exception {
    assertThat(new OfNaiveProxies(true).finding(trial))
        .isEqualTo(WireFinding.REACHES_ANOTHER_CLIENT);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.MATCH_ALL, names = "(BEYOND|AFTER)_.*")
  void octetsInAConnectionThatIsNotKept_areDropped(WireTrial trial) throws Exception {
    assertThat(new OfNaiveProxies(false).finding(trial)).isEqualTo(WireFinding.DROPPED);
  }

  @Test
  void interimResponse_thatIsTakenForTheFinalOne_isFound() throws Exception {
    assertThat(new OfNaiveProxies(false).finding(WireTrial.EARLY_HINTS))
        .isEqualTo(WireFinding.TAKEN_FOR_THE_ANSWER);
  }

  /** A proxy that takes what comes next for the answer, from a connection that it may keep. */
  private static final class OfNaiveProxies extends WireStory {
    private final boolean keeps;

    OfNaiveProxies(boolean keeps) {
      this.keeps = keeps;
    }

    @Override
    protected StoryProxy start(List<Backend> backends, StickySession session) throws IOException {
      NaiveProxy proxy = new NaiveProxy(backends.get(0), keeps);
      Pool pool = Pool.builder("naive").backends(backends).countConnections().build();
      return StoryProxy.of(pool, proxy.server.port(), proxy::close);
    }

    @Override
    protected Map<WireTrial, WireFinding> documented() {
      return Map.of();
    }
  }

  private static final class NaiveProxy {
    private final Backend backend;
    private final boolean keeps;
    private final ServerLife server;
    private Socket connection;
    private InputStream answers;

    NaiveProxy(Backend backend, boolean keeps) throws IOException {
      this.backend = backend;
      this.keeps = keeps;
      this.server =
          new ServerLife(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::serve);
    }

    void close() throws IOException {
      server.end();
      if (connection != null) {
        connection.close();
      }
    }

    private synchronized void serve(Socket client) throws IOException {
      RawMessage request = RawMessage.request(client.getInputStream());
      if (request == null) {
        return;
      }
      if (connection == null || !keeps) {
        connect();
      }
      connection.getOutputStream().write(request.head().getBytes(ISO_8859_1));
      RawMessage head = RawMessage.responseHead(answers);
      RawMessage answer =
          request.startLine().startsWith("HEAD") ? head : RawMessage.response(head, answers);
      client.getOutputStream().write(answer.head().getBytes(ISO_8859_1));
      client.getOutputStream().write(answer.body());
    }

    private void connect() throws IOException {
      if (connection != null) {
        connection.close();
      }
      connection = new Socket(backend.host(), backend.port());
      answers = new BufferedInputStream(connection.getInputStream());
    }
  }
}
