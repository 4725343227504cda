package dev.limpet.examples.gateway.golden;

import dev.limpet.core.Backend;
import dev.limpet.core.StickySession;
import dev.limpet.examples.gateway.config.Cidr;
import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.config.Secret;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration means, in lines such as {@code pools[0].slowStart = PT30S}. Values that the
 * file does not set are there too.
 */
final class Meaning {
  private final Path folder;
  private final List<String> lines = new ArrayList<>();

  private Meaning(Path folder) {
    this.folder = folder;
  }

  /** {@return the lines, in the order of the settings} */
  static List<String> of(GatewayConfig config, Path folder) {
    Meaning meaning = new Meaning(folder);
    meaning.add("config", config);
    return meaning.lines;
  }

  private void add(String path, @Nullable Object value) {
    if (value instanceof List<?> list) {
      addList(path, list);
    } else if (value instanceof Backend backend) {
      addBackend(path, backend);
    } else if (value instanceof StickySession session) {
      addSession(path, session);
    } else if (value instanceof Record settings && !(value instanceof Cidr)) {
      addRecord(path, settings);
    } else {
      lines.add(path + " = " + text(value));
    }
  }

  private void addList(String path, List<?> list) {
    lines.add(path + ".size = " + list.size());
    for (int i = 0; i < list.size(); i++) {
      add(path + '[' + i + ']', list.get(i));
    }
  }

  private void addBackend(String path, Backend backend) {
    add(path + ".id", backend.id());
    add(path + ".host", backend.host());
    add(path + ".port", backend.port());
    add(path + ".weight", backend.weight());
    add(path + ".maxConnections", backend.maxConnections());
    add(path + ".tier", backend.tier());
    add(path + ".scheme", backend.scheme());
  }

  private void addSession(String path, StickySession session) {
    add(path + ".type", session.type());
    add(path + ".duration", session.duration());
    add(path + ".mode", session.mode());
    add(path + ".maxDuration", session.maxDuration());
    add(path + ".cookieName", session.cookieName());
  }

  private void addRecord(String path, Record settings) {
    for (RecordComponent component : settings.getClass().getRecordComponents()) {
      try {
        Method accessor = component.getAccessor();
        accessor.setAccessible(true);
        add(path + '.' + component.getName(), accessor.invoke(settings));
      } catch (ReflectiveOperationException e) {
        throw new LinkageError(e.getMessage(), e);
      }
    }
  }

  private String text(@Nullable Object value) {
    if (value instanceof Secret secret) {
      return Base64.getEncoder().encodeToString(secret.bytes());
    }
    if (value instanceof Path path) {
      return folder.relativize(path).toString();
    }
    return (value instanceof X509Certificate certificate)
        ? fingerprint(certificate)
        : String.valueOf(value);
  }

  private static String fingerprint(X509Certificate certificate) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
