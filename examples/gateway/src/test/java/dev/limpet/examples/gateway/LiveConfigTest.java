package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.limpet.examples.gateway.config.ConfigFault;
import dev.limpet.examples.gateway.config.ConfigReader;
import dev.limpet.examples.gateway.config.ConfigSource;
import dev.limpet.examples.gateway.operate.Change;
import dev.limpet.examples.gateway.operate.Edit;
import dev.limpet.examples.gateway.operate.Preview;
import dev.limpet.examples.gateway.operate.Running;
import dev.limpet.examples.gateway.operate.UnknownNameException;
import java.io.IOException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveConfigTest {
  private static final String SECRET = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
  private static final String YAML = """
      # our gateway
      listeners:
        - {name: web, protocol: http, port: 80, pool: web}
        - {name: app, protocol: http, port: 81, pool: app}
      pools:
        - name: web
          stickySession: {type: lb-cookie, duration: 20m}   # as the shop wants it
          backends:
            - {id: web1, address: "h:1", weight: 5, drain: false}
            - {id: web2, address: "h:2"}
        - name: app
          stickySession: {type: app-cookie, cookieName: SID}
          sharedTable: {redis: "redis://:password@h"}
          backends:
            - {id: app1, address: "h:3"}
      keySecret: $
      admin: {port: 82, token: abcdefghijklmnopqrstuvwxyz}
      """.replace("$", SECRET);
  private static final String WHO = "192.0.2.1";

  @TempDir
  private Path folder;

  private final TestConsole console = new TestConsole();
  private final FakeEffects effects = new FakeEffects();

  private LiveConfig live(boolean writable) throws IOException {
    Files.writeString(file(), YAML);
    return live(ConfigReader.source(file()).source(), new ConfigFile(file(), writable));
  }

  private LiveConfig demo() {
    return live(ConfigReader.source(YAML).source(), null);
  }

  private LiveConfig live(ConfigSource source, @Nullable ConfigFile file) {
    effects.with(source.config());
    return new LiveConfig(
        source, file, effects, console.console(), () -> Instant.parse("2026-01-01T00:00:00Z"));
  }

  private Path file() {
    return folder.resolve("gateway.yaml");
  }

  private static Edit weight(int weight) {
    return new Edit.ChangeBackend("web", "web1", "{\"weight\":" + weight + '}', false);
  }

  private static Edit sticky(@Nullable String settings) {
    return new Edit.Stickiness("web", settings);
  }

  private static Running running(LiveConfig live) {
    return live.running(Map.of(), Map.of());
  }

  private void look(LiveConfig live) {
    new ConfigFollower(file(), live, console.console()).look();
  }

  @Test
  void aChangeIsAppliedCountedAndAudited() {
    LiveConfig live = demo();
    Change change = live.change(weight(3), 1L, WHO);

    List<String> lines = List.of("pools.web.backends.web1.weight: 5 -> 3");
    assertThat(change).isEqualTo(new Change.Done(2, lines, false, null));
    assertThat(effects.pool("web").snapshot().member("web1").backend().weight()).isEqualTo(3);
    assertThat(running(live).version()).isEqualTo(2);
    assertThat(running(live).file()).isNull();
    assertThat(live.audit()).containsExactly("2026-01-01T00:00:00Z 192.0.2.1 " + lines.get(0));
    assertThat(console.said()).isEqualTo(live.audit());
  }

  @Test
  void aChangeOfNothingKeepsTheVersion() {
    LiveConfig live = demo();

    assertThat(live.change(weight(5), 1L, WHO))
        .isEqualTo(new Change.Done(1, List.of(), false, null));
    assertThat(live.change(
            sticky("{\"type\":\"lb-cookie\",\"mode\":\"sliding\",\"duration\":\"1200s\"}"),
            1L,
            WHO))
        .isEqualTo(new Change.Done(1, List.of(), false, null));
    assertThat(effects.applied()).isEmpty();
    assertThat(effects.resticks()).isEmpty();
    assertThat(live.audit()).isEmpty();
  }

  @Test
  void stickinessChangesIsSwitchedOffAndOnAgain() {
    LiveConfig live = demo();

    assertThat(live.change(sticky("{type: lb-cookie, duration: 5m}"), null, WHO))
        .isEqualTo(new Change.Done(
            2, List.of("pools.web.stickySession.duration: 20m -> 5m"), false, null));
    live.change(sticky(null), null, WHO);
    live.change(sticky("{type: app-cookie, cookieName: x}"), null, WHO);
    assertThat(effects.resticks()).containsExactly("web lb-cookie", "web none", "web app-cookie");
    assertThat(live.audit())
        .first()
        .asString()
        .endsWith("pools.web.stickySession: absent -> "
            + "{type: app-cookie, duration: 20m, mode: sliding, cookieName: x}");
  }

  @Test
  void aFaultyChangeChangesNothing() {
    LiveConfig live = demo();
    Change change = live.change(sticky("{type: lb-cookie, duration: 1441m}"), null, WHO);

    assertThat(change).isInstanceOf(Change.Faulty.class);
    assertThat(((Change.Faulty) change).faults())
        .extracting(ConfigFault::toString)
        .containsExactly("duration: 1441m (expected: 1m..1440m at layer 7, in whole seconds)"
            + " [profile enhanced, allowed by profile open, listener web]");
    assertThat(running(live).version()).isEqualTo(1);
    assertThat(live.preview(new Edit.Stickiness("web", "{type: lb-cookie, duration: 1441m}")))
        .isInstanceOf(Preview.Faulty.class);
  }

  @Test
  void aStaleChangeIsRefusedWithTheDifferences() {
    LiveConfig live = demo();
    live.change(weight(3), null, WHO);
    live.change(new Edit.Drain("web", "web2", null, false), null, WHO);

    assertThat(live.change(weight(9), 1L, WHO))
        .isEqualTo(new Change.Stale(
            3,
            List.of(
                "pools.web.backends.web1.weight: 5 -> 3",
                "pools.web.backends.web2.drain: false -> true")));
    assertThat(live.change(weight(9), 4L, WHO)).isEqualTo(new Change.Stale(3, List.of()));
  }

  @Test
  void theDifferencesOfLongAgoAreForgotten() {
    LiveConfig live = demo();
    for (int i = 0; i < 102; i++) {
      live.change(weight(6 + i % 2), null, WHO);
    }

    assertThat(((Change.Stale) live.change(weight(1), 2L, WHO)).differences()).isEmpty();
    assertThat(((Change.Stale) live.change(weight(1), 3L, WHO)).differences()).hasSize(100);
    assertThat(live.audit()).hasSize(100);
  }

  @Test
  void unknownNamesAreSaidWithTheKnownOnes() {
    LiveConfig live = demo();
    String pool = "pool: x (expected: one of [web, app])";

    assertThat(live.change(new Edit.Stickiness("x", null), null, WHO))
        .isEqualTo(new Change.Unknown(pool));
    assertThat(live.change(new Edit.AddBackend("x", "{}"), null, WHO))
        .isEqualTo(new Change.Unknown(pool));
    assertThat(live.change(new Edit.Ready("web", "b\n"), null, WHO))
        .isEqualTo(new Change.Unknown("backend: b\\u000A (expected: one of [web1, web2])"));
    assertThat(live.preview(new Edit.Stickiness("x", null))).isEqualTo(new Preview.Unknown(pool));
    assertThatThrownBy(() -> live.choices("x"))
        .isInstanceOf(UnknownNameException.class)
        .hasMessage(pool);
  }

  @Test
  void theLastBackendThatTakesNewSessionsNeedsAConfirmation() {
    LiveConfig live = demo();
    effects.pool("web").change(edit -> edit.down("web2"));

    assertThat(live.change(new Edit.Drain("web", "web1", null, false), null, WHO))
        .isEqualTo(new Change.Unconfirmed("web1 is the last backend of the pool that takes new"
            + " sessions. Confirm with confirm=true."));
    assertThat(live.change(new Edit.RemoveBackend("web", "web1", false), null, WHO))
        .isInstanceOf(Change.Unconfirmed.class);
    assertThat(live.change(weight(0), null, WHO))
        .isEqualTo(new Change.Unconfirmed("web1 is the last backend of the pool that takes new"
            + " sessions. Confirm with confirm=true."));
    assertThat(live.change(weight(1), null, WHO)).isInstanceOf(Change.Done.class);
    assertThat(live.change(new Edit.Drain("web", "web1", null, true), null, WHO))
        .isInstanceOf(Change.Done.class);
  }

  @Test
  void aBackendBesideOneThatTakesNewSessionsNeedsNoConfirmation() {
    LiveConfig live = demo();

    assertThat(live.change(new Edit.Drain("web", "web1", null, false), null, WHO))
        .isInstanceOf(Change.Done.class);
    assertThat(live.change(new Edit.RemoveBackend("web", "web1", false), null, WHO))
        .isInstanceOf(Change.Done.class);
  }

  @Test
  void theLastBackendOfAllIsNotRemoved() {
    assertThat(demo().change(new Edit.RemoveBackend("app", "app1", true), null, WHO))
        .isInstanceOf(Change.Faulty.class);
  }

  @Test
  void aDrainHasADeadlineAndIsUndone() {
    LiveConfig live = demo();
    live.change(new Edit.Drain("web", "web2", "10m", false), null, WHO);
    live.change(new Edit.Ready("web", "web2"), null, WHO);

    assertThat(effects.deadlines()).containsExactly("web/web2 PT10M");
    assertThat(effects.pool("web").snapshot().member("web2").draining()).isFalse();
    assertThat(live.audit())
        .containsExactly(
            "2026-01-01T00:00:00Z 192.0.2.1 pools.web.backends.web2.drain: true -> false",
            "2026-01-01T00:00:00Z 192.0.2.1 pools.web.backends.web2.drain: false -> true"
                + " (deadline 10m)");
    assertThat(live.change(new Edit.Drain("web", "web2", "0s", false), null, WHO))
        .isInstanceOfSatisfying(
            Change.Faulty.class,
            change -> assertThat(change.faults())
                .extracting(ConfigFault::toString)
                .containsExactly("deadline: 0s (expected: 1ms..365d)"));
  }

  @Test
  void aDeadlineThatADrainLosesIsAudited() {
    LiveConfig live = demo();
    live.change(new Edit.Drain("web", "web2", "10m", false), null, WHO);
    live.change(new Edit.Drain("web", "web2", null, false), null, WHO);
    live.change(new Edit.Drain("web", "web2", null, false), null, WHO);

    assertThat(live.audit())
        .containsExactly(
            "2026-01-01T00:00:00Z 192.0.2.1 pools.web.backends.web2.drain (deadline removed)",
            "2026-01-01T00:00:00Z 192.0.2.1 pools.web.backends.web2.drain: false -> true"
                + " (deadline 10m)");
  }

  @Test
  void filesOfTheStartThatAreGoneStopNoChange() throws IOException {
    Path cert = Files.writeString(folder.resolve("cert.pem"), "-");
    Path key = Files.writeString(folder.resolve("key.pem"), "-");
    Path tables = Files.createDirectory(folder.resolve("tables"));
    String yaml = YAML.replace("port: 80,", "port: 80, tls: {cert: cert.pem, key: key.pem},")
        + "tables: tables\n";
    Files.writeString(file(), yaml);
    LiveConfig live = live(ConfigReader.source(file()).source(), new ConfigFile(file(), true));
    for (Path gone : List.of(cert, key, tables)) {
      Files.delete(gone);
    }
    Change change = live.change(new Edit.Drain("web", "web1", null, false), null, WHO);

    assertThat(change).isInstanceOf(Change.Done.class);
    assertThat(((Change.Done) change).written()).isTrue();
    assertThat(file()).hasContent(yaml.replace("drain: false", "drain: true"));
    assertThat(live.preview(new Edit.Stickiness("web", null))).isInstanceOf(Preview.Effect.class);
    assertThat(ConfigReader.source(file()).faults())
        .extracting(fault -> fault.fault().setting())
        .containsExactly("cert", "key", "tables");
  }

  /** A closed file system stands for any failure that nobody has thought of. */
  @Test
  void aChangeIsCountedAndAuditedEvenIfItCannotBeSaved() throws IOException {
    FileSystem zip = FileSystems.newFileSystem(folder.resolve("a.zip"), Map.of("create", "true"));
    Path inside = Files.writeString(zip.getPath("/gateway.yaml"), YAML);
    LiveConfig live = live(ConfigReader.source(inside).source(), new ConfigFile(inside, true));
    zip.close();

    assertThatThrownBy(() -> live.change(weight(3), null, WHO))
        .isInstanceOf(ClosedFileSystemException.class);
    assertThat(effects.pool("web").snapshot().member("web1").backend().weight()).isEqualTo(3);
    assertThat(running(live).version()).isEqualTo(2);
    assertThat(running(live).differences())
        .containsExactly(new Running.Difference("pools.web.backends.web1.weight", "5", "3"));
    assertThat(live.audit())
        .containsExactly("2026-01-01T00:00:00Z 192.0.2.1 pools.web.backends.web1.weight: 5 -> 3");
    assertThat(live.change(weight(9), 1L, WHO))
        .isEqualTo(new Change.Stale(2, List.of("pools.web.backends.web1.weight: 5 -> 3")));
  }

  @Test
  void whileAnUnchangedFileIsRead_nobodyWaits() throws IOException {
    LiveConfig live = live(false);
    ExecutorService operator = Executors.newSingleThreadExecutor();
    live.follow(() -> {
      assertThat(operator.submit(() -> live.change(weight(3), null, WHO)))
          .succeedsWithin(Duration.ofSeconds(10));
      return ConfigReader.source(file());
    });
    operator.shutdown();

    assertThat(running(live).version()).isEqualTo(2);
  }

  @Test
  void withoutWritableTheFileStaysAndTheChangeIsShown() throws IOException {
    LiveConfig live = live(false);
    Change change = live.change(weight(3), null, WHO);

    assertThat(((Change.Done) change).written()).isFalse();
    assertThat(((Change.Done) change).paste()).isEqualTo("""
        # in backends of pool web, instead of web1:
        - {id: web1, address: h:1, weight: 3, drain: false}
        """);
    assertThat(Files.readString(file())).isEqualTo(YAML);
    assertThat(running(live).differences())
        .containsExactly(new Running.Difference("pools.web.backends.web1.weight", "5", "3"));
    assertThat(((Change.Done) live.change(weight(5), null, WHO)).written()).isTrue();
    assertThat(running(live).differences()).isEmpty();
  }

  @Test
  void scalarsAreWrittenAndNotTakenForAForeignChange() throws IOException {
    LiveConfig live = live(true);
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));
    Change change = live.change(weight(3), null, WHO);
    live.change(new Edit.Drain("web", "web1", null, false), null, WHO);
    live.change(sticky("{\"type\":\"lb-cookie\",\"duration\":\"5m\"}"), null, WHO);
    look(live);

    assertThat(((Change.Done) change).written()).isTrue();
    assertThat(((Change.Done) change).paste()).isNull();
    assertThat(Files.readString(file()))
        .isEqualTo(
            YAML.replace("weight: 5, drain: false", "weight: 3, drain: true").replace("20m", "5m"));
    assertThat(Files.getPosixFilePermissions(file()))
        .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
    assertThat(running(live).version()).isEqualTo(4);
    assertThat(running(live).differences()).isEmpty();
    assertThat(console.complaints()).isEmpty();
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void whatCannotBeWrittenIsShown() throws IOException {
    LiveConfig live = live(true);

    assertThat(live.change(
            new Edit.AddBackend("web", "{\"id\":\"web3\",\"address\":\"h:9\"}"), null, WHO))
        .isEqualTo(new Change.Done(
            2,
            List.of("pools.web.backends.web3: added"),
            false,
            "# in backends of pool web:\n- {id: web3, address: h:9}\n"));
    assertThat(((Change.Done) live.change(sticky(null), null, WHO)).paste())
        .isEqualTo("# in pool web: remove stickySession\n");
    assertThat(
            ((Change.Done) live.change(sticky("{type: lb-cookie, path: /a}"), null, WHO)).paste())
        .isEqualTo("# in pool web:\nstickySession: {type: lb-cookie, path: /a}\n");
    assertThat(((Change.Done) live.change(new Edit.RemoveBackend("web", "web2", false), null, WHO))
            .paste())
        .isEqualTo("# in backends of pool web: remove web2\n");
    assertThat(Files.readString(file())).isEqualTo(YAML);
    assertThat(running(live).differences())
        .containsExactly(
            new Running.Difference("pools.web.backends.web3", null, "{id: web3, address: h:9}"),
            new Running.Difference("pools.web.backends.web2", "{id: web2, address: h:2}", null),
            new Running.Difference("pools.web.stickySession.path", null, "/a"));
  }

  @Test
  void aFileThatSomebodyHasChangedIsNotWritten() throws IOException {
    LiveConfig live = live(true);
    String foreign = YAML + "# more\n";
    Files.writeString(file(), foreign);
    Change change = live.change(weight(3), null, WHO);

    assertThat(((Change.Done) change).written()).isFalse();
    assertThat(((Change.Done) change).paste()).isNotNull();
    assertThat(Files.readString(file())).isEqualTo(foreign);
    look(live);
    assertThat(running(live).config().pools().get(0).backends().get(0).backend().weight())
        .isEqualTo(3);
  }

  @Test
  void aLinkToTheFileStaysALink() throws IOException {
    Path real = folder.resolve("real.yaml");
    Files.writeString(real, YAML);
    Files.createSymbolicLink(file(), real);
    LiveConfig live = live(ConfigReader.source(file()).source(), new ConfigFile(file(), true));
    live.change(weight(3), null, WHO);

    assertThat(Files.isSymbolicLink(file())).isTrue();
    assertThat(Files.readString(real)).isEqualTo(YAML.replace("weight: 5", "weight: 3"));
  }

  @Test
  void theFileChangesOnlyWhatItChanges() throws IOException {
    LiveConfig live = live(false);
    live.change(weight(3), null, WHO);
    live.change(sticky("{type: lb-cookie, duration: 5m}"), null, WHO);
    Files.writeString(
        file(), YAML.replace("\"h:2\"", "\"h:2\", weight: 7").replace("port: 80", "port: 90"));
    look(live);

    assertThat(running(live).version()).isEqualTo(4);
    assertThat(effects.pool("web").snapshot().members())
        .extracting(member -> member.backend().weight())
        .containsExactly(3, 7);
    assertThat(console.said())
        .endsWith(
            "pools.web.backends.web2.weight: 1 -> 7",
            "listeners.web.port: changed (needs a restart)");
    assertThat(running(live).differences())
        .containsExactly(
            new Running.Difference("listeners.web.port", "90", "80"),
            new Running.Difference("pools.web.backends.web1.weight", "5", "3"),
            new Running.Difference("pools.web.stickySession.duration", "20m", "5m"));
  }

  @Test
  void drainsOfTheFileAndOfAnOperatorThatLeaveNoBackend_areSaid() throws IOException {
    LiveConfig live = live(false);
    live.change(new Edit.Drain("web", "web2", null, false), null, WHO);

    Files.writeString(file(), YAML.replace("drain: false", "drain: true"));
    look(live);
    look(live);

    assertThat(console.complaints())
        .containsExactly("pool web: no backend takes new sessions any longer");
  }

  @Test
  void aFileThatIsReadOnlyIsNotReplaced() throws IOException {
    LiveConfig live = live(true);
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("r--r--r--"));
    assumeFalse(Files.isWritable(file()), "root may write to any file");

    Change.Done change = (Change.Done) live.change(weight(3), null, WHO);

    assertThat(change.written()).isFalse();
    assertThat(change.paste()).isNotNull();
    assertThat(file()).hasContent(YAML);
  }

  @Test
  void aChangeInTheFileThatDoesNotFitWhatRunsIsSaid() throws IOException {
    LiveConfig live = live(false);
    Files.writeString(
        file(),
        YAML.replace("stickySession: {type: app-cookie, cookieName: SID}", "# not sticky")
            .replace("    sharedTable: {redis: \"redis://:password@h\"}\n", "")
            .replace("weight: 5", "weight: 4")
            .replace("20m", "30m"));
    look(live);
    look(live);

    assertThat(console.complaints())
        .singleElement()
        .asString()
        .startsWith("pools.app.stickySession: the change in the file does not fit what runs, and"
            + " needs a restart: stickySession: absent (expected: type source-ip");
    assertThat(console.said())
        .containsExactly(
            "pools.web.backends.web1.weight: 5 -> 4",
            "pools.web.stickySession.duration: 20m -> 30m",
            "pools.app.sharedTable: removed (needs a restart)");
    assertThat(effects.resticks()).containsExactly("web lb-cookie");
  }

  @Test
  void stickinessInTheFileAppliesAtOnce() throws IOException {
    LiveConfig live = live(false);
    Files.writeString(file(), YAML.replace("20m", "30m"));
    look(live);

    assertThat(effects.resticks()).containsExactly("web lb-cookie");
    assertThat(console.said()).containsExactly("pools.web.stickySession.duration: 20m -> 30m");
  }

  @Test
  void stickinessIsAListenersInClassic() throws IOException {
    Files.writeString(file(), """
        profile: classic
        listeners: [{name: front, protocol: http, port: 80, pool: web}]
        pools: [{name: web, backends: [{id: a, address: "h:1"}]}]
        """);
    LiveConfig live = live(ConfigReader.source(file()).source(), new ConfigFile(file(), true));

    assertThat(live.change(sticky(null), null, WHO))
        .isEqualTo(new Change.Unknown("listener: web (expected: one of [front])"));
    assertThat(live.change(new Edit.Stickiness("front", "{type: lb-cookie}"), null, WHO))
        .isEqualTo(new Change.Done(
            2,
            List.of("listeners.front.stickySession: absent -> "
                + "{type: lb-cookie, duration: 20m, mode: sliding}"),
            false,
            "# in listener front:\nstickySession: {type: lb-cookie}\n"));
    assertThat(effects.resticks()).containsExactly("front lb-cookie");
  }

  @Test
  void aPreviewChangesNothing() {
    LiveConfig live = demo();

    assertThat(live.preview(new Edit.Stickiness("web", "{type: app-cookie, cookieName: x}")))
        .isEqualTo(new Preview.Effect(1, 2, 3, List.of("web app-cookie")));
    assertThat(live.preview(new Edit.Stickiness("web", null)))
        .isEqualTo(new Preview.Effect(1, 2, 3, List.of("web none")));
    assertThat(running(live).version()).isEqualTo(1);
    assertThat(effects.resticks()).isEmpty();
  }

  @Test
  void noSecretIsShown() throws IOException {
    LiveConfig live = live(false);
    Files.writeString(
        file(),
        YAML.replace("password", "passw0rd")
            .replace("abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba")
            .replace("MDEy", "MDEx"));
    look(live);

    List<String> shown = new ArrayList<>(console.said());
    shown.addAll(live.audit());
    running(live).differences().forEach(difference -> shown.add(difference.toString()));
    assertThat(shown).anyMatch(line -> line.contains("keySecret: changed"));
    assertThat(shown)
        .noneMatch(line -> line.contains("passw") || line.contains("MDE") || line.contains("zyx"))
        .noneMatch(line -> line.contains("abcdef"));
  }

  @Test
  void concurrentChangesAreAllMade() throws Exception {
    LiveConfig live = demo();
    ExecutorService executor = Executors.newFixedThreadPool(4);
    List<Callable<Change>> changes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String settings = "{id: b" + i + ", address: \"h:1\"}";
      changes.add(() -> live.change(new Edit.AddBackend("web", settings), null, WHO));
    }
    for (Future<Change> change : executor.invokeAll(changes)) {
      assertThat(change.get()).isInstanceOf(Change.Done.class);
    }
    executor.shutdown();

    assertThat(running(live).version()).isEqualTo(101);
    assertThat(effects.pool("web").snapshot().members()).hasSize(102);
  }
}
