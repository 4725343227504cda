package dev.limpet.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A peer whose library has a list of backends, without their states. */
abstract class ListPeer implements Peer {
  private static final String NO_DRAIN = "a backend is in the list or not";

  private final int sessions;
  private final List<String> all;
  private final List<String> serving;

  ListPeer(List<String> backends, int sessions) {
    this.sessions = sessions;
    this.all = new ArrayList<>(backends);
    this.serving = new ArrayList<>(backends);
  }

  /** Sets all backends that serve from now on. */
  abstract void serve(List<String> backends);

  /** Routes a request of a session and its response; returns the id of its backend. */
  abstract String request(int session);

  @Override
  public List<String> visit() {
    return IntStream.range(0, sessions).mapToObj(this::request).toList();
  }

  @Override
  public final void join(String id) {
    all.add(id);
    up(id);
  }

  @Override
  public final void leave(String id) {
    all.remove(id);
    down(id);
  }

  @Override
  public final void down(String id) {
    serving.remove(id);
    serve(List.copyOf(serving));
  }

  /** Puts the backend back at its index in the list. */
  @Override
  public final void up(String id) {
    List<String> now =
        all.stream().filter(b -> b.equals(id) || serving.contains(b)).toList();
    serving.clear();
    serving.addAll(now);
    serve(now);
  }

  @Override
  public @Nullable String drain(String id) {
    return NO_DRAIN;
  }
}
