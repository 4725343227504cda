package dev.limpet.l7;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a ring of keys from a text. Its messages show only positions and ids, no secret. */
final class CookieKeysText {
  /*
   * If an id is missing, the text in its place may be a secret. The decoders' exceptions show what
   * they cannot decode. So the messages contain neither.
   */

  private static final Pattern KEY = Pattern.compile("(-?[0-9]{1,3}):(.*)", Pattern.DOTALL);
  private static final String BASE64 = "base64:";
  private static final String HEX = "hex:";
  private static final String FORM = "id:secret, the id 0.." + CookieKeys.MAX_ID;
  private static final String SIZE = CookieKeys.MIN_SECRET_BYTES + " or more";

  private final Faults faults = new Faults();
  private final Map<Integer, Integer> positions = new HashMap<>();
  private final List<Key> keys = new ArrayList<>();

  private CookieKeysText() {}

  /** {@return the ring of keys; the first one signs} */
  static CookieKeys parse(String text) {
    CookieKeysText reader = new CookieKeysText();
    reader.read(text);
    reader.faults.refuse();
    return reader.ring();
  }

  private void read(String text) {
    if (text.isBlank()) {
      faults.add("keys", "absent", "one or more of " + FORM + ", separated by commas");
      return;
    }
    String[] parts = text.split(",", -1);
    for (int i = 0; i < parts.length; i++) {
      readKey(i + 1, parts[i].strip());
    }
  }

  private void readKey(int position, String text) {
    Matcher key = KEY.matcher(text);
    if (!key.matches()) {
      faults.add("key " + position, text.isEmpty() ? "absent" : "without an id", FORM);
      return;
    }
    int id = Integer.parseInt(key.group(1));
    checkId(position, id);
    byte[] secret = secret("secret of key " + position + ", id " + id, key.group(2));
    if (secret != null) {
      keys.add(new Key(id, secret));
    }
  }

  private void checkId(int position, int id) {
    Integer first = positions.putIfAbsent(id, position);
    if (id < 0 || id > CookieKeys.MAX_ID) {
      faults.add("id of key " + position, id, "0.." + CookieKeys.MAX_ID);
    } else if (first != null) {
      faults.add(
          "id of key " + position, id, "a different number for each key; key " + first + " has it");
    }
  }

  private byte @Nullable [] secret(String setting, String text) {
    byte[] secret;
    try {
      secret = decoded(text);
    } catch (IllegalArgumentException undecodable) {
      String encoding = text.startsWith(HEX) ? "hexadecimal" : "Base64";
      faults.add(setting, "not " + encoding, "Base64, or " + HEX + " and hexadecimal digits");
      return null;
    }
    if (secret.length < CookieKeys.MIN_SECRET_BYTES) {
      faults.add(setting, secret.length + " bytes", SIZE);
    }
    return secret;
  }

  private static byte[] decoded(String text) {
    if (text.startsWith(HEX)) {
      return HexFormat.of().parseHex(text, HEX.length(), text.length());
    }
    String base64 = text.startsWith(BASE64) ? text.substring(BASE64.length()) : text;
    boolean urlAlphabet = base64.indexOf('-') >= 0 || base64.indexOf('_') >= 0;
    return (urlAlphabet ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(base64);
  }

  private CookieKeys ring() {
    CookieKeys.Builder ring = CookieKeys.builder();
    ring.signing(keys.get(0).id, keys.get(0).secret);
    keys.subList(1, keys.size()).forEach(key -> ring.verifyOnly(key.id, key.secret));
    return ring.build();
  }

  private static final class Key {
    private final int id;
    private final byte[] secret;

    Key(int id, byte[] secret) {
      this.id = id;
      this.secret = secret;
    }
  }
}
