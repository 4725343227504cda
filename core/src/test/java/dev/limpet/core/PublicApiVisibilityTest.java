package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A public API is what users of a module see: no more, and no less. */
class PublicApiVisibilityTest {
  private static final String MODULE = SampleModule.DECLARATION;
  private static final String A = SampleModule.source("public interface A {}");

  @TempDir
  Path folder;

  @Test
  void protectedMember_ofAnOpenClassAdded() throws IOException {
    assertThat(changes("public class A {}", "public class A { protected int size; }"))
        .containsExactly("sample.A", "  + protected int size");
  }

  @Test
  void protectedMember_ofAFinalClassAdded_isNoChange() throws IOException {
    assertThat(changes("public final class A {}", "public final class A { protected int size; }"))
        .isEmpty();
  }

  @Test
  void protectedType_inAnOpenClassAdded() throws IOException {
    assertThat(changes("public class A {}", "public class A { protected interface B {} }"))
        .containsExactly("sample.A.B", "  + protected interface sample.A.B");
  }

  @Test
  void hiddenMembers_areNoChange() throws IOException {
    assertThat(changes(
            "public class A {}",
            "public class A { private int size; void use() {} static class B {} } class C {}"))
        .isEmpty();
  }

  @Test
  void hiddenSupertype_passesOnItsMembersAndSupertypes() throws IOException {
    assertThat(changes(
            "public class A {}",
            "public class A extends B<String> {} "
                + "class B<T> extends C<List<T>> { public void use(T item) {} protected int size; }"
                + " abstract class C<T> implements D, Comparable<T> { "
                + "  public int compareTo(T other) { return 0; } } "
                + "interface D { static void make() {} default void close() {} }"))
        .containsExactly(
            "imports",
            "  + java.util.List",
            "sample.A",
            "  - public class sample.A",
            "  + public class sample.A implements Comparable<List<String>>",
            "  + protected int size",
            "  + public void close()",
            "  + public int compareTo(List<String>)",
            "  + public void use(String)");
  }

  @Test
  void hiddenSupertype_ofNoMembers_isNoChange() throws IOException {
    assertThat(changes("public class A {}", "public class A implements B {} interface B {}"))
        .isEmpty();
  }

  @Test
  void hiddenSupertype_whoseMethodIsInherited_isNoChange() throws IOException {
    assertThat(changes(
            "public class A extends ArrayList<String> {}",
            "public class A extends ArrayList<String> implements B {} "
                + "interface B { void clear(); }"))
        .isEmpty();
  }

  @Test
  void override_ofAHiddenSupertypesMethod_isListedOnce() throws IOException {
    assertThat(changes(
            "public class A { public void use(@Nullable String item) {} }",
            "public class A extends B<String> { public void use(@Nullable String item) {} } "
                + "class B<T> { public void use(T item) {} }"))
        .isEmpty();
  }

  @Test
  void hiddenSupertype_inAPackageThatIsNotExportedToAll_passesOnItsMembers() throws IOException {
    assertThat(listing(Map.of(
            "module-info", MODULE.replace("}", "exports hidden to other; }"),
            "hidden/B", "package hidden; public class B { public void use() {} }",
            "sample/A", "package sample; public class A extends hidden.B {}")))
        .contains("public class sample.A", "  public void use()")
        .doesNotContain("public class hidden.B");
  }

  @Test
  void package_exportedToAllModules() throws IOException {
    String hidden = MODULE.replace("}", "exports hidden to other; }");
    String exported = MODULE.replace("}", "exports hidden; }");
    String type = "package hidden; public interface B {}";

    assertThat(PublicApi.changes(
            listing(Map.of("module-info", hidden, "hidden/B", type, "sample/A", A)),
            listing(Map.of("module-info", exported, "hidden/B", type, "sample/A", A))))
        .containsExactly(
            "hidden", "  + package hidden", "hidden.B", "  + public interface hidden.B");
  }

  @Test
  void package_nullMarked() throws IOException {
    Map<String, String> before = Map.of("module-info", MODULE, "sample/A", A);
    Map<String, String> after = new HashMap<>(before);
    after.put("sample/package-info", "@org.jspecify.annotations.NullMarked package sample;");

    assertThat(PublicApi.changes(listing(before), listing(after)))
        .containsExactly("sample", "  - package sample", "  + @NullMarked package sample");
  }

  @Test
  void module_requiredTransitively() throws IOException {
    String transitive = MODULE.replace("static", "static transitive");

    assertThat(PublicApi.changes(
            listing(Map.of("module-info", MODULE, "sample/A", A)),
            listing(Map.of("module-info", transitive, "sample/A", A))))
        .containsExactly("sample", "  + requires transitive org.jspecify");
  }

  private List<String> changes(String before, String after) throws IOException {
    return PublicApi.changes(listing(before), listing(after));
  }

  private List<String> listing(String type) throws IOException {
    return listing(SampleModule.ofType(type));
  }

  private List<String> listing(Map<String, String> sources) throws IOException {
    return PublicApi.of(SampleModule.compile(folder, sources));
  }
}
