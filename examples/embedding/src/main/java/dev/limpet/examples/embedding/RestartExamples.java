package dev.limpet.examples.embedding;

import dev.limpet.core.Environment;
import dev.limpet.core.table.Restored;
import dev.limpet.l4.SourceIpAffinity;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;

/** The examples of {@code docs/restarts.md}. */
final class RestartExamples extends Embedder {

  SourceIpAffinity<Socket> start(byte[] secret, Path file) {
    SourceIpAffinity<Socket> affinity = SourceIpAffinity.builder(Socket::getInetAddress)
        .environment(Environment.of(secret)) // the same before and after the restart
        .build();
    Restored restored = affinity.restore(file); // before the first request
    log.info("sessions: {}", restored); // such as "restored 1200, expired 30, left out 0"
    return affinity;
  }

  void stop(SourceIpAffinity<Socket> affinity, Path file) throws IOException {
    affinity.save(file);
  }
}
