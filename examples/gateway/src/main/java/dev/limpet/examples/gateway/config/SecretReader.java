package dev.limpet.examples.gateway.config;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Environment;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads secrets, and never shows them. */
final class SecretReader {
  /** The settings whose values no message shows. */
  static final Set<String> SECRET_KEYS =
      Set.of("keySecret", "cookieSecrets", "secret", "sharedTable", "token");

  private static final int MIN_BYTES = Environment.MIN_SECRET_BYTES;
  private static final int MAX_ID = 31;
  private static final String SECRET_RULE = "base64 of " + MIN_BYTES + " bytes or more";

  private final Faults faults;

  SecretReader(Faults faults) {
    this.faults = faults;
  }

  @Nullable
  Secret secret(Setting setting) {
    String text = setting.text(SECRET_RULE);
    if (text == null) {
      return null;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      Secret secret = (bytes.length < MIN_BYTES) ? null : Secret.of(bytes);
      return setting.orRefuse(secret, bytes.length + " bytes", SECRET_RULE);
    } catch (IllegalArgumentException e) {
      return setting.orRefuse(null, "not base64", SECRET_RULE);
    }
  }

  /** Reads the key ring. The result is complete only if the ring can be used. */
  List<CookieSecret> ring(Section top) {
    if (!top.has("cookieSecrets")) {
      return List.of();
    }
    Items<Draft> drafts = Items.required(top, "cookieSecrets", MAX_ID + 1, this::draft);
    checkIds(drafts.read());
    if (drafts.complete() && drafts.read().stream().allMatch(draft -> draft.signing != null)) {
      checkSigning(top.line("cookieSecrets"), drafts.read());
    }
    return faults.isEmpty() ? drafts.read().stream().map(Draft::config).toList() : List.of();
  }

  private @Nullable Draft draft(Setting setting) {
    Section section = setting.section("id", "secret", "signing");
    if (section == null) {
      return null;
    }
    return new Draft(
        section,
        section.required("id", "0.." + MAX_ID, value -> value.number(0, MAX_ID)),
        section.required("secret", SECRET_RULE, this::secret),
        section.optional("signing", false, Setting::flag));
  }

  private void checkIds(List<Draft> drafts) {
    Map<Integer, Integer> lines = new HashMap<>();
    for (Draft draft : drafts) {
      if (draft.id == null) {
        continue;
      }
      int line = draft.section.line("id");
      Integer first = lines.putIfAbsent(draft.id, line);
      if (first != null) {
        faults.add(
            line, "id", String.valueOf(draft.id), "another number; line " + first + " has it");
      }
    }
  }

  private void checkSigning(int ringLine, List<Draft> drafts) {
    List<Draft> signing =
        drafts.stream().filter(draft -> Boolean.TRUE.equals(draft.signing)).toList();
    if (signing.isEmpty()) {
      faults.add(ringLine, "signing", "absent", "true for exactly one of cookieSecrets");
      return;
    }
    int first = signing.get(0).section.line("signing");
    for (Draft draft : signing.subList(1, signing.size())) {
      int line = draft.section.line("signing");
      faults.add(
          line,
          "signing",
          "true",
          "true for exactly one of cookieSecrets; line " + first + " has it");
    }
  }

  private record Draft(
      Section section,
      @Nullable Integer id,
      @Nullable Secret secret,
      @Nullable Boolean signing) {

    CookieSecret config() {
      return new CookieSecret(requireNonNull(id), requireNonNull(secret), requireNonNull(signing));
    }
  }
}
