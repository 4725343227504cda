package dev.limpet.core.table;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Reads and writes files that are replaced atomically: a file is there as a whole, in its old or
 * its new version, or not at all.
 */
final class SnapshotFile {
  private static final String DRAFT = "limpet";

  private SnapshotFile() {}

  /** Opens a file for writing, or a folder for reading. */
  @FunctionalInterface
  interface Opening {
    FileChannel open(Path path, OpenOption option) throws IOException;
  }

  static void write(Path file, byte[] content) throws IOException {
    write(file, content, FileChannel::open);
  }

  /** Replaces a file. Starts again if an interrupt closed the channel it was writing to. */
  static void write(Path file, byte[] content, Opening opening) throws IOException {
    try {
      replace(file, content, opening);
    } catch (ClosedByInterruptException interrupted) {
      Thread.interrupted();
      try {
        write(file, content, opening);
      } finally {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Writes a draft beside the file and moves it over the file. A process that is killed leaves the
   * draft.
   */
  private static void replace(Path file, byte[] content, Opening opening) throws IOException {
    Path target = Files.isRegularFile(file) ? file.toRealPath() : file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null) {
      throw new IOException("file: " + file + " (expected: a file in a folder)");
    }
    Path draft = Files.createTempFile(folder, DRAFT, ".tmp");
    try {
      fill(draft, content, opening);
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
    force(folder, opening);
  }

  /**
   * {@return the content of a file}
   *
   * @param most the maximum size of the file, in bytes
   */
  static byte[] read(Path file, int most) throws Refusal {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (!attributes.isRegularFile()) {
        throw new Refusal(
            "file", attributes.isDirectory() ? "a folder" : "a device", "a regular file");
      }
      if (attributes.size() > most) {
        throw new Refusal("length", attributes.size(), "0.." + most + " for this table");
      }
      return content(file, most);
    } catch (IOException e) {
      throw new Refusal("file", e, "a readable file");
    }
  }

  private static byte[] content(Path file, int most) throws IOException, Refusal {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(most);
      if (content.length == most && in.read() >= 0) {
        throw new Refusal(
            "length", "more than " + most + " bytes", "0.." + most + " for this table");
      }
      return content;
    }
  }

  private static void fill(Path draft, byte[] content, Opening opening) throws IOException {
    try (FileChannel channel = opening.open(draft, StandardOpenOption.WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(content);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
  }

  /**
   * Makes the new directory entry durable. Does nothing where a folder cannot be opened, as on
   * Windows.
   */
  private static void force(Path folder, Opening opening) throws IOException {
    try (FileChannel channel = opening.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (AccessDeniedException notSupported) {
      return;
    }
  }
}
