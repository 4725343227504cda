package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.limpet.core.internal.IpLiteral;
import dev.limpet.l7.MapAccess.Message;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fields that list addresses, one a line, read by specifications that use regular expressions. The
 * peer and everything in 10.0.0.0/8 are trusted.
 */
class ClientIpFuzzTest {
  private static final InetAddress PEER = Addresses.of("10.0.0.1");
  private static final AddressRange TRUSTED = AddressRange.parse("10.0.0.0/8");

  private static final String DIGITS = "[0-9]{1,5}";
  private static final String NODE = "\\[([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)\\](?::(PORT))?"
      + "|([0-9.]+)(?::(PORT))?"
      + "|([0-9A-Fa-f:.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)";
  private static final Pattern LISTED = Pattern.compile(NODE.replace("PORT", DIGITS));
  private static final Pattern FORWARDED_NODE =
      Pattern.compile(NODE.replace("PORT", DIGITS + "|_[0-9A-Za-z._-]+"));

  private static final String TOKEN = "[0-9A-Za-z!#$%&'*+.^_`|~-]+";
  private static final String QUOTED =
      "\"(?:[^\"\\\\\\x00-\\x08\\x0A-\\x1F\\x7F]|\\\\[^\\x00-\\x08\\x0A-\\x1F\\x7F])*+\"";
  private static final Pattern PAIR =
      Pattern.compile("(" + TOKEN + ")=(" + TOKEN + "|" + QUOTED + ")");
  private static final Pattern ELEMENT =
      Pattern.compile("[ \t]*+(?:" + PAIR + ")?[ \t]*+(?:;[ \t]*+(?:" + PAIR + ")?[ \t]*+)*+");

  @FuzzTest
  void listsAreReadAsSpecified(byte[] input) {
    List<String> fields = fields(input);
    List<byte[]> hops = new ArrayList<>();
    for (String field : fields) {
      for (String element : field.split(",", -1)) {
        hops.add(node(LISTED, element.replaceAll("\\A[ \t]+|[ \t]+\\z", "")));
      }
    }

    assertThat(read(ClientIp.xForwardedFor(new MapAccess(), request -> PEER), fields))
        .isEqualTo(client(fields, hops));
  }

  /** Only whole fields that are well-formed are specified; of others, no exception is thrown. */
  @FuzzTest
  void forwardedElementsAreReadAsSpecified(byte[] input) {
    List<String> fields = fields(input);
    List<byte[]> hops = new ArrayList<>();
    boolean wellFormed = true;
    for (String field : fields) {
      wellFormed &= addForwarded(field, hops);
    }

    InetAddress read = read(ClientIp.forwarded(new MapAccess(), request -> PEER), fields);

    if (wellFormed) {
      assertThat(read).isEqualTo(client(fields, hops));
    }
    List<String> longer = new ArrayList<>(fields);
    longer.set(fields.size() - 1, fields.get(fields.size() - 1) + ",for=192.0.2.77");
    assertThat(read(ClientIp.forwarded(new MapAccess(), request -> PEER), longer))
        .as("what stands to the left does not matter")
        .isEqualTo(Addresses.of("192.0.2.77"));
  }

  private static List<String> fields(byte[] input) {
    return List.of(new String(input, StandardCharsets.ISO_8859_1).split("\n", -1));
  }

  private static InetAddress read(ClientIp.Builder<Message> builder, List<String> fields) {
    Message request = new Message();
    fields.forEach(field -> request.add("X-Forwarded-For", field));
    fields.forEach(field -> request.add("Forwarded", field));
    return builder.trusted(List.of("10.0.0.0/8")).build().address(request);
  }

  /** Inputs beyond the limits are not specified here. */
  private static InetAddress client(List<String> fields, List<byte[]> hops) {
    int length = fields.stream().mapToInt(field -> field.length() + 1).sum();
    if (hops.size() > Hops.MAX_ELEMENTS || length > Hops.MAX_LENGTH) {
      return PEER;
    }
    InetAddress last = PEER;
    Collections.reverse(hops);
    for (byte[] hop : hops) {
      if (hop == null) {
        return last;
      }
      last = IpLiteral.address(hop);
      if (!TRUSTED.contains(last)) {
        return last;
      }
    }
    return last;
  }

  private static boolean addForwarded(String field, List<byte[]> hops) {
    Matcher element = ELEMENT.matcher(field);
    int at = 0;
    while (element.region(at, field.length()).lookingAt()) {
      hops.add(forwarded(element.group()));
      at = element.end();
      if (at == field.length()) {
        return true;
      }
      if (field.charAt(at++) != ',') {
        return false;
      }
    }
    return false;
  }

  private static byte[] forwarded(String element) {
    String node = null;
    Matcher pair = PAIR.matcher(element);
    while (pair.find()) {
      if (pair.group(1).equalsIgnoreCase("for")) {
        if (node != null) {
          return null;
        }
        String value = pair.group(2);
        node = value.startsWith("\"")
            ? value.substring(1, value.length() - 1).replaceAll("(?s)\\\\(.)", "$1")
            : value;
      }
    }
    return (node == null) ? null : node(FORWARDED_NODE, node);
  }

  private static byte[] node(Pattern pattern, String text) {
    Matcher node = pattern.matcher(text);
    if (!node.matches()) {
      return null;
    }
    String port = (node.group(2) != null) ? node.group(2) : node.group(4);
    if (port != null && !port.startsWith("_") && Integer.parseInt(port) > 65_535) {
      return null;
    }
    String address = (node.group(1) != null)
        ? node.group(1)
        : (node.group(3) != null) ? node.group(3) : node.group(5);
    return IpLiteral.bytes(address, 0, address.length());
  }
}
