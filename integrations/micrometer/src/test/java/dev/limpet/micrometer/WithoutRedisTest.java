package dev.limpet.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.StickyRouter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The module is complete without the store's, except for the metrics of stores. */
class WithoutRedisTest {
  @Test
  void bind_needsNoStore() throws Exception {
    try (URLClassLoader loader = withoutRedis()) {
      Class<?> metrics = loader.loadClass(LimpetMetrics.class.getName());
      SimpleMeterRegistry registry = new SimpleMeterRegistry();

      metrics
          .getMethod("bind", MeterRegistry.class, StickyRouter.class)
          .invoke(null, registry, Routing.router(Routing.pool("a")));

      assertThat(metrics.getClassLoader()).isSameAs(loader);
      assertThat(registry.getMeters()).isNotEmpty();
      assertThatThrownBy(() -> loader.loadClass(StoreMetrics.class.getName()).getMethods())
          .isInstanceOf(NoClassDefFoundError.class);
    }
  }

  /** Makes a loader of this module's own classes that finds all others here, except the store's. */
  private static URLClassLoader withoutRedis() {
    URL[] own = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(path -> path.endsWith("classes"))
        .map(WithoutRedisTest::url)
        .toArray(URL[]::new);
    return new URLClassLoader(own, WithoutRedisTest.class.getClassLoader()) {
      @Override
      protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.startsWith("dev.limpet.redis.")) {
          throw new ClassNotFoundException(name);
        }
        if (!name.startsWith("dev.limpet.micrometer.")) {
          return super.loadClass(name, resolve);
        }
        Class<?> loaded = findLoadedClass(name);
        return (loaded == null) ? findClass(name) : loaded;
      }
    };
  }

  private static URL url(String path) {
    try {
      return Path.of(path).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }
}
