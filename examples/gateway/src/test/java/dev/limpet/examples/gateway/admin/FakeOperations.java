package dev.limpet.examples.gateway.admin;

import dev.limpet.core.Affinity;
import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.PassiveHealth;
import dev.limpet.core.Pool;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.examples.gateway.config.ConfigReader;
import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.config.ListenerConfig;
import dev.limpet.examples.gateway.config.PoolConfig;
import dev.limpet.examples.gateway.config.SourceReading;
import dev.limpet.examples.gateway.config.StickyConfig;
import dev.limpet.examples.gateway.operate.BackendCounts;
import dev.limpet.examples.gateway.operate.Change;
import dev.limpet.examples.gateway.operate.Choices;
import dev.limpet.examples.gateway.operate.Draining;
import dev.limpet.examples.gateway.operate.Edit;
import dev.limpet.examples.gateway.operate.Operations;
import dev.limpet.examples.gateway.operate.Preview;
import dev.limpet.examples.gateway.operate.Running;
import dev.limpet.examples.gateway.operate.StoryControl;
import dev.limpet.examples.gateway.operate.Trace;
import dev.limpet.examples.gateway.operate.TracedRequest;
import dev.limpet.examples.gateway.operate.UnknownNameException;
import dev.limpet.l4.SourceIpAffinity;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A gateway that does not serve, but has real pools and routers; its sessions are by address. */
final class FakeOperations implements Operations {
  private static final String SECRET = "VGhlLXNlY3JldC10aGF0LW5vYm9keS1tYXktcmVhZCE=";
  private static final String PASSWORD = "the-password-of-redis";

  /** What no answer may contain. */
  static final List<String> SECRETS = List.of(SECRET, PASSWORD, "redis://");

  private static final String YAML = """
      profile: PROFILE
      keySecret: "SECRET"
      cookieSecrets: [{id: 1, secret: "SECRET", signing: true}]
      listeners:
        - {name: front, protocol: http, port: 8080, pool: web, LISTENER}
        - {name: db, protocol: tcp, port: 9000, pool: db}
        - {name: api, protocol: http, port: 8081, pool: api}
      pools:
        - name: web
          POOL
          backends:
            - {id: web1, address: "127.0.0.1:9101", weight: 5}
            - {id: web2, address: "127.0.0.1:9102", weight: 5, maxConnections: 1}
            - {id: spare, address: "127.0.0.1:9103", tier: 1}
        - name: db
          failover: strict
          backends: [{id: db1, address: "127.0.0.1:9201"}, {id: db2, address: "127.0.0.1:9202"}]
        - name: api
          SHARED
          backends: [{id: api1, address: "127.0.0.1:9301"}]
      """;
  private static final String STICKY = "stickySession: {type: source-ip, mode: absolute}";

  volatile long version = 7;
  volatile Change nextChange = new Change.Done(8, List.of("a: 1 -> 2"), false, "a: 2");
  volatile Preview nextPreview = new Preview.Effect(12, 3, 1, List.of("A note."));
  volatile RuntimeException failure;
  volatile StoryControl story;
  volatile List<Running.Difference> differences = List.of();
  final List<Edit> edits = new CopyOnWriteArrayList<>();
  final List<Long> expected = new CopyOnWriteArrayList<>();
  final List<Draining> drains = new CopyOnWriteArrayList<>();
  final List<TracedRequest> traced = new CopyOnWriteArrayList<>();
  final AtomicInteger choices = new AtomicInteger();
  final AtomicInteger choicesAtRest = new AtomicInteger();
  final AtomicInteger looks = new AtomicInteger();
  volatile boolean isAtRest;
  volatile long nanos;

  private final GatewayConfig config;
  private final Map<String, Pool> pools = new LinkedHashMap<>();
  private final Map<String, Running.Served> listeners = new LinkedHashMap<>();

  private FakeOperations(String yaml) {
    SourceReading reading = ConfigReader.source(yaml);
    if (reading.source() == null) {
      throw new IllegalArgumentException(reading.faults().toString());
    }
    config = reading.source().config();
    Environment environment = Environment.local().withClock(() -> nanos);
    config.pools().forEach(pool -> pools.put(pool.name(), pool(pool, environment)));
    config
        .listeners()
        .forEach(listener -> listeners.put(
            listener.name(),
            new Running.Served(
                listener.port(), router(listener, pools.get(listener.pool()), environment))));
  }

  /** A gateway of the profile open, with a pool whose sessions are those of addresses. */
  static FakeOperations open() {
    return new FakeOperations(YAML.replace("PROFILE", "open")
        .replace("POOL", STICKY)
        .replace("LISTENER", "host: 127.0.0.1")
        .replace(
            "SHARED",
            "stickySession: {type: app-cookie, cookieName: SID, maxDuration: 8h}\n    sharedTable: "
                + "{redis: \"redis://:" + PASSWORD + "@127.0.0.1:1\"}")
        .replace("SECRET", SECRET));
  }

