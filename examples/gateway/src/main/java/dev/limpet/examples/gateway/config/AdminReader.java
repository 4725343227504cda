package dev.limpet.examples.gateway.config;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the settings of the port for operators. Without a token, only this host may reach it. */
final class AdminReader {
  private static final String DEFAULT_HOST = "127.0.0.1";
  private static final String LOCALHOST = "localhost";
  private static final String LOOPBACK_RULE =
      "localhost or a loopback address such as 127.0.0.1, as there is no token";
  private static final String TOKEN_RULE = "16..256 of [A-Za-z0-9._~+/=-]";
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]{16,256}");

  private AdminReader() {}

  static @Nullable AdminConfig read(Setting setting) {
    Section section = setting.section("host", "port", "token");
    if (section == null) {
      return null;
    }
    String host = section.optional("host", DEFAULT_HOST, value -> host(value, section));
    Integer port = section.required("port", "0.." + Values.MAX_PORT, Values::port);
    Secret token = section.optional("token", AdminReader::token);
    return (host == null || port == null) ? null : new AdminConfig(host, port, token);
  }

  private static @Nullable String host(Setting setting, Section section) {
    String host = Values.host(setting);
    if (host == null || section.has("token")) {
      return host;
    }
    return setting.orRefuse(isLoopback(host) ? host : null, LOOPBACK_RULE);
  }

  private static boolean isLoopback(String host) {
    InetAddress address = IpLiteral.parse(host);
    return (address == null) ? host.equalsIgnoreCase(LOCALHOST) : address.isLoopbackAddress();
  }

  private static @Nullable Secret token(Setting setting) {
    String text = setting.text(TOKEN_RULE);
    if (text == null) {
      return null;
    }
    Secret token = TOKEN.matcher(text).matches() ? Secret.of(text.getBytes(US_ASCII)) : null;
    return setting.orRefuse(token, TOKEN_RULE);
  }
}
