package dev.limpet.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * The code under test with a few words replaced, to pause a thread where the clock is not read, or
 * to see that a test fails without a line that it is about. Each text to be replaced must occur
 * exactly once, so that a change of the code cannot turn such a test into nothing. Immutable.
 */
public final class Rewritten {
  private static final Path SOURCES = Path.of("src", "main", "java");
  private static final String PACKAGE = Rewritten.class.getPackageName();

  private final Map<String, String> sources;
  private final boolean limited;

  private Rewritten(Map<String, String> sources, boolean limited) {
    this.sources = sources;
    this.limited = limited;
  }

  /** {@return the code as it is} */
  public static Rewritten nothing() {
    return new Rewritten(Map.of(), false);
  }

  /** {@return this code, whose loops end after a number of {@link Rounds}} */
  public Rewritten limited() {
    return new Rewritten(sources, true);
  }

  /** {@return this with a text of a class replaced} */
  public Rewritten replacing(Class<?> type, String text, String replacement) {
    Map<String, String> changed = new HashMap<>(sources);
    String source = changed.computeIfAbsent(type.getName(), Rewritten::read);
    int at = source.indexOf(text);
    if (at < 0 || source.indexOf(text, at + 1) >= 0) {
      throw new IllegalArgumentException(
          "text: " + text + " (expected: once in " + type.getSimpleName() + ")");
    }
    changed.put(
        type.getName(),
        source.substring(0, at) + replacement + source.substring(at + text.length()));
    return new Rewritten(changed, limited);
  }

  /** {@return what a scenario answers that runs on the rewritten code} */
  public <T> T run(Class<? extends Callable<T>> scenario) throws Exception {
    Constructor<?> there =
        new Loader(compiled(), limited).loadClass(scenario.getName()).getDeclaredConstructor();
    there.setAccessible(true);
    @SuppressWarnings("unchecked")
    Callable<T> callable = (Callable<T>) there.newInstance();
    return callable.call();
  }

  private Map<String, byte[]> compiled() {
    if (sources.isEmpty()) {
      return Map.of();
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    InMemory files = new InMemory(compiler.getStandardFileManager(null, null, UTF_8));
    StringWriter messages = new StringWriter();
    List<String> options =
        List.of("-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"));
    List<Source> changed = sources.entrySet().stream()
        .map(e -> new Source(e.getKey(), e.getValue()))
        .toList();
    if (!compiler.getTask(messages, files, null, options, null, changed).call()) {
      throw new IllegalStateException(messages.toString());
    }
    Map<String, byte[]> classes = new HashMap<>();
    files.classes.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
    return classes;
  }

  private static String read(String type) {
    try {
      return Files.readString(SOURCES.resolve(type.replace('.', '/') + ".java"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Loads the package anew, so that the scenario, its helpers and the rewritten code are one. */
  private static final class Loader extends ClassLoader {
    private final Map<String, byte[]> rewritten;
    private final boolean limited;

    Loader(Map<String, byte[]> rewritten, boolean limited) {
      super(Rewritten.class.getClassLoader());
      this.rewritten = rewritten;
      this.limited = limited;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(PACKAGE + ".")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return (loaded != null) ? loaded : define(name);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      byte[] bytes = rewritten.get(name);
      if (bytes == null) {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
          bytes = in.readAllBytes();
        } catch (IOException | NullPointerException e) {
          throw new ClassNotFoundException(name, e);
        }
      }
      byte[] code = (limited && isUnderTest(name)) ? Rounds.limited(bytes) : bytes;
      return defineClass(name, code, 0, code.length);
    }

    /** Scenes wait for threads in loops, and know how long. */
    private static boolean isUnderTest(String name) {
      String outermost = name.contains("$") ? name.substring(0, name.indexOf('$')) : name;
      return Files.exists(SOURCES.resolve(outermost.replace('.', '/') + ".java"));
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String type, String text) {
      super(URI.create("string:///" + type.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes = new HashMap<>();

    InMemory(JavaFileManager files) {
      super(files);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String type, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("class:///" + type.replace('.', '/')), kind) {
        @Override
        public OutputStream openOutputStream() {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          classes.put(type, bytes);
          return bytes;
        }
      };
    }
  }
}
