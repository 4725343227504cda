package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every change of a type or member that users see changes the listing of a public API. */
class PublicApiChangesTest {
  @TempDir
  Path folder;

  @Test
  void listing_readsLikeSource() throws IOException {
    assertThat(listing("""
            public abstract class A<T extends Comparable<T>> implements Closeable {
              public static final String NAME = "a\\n";
              protected A(int size, List<? extends @Nullable T> items) throws IOException {}
              public enum Kind { SMALL, LARGE }
              public record Entry(Kind kind, @Nullable String @Nullable [] names) {}
              public final <K> Map.@Nullable Entry<K, T[]> find(K key, T... more) { return null; }
            }""")).containsExactly("""
            module sample

            imports
              java.io.Closeable
              java.io.IOException
              java.util.List
              java.util.Map

            package sample

            public abstract class sample.A<T extends Comparable<T>> implements Closeable
              public static final String NAME = "a\\u000a"
              protected A(int, List<? extends @Nullable T>) throws IOException
              public final <K> @Nullable Map.Entry<K, T[]> find(K, T...)

            public record sample.A.Entry(A.Kind kind, @Nullable String @Nullable [] names)
              public Entry(A.Kind, @Nullable String @Nullable [])
              public A.Kind kind()
              public @Nullable String @Nullable [] names()

            public enum sample.A.Kind
              0: SMALL
              1: LARGE""".split("\n"));
  }

  @Test
  void method_added() throws IOException {
    assertThat(changes("public class A {}", "public class A { public int size() { return 0; } }"))
        .containsExactly("sample.A", "  + public int size()");
  }

  @Test
  void method_madeDefault() throws IOException {
    assertThat(changes(
            "public interface A { void use(); }", "public interface A { default void use() {} }"))
        .containsExactly("sample.A", "  - void use()", "  + default void use()");
  }

  @Test
  void parameter_changed() throws IOException {
    assertThat(changes(
            "public interface A { void use(int size); }",
            "public interface A { void use(long size); }"))
        .containsExactly("sample.A", "  - void use(int)", "  + void use(long)");
  }

  @Test
  void nullness_ofAParameterChanged() throws IOException {
    assertThat(changes(
            "public interface A { void use(String name); }",
            "public interface A { void use(@Nullable String name); }"))
        .containsExactly("sample.A", "  - void use(String)", "  + void use(@Nullable String)");
  }

  @Test
  void exception_added() throws IOException {
    assertThat(changes(
            "public interface A { void use(); }",
            "public interface A { void use() throws EOFException; }"))
        .containsExactly(
            "imports",
            "  + java.io.EOFException",
            "sample.A",
            "  - void use()",
            "  + void use() throws EOFException");
  }

  @Test
  void exception_thatIsUnchecked_isNoChange() throws IOException {
    assertThat(changes(
            "public interface A { void use(); }",
            "public interface A { void use() throws IllegalStateException; }"))
        .isEmpty();
  }

  @Test
  void finalRemoved() throws IOException {
    assertThat(changes("public final class A {}", "public class A {}"))
        .containsExactly(
            "sample.A", "  - public final class sample.A", "  + public class sample.A");
  }

  @Tag("slow")
  @Test
  void constructor_hidden() throws IOException {
    assertThat(changes("public class A {}", "public class A { A() {} }"))
        .containsExactly("sample.A", "  - public A()");
  }

  @Test
  void enumConstants_inAnotherOrder() throws IOException {
    assertThat(changes("public enum A { B, C }", "public enum A { C, B }"))
        .containsExactly("sample.A", "  - 0: B", "  - 1: C", "  + 0: C", "  + 1: B");
  }

  @Test
  void enumConstant_withABody_isNoChange() throws IOException {
    assertThat(changes("public enum A { B, C }", "public enum A { B, C {} }")).isEmpty();
  }

  @Test
  void recordComponent_renamed() throws IOException {
    assertThat(changes("public record A(int size) {}", "public record A(int count) {}"))
        .containsExactly(
            "sample.A",
            "  - public record sample.A(int size)",
            "  - public int size()",
            "  + public record sample.A(int count)",
            "  + public int count()");
  }

