package dev.limpet.l7;

import java.util.SplittableRandom;

/** Makes of genuine tokens what may look like one. */
final class TokenChanger {
  private static final String CHARACTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=% \t\"\u00e4";

  private final SplittableRandom random;

  TokenChanger(SplittableRandom random) {
    this.random = random;
  }

  /** Changes up to four bits or characters, or cuts and joins what it has got so far. */
  String changed(String token) {
    String changed = token;
    while (changed.equals(token)) {
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        changed = switch (random.nextInt(4)) {
          case 0 -> flipped(token);
          case 1 -> changed + random(changed);
          case 2 -> changed.substring(random.nextInt(1 + changed.length() / 2));
          default -> replaced(changed);
        };
      }
      changed = changed.strip();
    }
    return changed;
  }

  private String flipped(String token) {
    byte[] bytes = LbFixture.bytes(token);
    for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return LbFixture.text(bytes);
  }

  private String replaced(String text) {
    int at = random.nextInt(text.length() + 1);
    return text.substring(0, at)
        + random(CHARACTERS)
        + text.substring(Math.min(at + 1, text.length()));
  }

  private String random(String characters) {
    int at = random.nextInt(Math.max(characters.length(), 1));
    return characters.isEmpty() ? "x" : characters.substring(at, at + 1);
  }
}
