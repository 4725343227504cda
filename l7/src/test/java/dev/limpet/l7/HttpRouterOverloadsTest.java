package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Affinity;
import dev.limpet.core.Pool;
import dev.limpet.core.RouterBuilder;
import dev.limpet.core.StickyRouter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An HttpRouter inherits the static methods of StickyRouter, which take any affinity. What they
 * make is not an HttpRouter, and the compiler says so.
 */
class HttpRouterOverloadsTest {

  @TempDir
  private Path classes;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HttpRouter<String, String>   | HttpRouter.of(pool, cookies)",
        "HttpRouter<String, String>   | HttpRouter.builder(pool, cookies).build()",
        "StickyRouter<String>         | HttpRouter.of(pool, cookies)",
        "StickyRouter<String>         | HttpRouter.of(pool, keys)",
        "StickyRouter<String>         | HttpRouter.<String>builder(pool, keys).build()",
      })
  void compiles(String type, String router) {
    assertThat(errors(type, router)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HttpRouter<String, String>   | HttpRouter.of(pool, keys)",
        "HttpRouter<String, String>   | HttpRouter.<String>builder(pool, keys).build()",
        "HttpRouter<String, String>   | StickyRouter.of(pool, cookies)",
      })
  void doesNotCompile(String type, String router) {
    assertThat(errors(type, router))
        .singleElement()
        .asString()
        .contains("incompatible types")
        .contains("HttpRouter<");
  }

  @Test
  void aRouterByKey_hasNoResponsePhase() {
    assertThat(errors("Object", "HttpRouter.of(pool, keys).responseStats()")).hasSize(1);
    assertThat(errors("Object", "HttpRouter.of(pool, cookies).responseStats()")).isEmpty();
  }

  @Test
  void theInheritedMethods_areThoseOfStickyRouter() throws NoSuchMethodException {
    assertThat(HttpRouter.class.getMethod("of", Pool.class, Affinity.class))
        .isEqualTo(StickyRouter.class.getMethod("of", Pool.class, Affinity.class))
        .returns(StickyRouter.class, method -> (Class<?>) method.getReturnType());
    assertThat(HttpRouter.class.getMethod("of", Pool.class, HttpAffinity.class))
        .returns(HttpRouter.class, method -> (Class<?>) method.getReturnType());
    assertThat(HttpRouter.class.getMethod("builder", Pool.class, HttpAffinity.class))
        .returns(RouterBuilder.class, method -> (Class<?>) method.getReturnType());
  }

  /** Returns what the compiler has against a method that returns the router. */
  private List<String> errors(String type, String router) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    List<String> options = List.of(
        "-proc:none", "-cp", System.getProperty("java.class.path"), "-d", classes.toString());
    compiler
        .getTask(null, null, found, options, null, List.of(new Embedder(type, router)))
        .call();
    return found.getDiagnostics().stream()
        .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
        .map(diagnostic -> diagnostic.getMessage(Locale.ENGLISH))
        .toList();
  }

  /** The source of a class of an embedder. */
  private static final class Embedder extends SimpleJavaFileObject {
    private final String source;

    Embedder(String type, String router) {
      super(URI.create("string:///Embedder.java"), Kind.SOURCE);
      this.source = String.join(
          "\n",
          "import dev.limpet.core.*;",
          "import dev.limpet.core.affinity.KeyAffinity;",
          "import dev.limpet.l7.*;",
          "abstract class Embedder {",
          "  " + type + " router(",
          "      Pool pool, KeyAffinity<String> keys, HttpAffinity<String, String> cookies) {",
          "    return " + router + ";",
          "  }",
          "}");
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return source;
    }
  }
}
