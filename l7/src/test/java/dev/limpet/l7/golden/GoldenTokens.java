package dev.limpet.l7.golden;

import dev.limpet.core.Backend;
import dev.limpet.l7.CookieKeys;
import dev.limpet.l7.HttpRouter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Makes one token of each kind, and a table of app cookies. The files of a release are committed as
 * {@code src/test/resources/<version>}, and every later version must read them. They are never made
 * again.
 */
public final class GoldenTokens {
  static final String NEWEST = "rc1";
  static final String TOKENS = "tokens.txt";
  static final String TABLE = "app-cookie.table";
  static final Duration REFRESHED = Duration.ofMinutes(5);

  /** The backend of all tokens. */
  static final Backend HOME = Backend.of("web2", "10.0.0.2", 80).withGeneration("blue");

  private static final String KEYS = "KEYS";
  private static final String KEY_RING =
      "1:bm8gc2VjcmV0IG9mIGFueWJvZHksIG51bWJlciBvbmU, 2:hex:" + "2b7e151628aed2a6".repeat(4);

  private GoldenTokens() {}

  /** {@return the releases whose files are committed} */
  static Stream<String> versions() {
    return Stream.of(NEWEST);
  }

  /**
   * Makes the files of the next release.
   *
   * @param args the folder, which must not exist
   */
  public static void main(String... args) throws IOException {
    Path folder = Files.createDirectory(Path.of(args[0]));
    Files.write(folder.resolve(TOKENS), lines());
    GoldenAppCookies.save(folder.resolve(TABLE));
  }

  private static List<String> lines() {
    List<String> lines = new ArrayList<>(List.of(KEYS + ' ' + KEY_RING));
    for (Kind kind : Kind.values()) {
      lines.add(kind + " " + made(kind));
    }
    return lines;
  }

  /** {@return the token of a session that began at 12:00 and, if it is sliding, was refreshed} */
  static String made(Kind kind) {
    CookieKeys keys = CookieKeys.parse(KEY_RING);
    Proxy proxy = new Proxy(kind.keyId() == 0 ? keys : keys.signingBy(kind.keyId()), HOME);
    HttpRouter<Message, Message> router = proxy.router(kind);
    String first = answered(router, kind, new Message().with(Proxy.USER, Kind.ALICE));
    if (!kind.isLbCookie()) {
      return first;
    }
    proxy.now = Proxy.BEGIN.plus(REFRESHED);
    return answered(router, kind, kind.request(first));
  }

  private static String answered(HttpRouter<Message, Message> router, Kind kind, Message request) {
    Message answer = kind.answer();
    router.onResponse(request, router.route(request), answer);
    return kind.value(answer);
  }

  /** {@return the ring of keys of a release, as its configuration had it} */
  static CookieKeys keys(String version) {
    return CookieKeys.parse(entries(version).get(KEYS));
  }

  static String token(String version, Kind kind) {
    return entries(version).get(kind.name());
  }

  private static Map<String, String> entries(String version) {
    Map<String, String> entries = new TreeMap<>();
    new String(bytes(version, TOKENS), StandardCharsets.US_ASCII).lines().forEach(line -> {
      int space = line.indexOf(' ');
      entries.put(line.substring(0, space), line.substring(space + 1));
    });
    return entries;
  }

  static byte[] bytes(String version, String name) {
    String path = '/' + version + '/' + name;
    try (InputStream in = GoldenTokens.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException(path + ": absent (expected: a golden file)");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