  /** A gateway of the profile classic, with sticky listeners. */
  static FakeOperations classic() {
    return new FakeOperations(YAML.replace("PROFILE", "classic")
        .replace("POOL", "slowStart: 0s")
        .replace("LISTENER", "stickySession: {type: lb-cookie}")
        .replace("SHARED", "slowStart: 0s")
        .replace("SECRET", SECRET));
  }

  private static Pool pool(PoolConfig config, Environment environment) {
    return Pool.builder(config.name())
        .environment(environment)
        .countConnections()
        .passiveHealth(PassiveHealth.builder().failures(1).build())
        .backends(config.backends().stream().map(it -> it.backend()).toList())
        .build();
  }

  private StickyRouter<InetAddress> router(
      ListenerConfig listener, Pool pool, Environment environment) {
    StickyConfig sticky = config.stickySession(listener);
    if (sticky == null) {
      return StickyRouter.of(pool, Affinity.<InetAddress>none());
    }
    StickySession session = StickySession.sourceIp()
        .withMode(sticky.session().mode())
        .withDuration(sticky.session().duration());
    return StickyRouter.of(
        pool,
        SourceIpAffinity.<InetAddress>builder(address -> address)
            .session(session)
            .environment(environment)
            .table((declared, same) -> CompactStickyTable.of(declared, 1000, environment.clock()))
            .build());
  }

  Pool pool(String name) {
    return pools.get(name);
  }

  /** The router of the listener front, by whose sessions tests tell. */
  @SuppressWarnings("unchecked")
  StickyRouter<InetAddress> router() {
    return (StickyRouter<InetAddress>) listeners.get("front").router();
  }

  /** Lets sessions begin, or go on, at the listener front. */
  void request(int... sessions) {
    for (int session : sessions) {
      router().route(address(session)).close();
    }
  }

  static InetAddress address(int session) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, (byte) (session >> 8), (byte) session});
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public Running running() {
    looks.incrementAndGet();
    if (failure != null) {
      throw failure;
    }
    return new Running(
        version, config, "config.yaml", false, differences, listeners, Map.of("web", new Fixed()));
  }

  @Override
  public <T> T atRest(Function<? super Running, T> reading) {
    Running running = running();
    isAtRest = true;
    try {
      return reading.apply(running);
    } finally {
      isAtRest = false;
    }
  }

  /** Counts that are easy to find again. */
  private static final class Fixed implements BackendCounts {
    @Override
    public long requests(String name) {
      return 500;
    }

    @Override
    public long movedIn(String name) {
      return 1;
    }

    @Override
    public long movedOut(String name) {
      return 2;
    }
  }

  /** Refuses a stale version as the gateway does, and answers with the next change otherwise. */
  @Override
  public Change change(Edit edit, Long expectedVersion, String who) {
    if (expectedVersion != null && expectedVersion != version) {
      return new Change.Stale(version, List.of("pools.web.backends.web1.weight: 5 -> 3"));
    }
    edits.add(edit);
    expected.add((expectedVersion == null) ? -1 : expectedVersion);
    if (nextChange instanceof Change.Done done) {
      version = done.version();
    }
    return nextChange;
  }

  @Override
  public Preview preview(Edit.Stickiness edit) {
    edits.add(edit);
    return nextPreview;
  }

  @Override
  public Choices choices(String owner) {
    choices.incrementAndGet();
    choicesAtRest.addAndGet(isAtRest ? 1 : 0);
    Duration minute = Duration.ofMinutes(1);
    return new Choices(
        null,
        List.of(
            new Choices.Type(
                "source-ip",
                "Source IP address",
                null,
                minute,
                minute.multipliedBy(60),
                minute.multipliedBy(20)),
            new Choices.Type(
                "lb-cookie",
                "Load balancer cookie",
                "source IP only: listener db is TCP",
                minute,
                minute.multipliedBy(1440),
                minute.multipliedBy(20))));
  }

  @Override
  public List<Draining> drains() {
    return drains;
  }

  @Override
  public Trace trace(TracedRequest request) {
    traced.add(request);
    if (!listeners.containsKey(request.listener())) {
      throw new UnknownNameException("listener: x (expected: one of " + listeners.keySet() + ")");
    }
    return new Trace(
        List.of(new Trace.Step("key", "source address 192.0.2.1")),
        "web1",
        "KEPT",
        null,
        "would move to another backend");
  }

  @Override
  public List<String> audit() {
    return List.of("2026-01-01T00:00:00Z 127.0.0.1 pools.web.backends.web1.weight: 5 -> 3");
  }

  @Override
  public StoryControl story() {
    return story;
  }

  /** A story that plays, or not. */
  static StoryControl story(boolean isPlaying) {
    return new StoryControl() {
      @Override
      public boolean play() {
        return !isPlaying;
      }

      @Override
      public boolean isPlaying() {
        return isPlaying;
      }

      @Override
      public String output() {
        return "once";
      }
    };
  }

  static Backend backend(String id) {
    return Backend.of(id, "127.0.0.1", 9999);
  }
}
