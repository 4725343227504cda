package dev.limpet.core.affinity;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Affinity;
import dev.limpet.core.Bound;
import dev.limpet.core.Environment;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Reason;
import dev.limpet.core.Recall;
import dev.limpet.core.Remaining;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.TableFactory;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.core.table.Restored;
import dev.limpet.core.table.SaveableTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Binds sessions in a table, by a key from the request. A request without a key belongs to no
 * session. Safe for use by many threads at once.
 *
 * @param <R> the embedder's request
 */
public final class KeyAffinity<R> implements Affinity<R> {

  /** The capacity of the default table: 1,000,000 sessions. */
  public static final long DEFAULT_CAPACITY = 1_000_000;

  private final KeyExtractor<? super R> extractor;
  private final Environment environment;
  private final StickySession session;
  private final StickyTable table;
  private final Admission<? super R> admission;

  private KeyAffinity(Builder<R> builder) {
    this.extractor = builder.extractor;
    this.environment = builder.environment;
    this.session = builder.session;
    this.table = requireNonNull(builder.table.table(session, environment), "table");
    this.admission = builder.admission(table);
  }

  /**
   * {@return a builder of an affinity by the extractor's key}
   *
   * @param extractor finds the key
   * @param <R> the embedder's request
   */
  public static <R> Builder<R> builder(KeyExtractor<? super R> extractor) {
    return new Builder<>(requireNonNull(extractor, "extractor"));
  }

  @Override
  public Recall recall(R request, PoolSnapshot pool) {
    long key = extractor.key(request, environment.hasher());
    return hasKey(key) ? recall(request, key, table.lookup(key), pool) : unkeyed(key);
  }

  @Override
  public Recall peek(R request, PoolSnapshot pool) {
    long key = extractor.key(request, environment.hasher());
    return hasKey(key) ? recall(request, key, table.peek(key), pool) : unkeyed(key);
  }

  private static boolean hasKey(long key) {
    return key != KeyExtractor.NONE && key != KeyExtractor.UNUSABLE;
  }

  private static Recall unkeyed(long key) {
    return Recall.none((key == KeyExtractor.NONE) ? Reason.NO_KEY : Reason.UNUSABLE_KEY);
  }

  private Recall recall(R request, long key, @Nullable String name, PoolSnapshot pool) {
    if (name != null) {
      return Recall.of(name, pool);
    }
    return (table.wantsHash(key) || admission.wantsHash(request))
        ? Recall.hashed(Reason.UNKNOWN)
        : Recall.none(Reason.UNKNOWN);
  }

