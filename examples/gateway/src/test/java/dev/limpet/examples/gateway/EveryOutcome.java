package dev.limpet.examples.gateway;

import dev.limpet.core.PoolEdit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A gateway with a port for operators, and requests to it by which every outcome occurs. */
final class EveryOutcome implements AutoCloseable {
  /** No server listens at this port. */
  private static final String NO_REDIS = "redis://127.0.0.1:1";

  private static final String YAML = """
      profile: open
      stopTimeout: 0s
      admin: {port: 0}
      keySecret: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
      listeners:
        - {name: web-front, protocol: http, port: 0, pool: web}
        - {name: lend-front, protocol: http, port: 0, pool: lend}
        - {name: strict-front, protocol: http, port: 0, pool: strict}
        - {name: app-front, protocol: http, port: 0, pool: app}
        - {name: lost-front, protocol: http, port: 0, pool: lost}
        - {name: shared-front, protocol: http, port: 0, pool: shared}
        - {name: plain-front, protocol: http, port: 0, pool: plain}
        - {name: down-front, protocol: http, port: 0, pool: down}
      pools:
        - {name: web, stickySession: {type: lb-cookie}, backends: [BACKENDS]}
        - {name: lend, failover: lend, stickySession: {type: lb-cookie}, backends: [BACKENDS]}
        - {name: strict, failover: strict, stickySession: {type: lb-cookie}, backends: [BACKENDS]}
        - {name: app, stickySession: {type: app-cookie, cookieName: SID}, backends: [BACKENDS]}
        - name: lost
          stickySession: {type: source-ip}
          sharedTable: {redis: "NO_REDIS"}
          backends: [BACKENDS]
        - name: shared
          stickySession: {type: source-ip}
          sharedTable: {redis: "REDIS", deadline: 1s}
          backends: [BACKENDS]
        - {name: plain, backends: [BACKENDS]}
        - {name: down, backends: [BACKENDS]}
      """;

  private final List<TestBackend> backends = new ArrayList<>();
  private final TestGateway gateway;
  private int plays;
  private int requests;

  /** Starts a gateway with a Redis at a URI; nothing need be there. */
  EveryOutcome(String redis) throws IOException {
    backends.add(TestBackend.login("b1"));
    backends.add(TestBackend.login("b2"));
    String entries = backends.get(0).entry() + ", " + backends.get(1).entry();
    gateway = TestGateway.of(
        YAML.replace("BACKENDS", entries).replace("NO_REDIS", NO_REDIS).replace("REDIS", redis));
  }

  EveryOutcome() throws IOException {
    this(NO_REDIS);
  }

  TestGateway gateway() {
    return gateway;
  }

  int adminPort() {
    return gateway.gateway().adminPort();
  }

  /** Returns how many requests were sent. */
  int requests() {
    return requests;
  }

  /** Sends the requests, and returns what the gateway must not tell of their sessions. */
  List<String> play() throws IOException {
    List<String> secrets = new ArrayList<>();
    for (String pool : List.of("web", "lend", "strict")) {
      Client client = new Client(gateway.port(pool + "-front"));
      String home = get(client).body(); // NEW
      get(client); // KEPT
      change(pool, edit -> edit.down(home));
      get(client); // MOVED, LENT or REFUSED
      change(pool, edit -> edit.up(home));
      secrets.add(client.cookie("limpet-" + pool));
      secrets.add(client.cookie("SID"));
    }
    Client app = new Client(gateway.port("app-front"));
    get(app);
    get(app);
    secrets.add(app.cookie("SID"));
    String newcomer = "127.99." + plays / 250 + '.' + (1 + plays % 250);
    get(new Client(gateway.port("lost-front"), newcomer)); // HASHED
    get(new Client(gateway.port("shared-front"), newcomer));
    secrets.add("127.99.");
    plays++;
    get(new Client(gateway.port("plain-front"))); // UNBOUND
    change("down", edit -> edit.down("b1").down("b2"));
    get(new Client(gateway.port("down-front"))); // NO_BACKEND
    return secrets;
  }

  void change(String pool, Consumer<PoolEdit> edit) {
    gateway.gateway().pool(pool).change(edit);
  }

  private Message get(Client client) throws IOException {
    requests++;
    return client.get();
  }

  @Override
  public void close() throws IOException {
    gateway.close();
    for (TestBackend backend : backends) {
      backend.close();
    }
  }
}