  @Test
  void recordMethods_thatEveryRecordHas_areNoChange() throws IOException {
    assertThat(changes(
            "public record A(int size) {}",
            "public record A(int size) { public A {} public int size() { return size; } "
                + "public String toString() { return null; } }"))
        .isEmpty();
  }

  @Test
  void bound_ofATypeParameterChanged() throws IOException {
    assertThat(changes(
            "public interface A<T> {}", "public interface A<T extends @Nullable Object> {}"))
        .containsExactly(
            "sample.A",
            "  - public interface sample.A<T>",
            "  + public interface sample.A<T extends @Nullable Object>");
  }

  @Test
  void bound_ofAWildcardChanged() throws IOException {
    assertThat(changes(
            "public interface A { void use(List<? super Integer> sizes); }",
            "public interface A { void use(List<? extends Integer> sizes); }"))
        .containsExactly(
            "sample.A",
            "  - void use(List<? super Integer>)",
            "  + void use(List<? extends Integer>)");
  }

  @Test
  void constant_changed() throws IOException {
    assertThat(changes(
            "public interface A { int SIZE = 1; boolean ON = true; char C = 'a'; long L = 1; }",
            "public interface A { int SIZE = 2; boolean ON = false; char C = '\\''; long L = 2; }"))
        .containsExactly(
            "sample.A",
            "  - boolean ON = true",
            "  - char C = 'a'",
            "  - int SIZE = 1",
            "  - long L = 1",
            "  + boolean ON = false",
            "  + char C = '\\''",
            "  + int SIZE = 2",
            "  + long L = 2");
  }

  @Test
  void constant_thatIsComputed_hasNoValue() throws IOException {
    assertThat(changes(
            "public interface A { int SIZE = Integer.parseInt(\"1\"); }",
            "public interface A { int SIZE = Integer.parseInt(\"2\"); }"))
        .isEmpty();
  }

  @Test
  void permits_changed() throws IOException {
    assertThat(changes(
            "public sealed interface A { record B() implements A {} }",
            "public sealed interface A { record B() implements A {} } record C() implements A {}"))
        .containsExactly(
            "sample.A",
            "  - public sealed interface sample.A permits A.B",
            "  + public sealed interface sample.A permits ..., A.B");
  }

  @Test
  void innerClass_madeStatic() throws IOException {
    assertThat(changes(
            "public class A { public class B { public B() {} } }",
            "public class A { public static class B { public B() {} } }"))
        .containsExactly(
            "sample.A.B", "  - public class sample.A.B", "  + public static class sample.A.B");
  }

  @Test
  void innerClass_whoseParametersCannotBeRead_isRefused() throws IOException {
    assertThatThrownBy(() -> listing("public class A { public class B { public B(int size) {} } }"))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("expected: a static class");
  }

  @Test
  void arguments_madeVariable() throws IOException {
    assertThat(changes(
            "public interface A { void use(int[][] sizes); }",
            "public interface A { void use(int[]... sizes); }"))
        .containsExactly("sample.A", "  - void use(int[][])", "  + void use(int[]...)");
  }

  @Test
  void namesake_fromAnotherPackage() throws IOException {
    assertThat(changes(
            "public interface A { java.net.Proxy at(); }",
            "public interface A { java.lang.reflect.Proxy at(); }"))
        .containsExactly("imports", "  - java.net.Proxy", "  + java.lang.reflect.Proxy");
  }

  @Test
  void namesakes_areWrittenInFull() throws IOException {
    assertThat(listing("public interface A { java.net.Proxy use(java.lang.reflect.Proxy other); }"))
        .contains("  java.net.Proxy use(java.lang.reflect.Proxy)");
  }

  @Test
  void deprecation() throws IOException {
    assertThat(changes(
            "public interface A { void use(); }", "public interface A { @Deprecated void use(); }"))
        .containsExactly("sample.A", "  - void use()", "  + @Deprecated void use()");
  }

  private List<String> changes(String before, String after) throws IOException {
    return PublicApi.changes(listing(before), listing(after));
  }

  private List<String> listing(String type) throws IOException {
    return PublicApi.of(SampleModule.compile(folder, SampleModule.ofType(type)));
  }
}
