package dev.limpet.vertx.internal.http;

/** Request targets. */
final class Targets {

  private Targets() {}

  /** The path and query of a target in origin, absolute or asterisk form. */
  static String origin(String target) {
    int scheme = target.indexOf("://");
    if (target.startsWith("/") || scheme < 0) {
      return target;
    }
    for (int i = scheme + 3; i < target.length(); i++) {
      if (target.charAt(i) == '/') {
        return target.substring(i);
      }
      if (target.charAt(i) == '?') {
        return "/" + target.substring(i);
      }
    }
    return "/";
  }
}
