package dev.limpet.examples.gateway.config;

import dev.limpet.core.Profile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/** Reads a gateway's configuration. It returns a result for any input, and never throws. */
public final class ConfigReader {

  /** The maximum size of a configuration: 1 MiB. */
  public static final int MAX_BYTES = 1 << 20;

  private static final String FILE_RULE = "a readable file of 1.." + MAX_BYTES + " bytes";
  private static final String[] KEYS = {
    "profile", "listeners", "pools", "keySecret", "tables", "cookieSecrets", "stopTimeout", "admin"
  };
  private static final Duration DEFAULT_STOP_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration MAX_STOP_TIMEOUT = Duration.ofHours(1);
  private static final int MAX_LISTENERS = 1000;
  private static final int MAX_POOLS = 1000;

  private final StartFiles files;
  private final Faults faults;

  private ConfigReader(StartFiles files, @Nullable String name) {
    this.files = files;
    this.faults = new Faults(name);
  }

  /**
   * Reads a file in UTF-8. Paths in it are relative to its folder.
   *
   * @param file the file; faults show its path as given here
   */
  public static SourceReading source(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    StartFiles files = new StartFiles((parent != null) ? parent : file, true);
    ConfigReader reader = new ConfigReader(files, file.toString());
    String text = reader.load(file);
    return (text == null) ? new SourceReading(null, reader.faults.sorted()) : reader.parse(text);
  }

  /**
   * Reads a text. Paths in it are relative to the working directory.
   *
   * @param yaml the text of a configuration
   */
  public static SourceReading source(String yaml) {
    return source(yaml, new StartFiles(Path.of(""), true));
  }

  /** Reads the changed text of a configuration that runs. */
  static SourceReading changed(String yaml, Path folder) {
    return source(yaml, new StartFiles(folder, false));
  }

  private static SourceReading source(String yaml, StartFiles files) {
    ConfigReader reader = new ConfigReader(files, null);
    return reader.isWithinSize(yaml.length())
        ? reader.parse(yaml)
        : new SourceReading(null, reader.faults.sorted());
  }

  /** Reads the document of a configuration that runs, perhaps changed. Faults have no lines. */
  static ConfigReading read(ConfigDocument document) {
    ConfigReader reader = new ConfigReader(new StartFiles(document.folder(), false), null);
    GatewayConfig config = reader.config(document.root());
    return (config == null)
        ? new ConfigReading(null, reader.faults.withoutLines())
        : ConfigReading.of(config);
  }

  private @Nullable String load(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      return isWithinSize(bytes.length) ? decode(bytes) : null;
    } catch (NoSuchFileException e) {
      return refuse("absent");
    } catch (IOException | SecurityException e) {
      return refuse(Files.isDirectory(file) ? "a folder" : "not readable");
    }
  }

  private boolean isWithinSize(int size) {
    if (size > MAX_BYTES) {
      refuse("more than " + MAX_BYTES + " bytes");
    }
    return size <= MAX_BYTES;
  }

  private @Nullable String refuse(String value) {
    faults.addWhole(value, FILE_RULE);
    return null;
  }

  private @Nullable String decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length + 1);
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    out.flip();
    if (result.isError()) {
      int line = 1 + (int) out.chars().filter(c -> c == '\n').count();
      faults.add(line, "encoding", "not UTF-8", "UTF-8");
      return null;
    }
    return out.toString();
  }

  private SourceReading parse(String text) {
    Node root = YamlText.first(text, faults);
    if (root == null && faults.isEmpty()) {
      faults.add(1, "config", "empty", "a mapping of [" + String.join(", ", KEYS) + "]");
    }
    GatewayConfig config = (root == null) ? null : config(root);
    return (root == null || config == null)
        ? new SourceReading(null, faults.sorted())
        : new SourceReading(
            new ConfigSource(text, new ConfigDocument(root, files.folder()), config), List.of());
  }

  private @Nullable GatewayConfig config(Node root) {
    Section top = new Setting("config", root, 1, faults, false).section(KEYS);
    return (top == null) ? null : config(top);
  }

  private @Nullable GatewayConfig config(Section top) {
    Profile profile =
        top.optional("profile", Profile.ENHANCED, value -> value.choice(Profile.values()));
    Items<ListenerDraft> listeners = Items.required(
        top, "listeners", MAX_LISTENERS, item -> ListenerDraft.read(item, files, faults));
    Items<PoolDraft> pools = Items.required(
        top, "pools", MAX_POOLS, item -> PoolDraft.read(item, files.folder(), faults));
    SecretReader secrets = new SecretReader(faults);
    Secret keySecret = top.optional("keySecret", secrets::secret);
    List<CookieSecret> ring = secrets.ring(top);
    Path tables = tables(top);
    Duration stopTimeout =
        top.optional("stopTimeout", DEFAULT_STOP_TIMEOUT, ConfigReader::stopTimeout);
    AdminConfig admin = top.optional("admin", AdminReader::read);

    NameRules names = new NameRules(listeners, pools, faults);
    names.check();
    if (admin != null) {
      names.checkAdmin(admin, top.line("admin"));
    }
    if (profile != null) {
      new StickyRules(profile, faults).check(listeners.read(), pools.read());
    }
    new SharedTableRules(profile, top.has("keySecret"), faults).check(pools.read());
    if (profile == null || stopTimeout == null || !faults.isEmpty()) {
      return null;
    }
    return new GatewayConfig(
        profile,
        listeners.read().stream().map(ListenerDraft::config).toList(),
        pools.read().stream().map(PoolDraft::config).toList(),
        keySecret,
        tables,
        ring,
        stopTimeout,
        admin);
  }

  private static @Nullable Duration stopTimeout(Setting setting) {
    Duration timeout = Values.duration(setting);
    if (timeout == null) {
      return null;
    }
    boolean inRange = timeout.compareTo(MAX_STOP_TIMEOUT) <= 0;
    return setting.orRefuse(inRange ? timeout : null, "0s..1h");
  }

  /**
   * Reads the folder for tables. It requires a secret, because a table can be restored only with
   * the secret it was saved with.
   */
  private @Nullable Path tables(Section top) {
    Path tables = top.optional("tables", files::writableFolder);
    if (tables != null && !top.has("keySecret")) {
      faults.add(top.line("tables"), "keySecret", "absent", "a secret, as tables are kept");
    }
    return tables;
  }
}
