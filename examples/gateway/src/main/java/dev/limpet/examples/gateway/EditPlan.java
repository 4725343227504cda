package dev.limpet.examples.gateway;

import dev.limpet.core.Fault;
import dev.limpet.core.Profile;
import dev.limpet.examples.gateway.config.BackendConfig;
import dev.limpet.examples.gateway.config.ConfigDocument;
import dev.limpet.examples.gateway.config.ConfigEdit;
import dev.limpet.examples.gateway.config.ConfigFault;
import dev.limpet.examples.gateway.config.ConfigPath;
import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.config.PoolConfig;
import dev.limpet.examples.gateway.operate.Edit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes an edit in a document: in the one that runs, or in that of the file.
 *
 * @param edit the edit
 * @param profile decides whether pools or listeners have the key {@code stickySession}
 */
record EditPlan(Edit edit, Profile profile) {
  private static final int MAX_SHOWN = 80;
  private static final String DRAIN = "drain";

  /** Returns the path of an owner's {@code stickySession}. */
  ConfigPath stickiness(String owner) {
    return (profile == Profile.CLASSIC)
        ? ConfigDocument.stickinessOfListener(owner)
        : ConfigDocument.stickinessOfPool(owner);
  }

  /** Returns a message about a name that a configuration does not have; null if it has all. */
  @Nullable
  String unknown(GatewayConfig config) {
    if (edit instanceof Edit.Stickiness sticky) {
      return unknownOwner(sticky.owner(), config);
    }
    List<String> pools = config.pools().stream().map(PoolConfig::name).toList();
    Optional<PoolConfig> pool = poolOf(config);
    if (pool.isEmpty()) {
      return unknown("pool", pool(), pools);
    }
    List<String> ids = pool.get().backends().stream().map(BackendConfig::id).toList();
    String id = backend();
    return (id == null || ids.contains(id)) ? null : unknown("backend", id, ids);
  }

  private static @Nullable String unknownOwner(String owner, GatewayConfig config) {
    List<String> owners = config.owners();
    return owners.contains(owner) ? null : unknown(config.ownerKind(), owner, owners);
  }

  private static String unknown(String what, String name, List<String> known) {
    String shown = (name.length() > MAX_SHOWN) ? name.substring(0, MAX_SHOWN / 2) + '…' : name;
    Fault fault = Fault.of(what, shown, "one of " + known);
    return new ConfigFault(null, 0, fault).message();
  }

  /** Returns the pool whose backends the edit concerns; empty if the pool is unknown. */
  Optional<PoolConfig> poolOf(GatewayConfig config) {
    return config.pools().stream().filter(pool -> pool.name().equals(pool())).findFirst();
  }

  /** Returns whether a document has what the edit changes. */
  boolean isPossibleIn(ConfigDocument document) {
    if (edit instanceof Edit.Stickiness sticky) {
      List<String> keys = stickiness(sticky.owner()).keys();
      return document.has(new ConfigPath(keys.subList(0, keys.size() - 1)));
    }
    return document.has(edit instanceof Edit.AddBackend ? backends() : item());
  }

  /** Makes the edit in a document in which it is possible. */
  ConfigEdit applyTo(ConfigDocument document) {
    if (edit instanceof Edit.Stickiness sticky) {
      return document.set(stickiness(sticky.owner()), sticky.settings());
    }
    if (edit instanceof Edit.ChangeBackend change) {
      return document.change(item(), change.settings());
    }
    if (edit instanceof Edit.AddBackend added) {
      return document.add(backends(), added.settings());
    }
    if (edit instanceof Edit.RemoveBackend) {
      return document.set(item(), null);
    }
    boolean isDrain = edit instanceof Edit.Drain;
    ConfigPath drain = item().then(DRAIN);
    return (isDrain || document.has(drain))
        ? document.set(drain, String.valueOf(isDrain))
        : new ConfigEdit(document, List.of());
  }

  /** Returns whether the edit may leave no backend that takes new sessions. */
  boolean isConfirmed() {
    return (edit instanceof Edit.ChangeBackend change && change.confirmed())
        || (edit instanceof Edit.Drain drain && drain.confirmed())
        || (edit instanceof Edit.RemoveBackend removal && removal.confirmed());
  }

  /** Returns the YAML to write into the file by hand, below a comment that names the place. */
  String paste(ConfigDocument document, GatewayConfig config) {
    if (edit instanceof Edit.Stickiness sticky) {
      String value = document.text(stickiness(sticky.owner()));
      return "# in " + config.ownerKind() + ' ' + sticky.owner()
          + ((value == null) ? ": remove stickySession\n" : ":\nstickySession: " + value + '\n');
    }
    String where = "# in backends of pool " + pool();
    if (edit instanceof Edit.RemoveBackend) {
      return where + ": remove " + backend() + '\n';
    }
    boolean isNew = edit instanceof Edit.AddBackend;
    String item = document.text(isNew ? newest(config) : item());
    return where + (isNew ? ":\n- " : ", instead of " + backend() + ":\n- ") + item + '\n';
  }

  private ConfigPath newest(GatewayConfig config) {
    List<BackendConfig> backends = poolOf(config).orElseThrow().backends();
    return backends().then(backends.get(backends.size() - 1).id());
  }

  private ConfigPath backends() {
    return ConfigDocument.backends(pool());
  }

  private ConfigPath item() {
    return ConfigDocument.backend(pool(), String.valueOf(backend()));
  }

  /** Returns the name of the backend's pool; empty if the edit is about something else. */
  private String pool() {
    if (edit instanceof Edit.ChangeBackend change) {
      return change.pool();
    }
    if (edit instanceof Edit.AddBackend added) {
      return added.pool();
    }
    if (edit instanceof Edit.RemoveBackend removal) {
      return removal.pool();
    }
    if (edit instanceof Edit.Drain drain) {
      return drain.pool();
    }
    return (edit instanceof Edit.Ready ready) ? ready.pool() : "";
  }

  /** Returns the id of a backend that must exist; null if the edit needs none. */
  @Nullable
  String backend() {
    if (edit instanceof Edit.ChangeBackend change) {
      return change.id();
    }
    if (edit instanceof Edit.RemoveBackend removal) {
      return removal.id();
    }
    if (edit instanceof Edit.Drain drain) {
      return drain.id();
    }
    return (edit instanceof Edit.Ready ready) ? ready.id() : null;
  }
}
