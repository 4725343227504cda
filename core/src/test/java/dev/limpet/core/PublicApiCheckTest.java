package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A public API is compared with its listing, which changes only if it is accepted. */
class PublicApiCheckTest {
  @TempDir
  Path folder;

  private Path classes = Path.of("");
  private Path listing = Path.of("");

  @BeforeEach
  void compile() throws IOException {
    classes = SampleModule.compile(folder, SampleModule.ofType("public interface A { int b(); }"));
    listing = folder.resolve("resources").resolve("listing.txt");
  }

  @Test
  void difference_failsWithItsLinesAndTheWayToAcceptIt() throws IOException {
    acceptChange();
    Files.writeString(listing, Files.readString(listing).replace("int b()", "long b()"));

    assertThatThrownBy(() -> PublicApi.check("l4", classes, listing, false))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("sample.A\n  - long b()\n  + int b()\n\n")
        .hasMessageContaining("-pl l4 -Dtest=PublicApiTest -Dpublic-api.accept=true");
    assertThat(listing).content().contains("long b()");
  }

  @Test
  void acceptedChange_failsOnce() throws IOException {
    acceptChange();

    PublicApi.check("l4", classes, listing, true);
    PublicApi.check("l4", classes, listing, false);
    assertThat(listing).content().endsWith("public interface sample.A\n  int b()\n");
  }

  @Test
  void emptyLines_makeNoDifference() throws IOException {
    acceptChange();
    Files.writeString(listing, Files.readString(listing).replace("\n\n", "\n"));

    PublicApi.check("l4", classes, listing, false);
  }

  @Test
  void classesThatAreNoModule_areListedAsSuch() throws IOException {
    Files.delete(classes.resolve("module-info.class"));
    acceptChange();

    assertThat(listing)
        .content()
        .startsWith("no module\n")
        .endsWith("public interface sample.A\n  int b()\n");
  }

  private void acceptChange() {
    assertThatThrownBy(() -> PublicApi.check("l4", classes, listing, true))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("  + int b()");
  }
}