  @Override
  public long key(R request) {
    long key = extractor.key(request, environment.hasher());
    return (key == KeyExtractor.UNUSABLE) ? KeyExtractor.NONE : key;
  }

  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    if (key == KeyExtractor.NONE) {
      return Bound.NOT_KEPT; // the request has lost its key since it was routed
    }
    return (expected == null)
        ? admission.bind(key, candidate, byHash)
        : table.bind(key, expected, candidate, byHash);
  }

  @Override
  public CompletionStage<Bound> bindAsync(
      long key, @Nullable String expected, String candidate, boolean byHash) {
    if (key == KeyExtractor.NONE) {
      return CompletableFuture.completedStage(Bound.NOT_KEPT);
    }
    return (expected == null)
        ? admission.bindAsync(key, candidate, byHash)
        : table.bindAsync(key, expected, candidate, byHash);
  }

  @Override
  public boolean admits(R request, long key) {
    return admission.admits(request, key);
  }

  @Override
  public void endAdmission(long key) {
    admission.end(key);
  }

  /**
   * {@return the number of sessions that are admitted for requests that have not been routed yet}
   */
  int pendingAdmissions() {
    return admission.pending();
  }

  @Override
  public boolean unbind(long key, String expected) {
    return table.unbind(key, expected);
  }

  @Override
  public Remaining remaining(String name) {
    return Remaining.of(table.bindings(name), session);
  }

  @Override
  public StickyTable table() {
    return table;
  }

  /** {@return the number of times that the quota rejected a session; 0 without a quota} */
  public long overQuota() {
    return admission.rejected();
  }

  /**
   * Saves the live bindings, as {@link SaveableTable#save} does.
   *
   * @param file the file to write; replaced if it exists
   * @throws IOException if the file cannot be written, or the table is not a {@link SaveableTable}
   */
  public void save(Path file) throws IOException {
    SaveableTable.of(table)
        .orElseThrow(() -> new IOException(notSaveable()))
        .save(file, environment);
  }

  /**
   * Restores saved bindings, as {@link SaveableTable#restore} does. Call this before requests are
   * routed. Restored sessions do not count against a {@link Quota}. If there is a quota, unknown
   * sessions are bound to their rendezvous choice for one duration after the restore.
   *
   * @param file a file that {@link #save} of an affinity with the same secret wrote; see {@link
   *     Builder#environment}
   * @return the result; nothing changes if the file cannot be read, if it was not written by {@link
   *     #save} with this secret, or if the table is not a {@link SaveableTable}
   */
  public Restored restore(Path file) {
    Restored restored = SaveableTable.of(table)
        .map(saveable -> saveable.restore(file, environment))
        .orElseGet(() -> Restored.refused(notSaveable()));
    if (!restored.isRefused()) {
      admission.remember();
    }
    return restored;
  }

  /**
   * Expects the return of sessions that a {@link Quota} rejected before this affinity was made.
   * Unknown sessions are bound to their rendezvous choice for one duration, so that those sessions
   * stay on their backends. Call this if the affinity replaces another one while requests flow.
   * Without a quota, this does nothing.
   */
  public void expectRejected() {
    admission.remember();
  }

  private String notSaveable() {
    return "table: " + table.getClass().getName() + " (expected: a SaveableTable)";
  }

  @Override
  public Environment environment() {
    return environment;
  }

  @Override
  public StickySession session() {
    return session;
  }

  /**
   * Settings of a {@link KeyAffinity}. Not for use by several threads at once.
   *
   * @param <R> the embedder's request
   */
  public static final class Builder<R> {
    private final KeyExtractor<? super R> extractor;
    private Environment environment = Environment.local();
    private StickySession session = StickySession.custom();
    private TableFactory table = (declared, environment) ->
        CompactStickyTable.of(declared, DEFAULT_CAPACITY, environment.clock());

    private @Nullable Quota quota;
    private KeyExtractor<? super R> group;

    private Builder(KeyExtractor<? super R> extractor) {
      this.extractor = extractor;
      this.group = extractor;
    }

    /**
     * Declares how sessions stick. Default {@link StickySession#custom}: sliding, 20 minutes.
     *
     * @param session the declaration; if its type is one that the router's profile limits, the
     *     router checks it
     * @return this builder
     */
    public Builder<R> session(StickySession session) {
      this.session = requireNonNull(session, "session");
      return this;
    }

    /**
     * Sets the secret from which keys are made, and the clocks. The table gets them too. Default
     * {@link Environment#local}. If processes must make the same rendezvous choices, or tables are
     * saved, use an environment with a secret.
     *
     * @param environment the secret and the clocks
     * @return this builder
     */
    public Builder<R> environment(Environment environment) {
      this.environment = requireNonNull(environment, "environment");
      return this;
    }

    /**
     * Sets the table. Default: a {@link CompactStickyTable} with a capacity of {@link
     * #DEFAULT_CAPACITY}, which allocates 8 MB when it is made.
     *
     * @param table makes the table; called once, by {@link #build}
     * @return this builder
     */
    public Builder<R> table(TableFactory table) {
      this.table = requireNonNull(table, "table");
      return this;
    }

    /**
     * Limits how many sessions may take slots. Default: no limit except the number of slots. Each
     * affinity counts for itself, so routers that share a table and a quota must share the
     * affinity.
     *
     * @param quota the limits
     * @param group finds the group of a request's session, such as its network or tenant; always
     *     the same for one session. All requests without a group form one group
     * @return this builder
     */
    public Builder<R> quota(Quota quota, KeyExtractor<? super R> group) {
      this.quota = requireNonNull(quota, "quota");
      this.group = requireNonNull(group, "group");
      return this;
    }

    /**
     * {@return the affinity}
     *
     * @throws IllegalArgumentException if the table cannot be made, or if the quota is a share of
     *     the table's capacity and that is unknown
     */
    public KeyAffinity<R> build() {
      return new KeyAffinity<>(this);
    }

    private Admission<R> admission(StickyTable made) {
      return (quota == null)
          ? Admission.open(made)
          : quota.admission(made, session, group, environment);
    }
  }
}
