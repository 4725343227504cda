package dev.limpet.core;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/** Files that are there as a whole, in their old or their new version, or not at all. */
final class SnapshotFile {
  private SnapshotFile() {}

  /** Opens a file for writing. */
  @FunctionalInterface
  interface Opening {
    FileChannel open(Path file) throws IOException;
  }

  static void write(Path file, byte[] content) throws IOException {
    write(file, content, draft -> FileChannel.open(draft, StandardOpenOption.WRITE));
  }

  /** Writes a draft beside the file and puts it in its place; whoever is interrupted leaves the draft. */
  static void write(Path file, byte[] content, Opening opening) throws IOException {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null) {
      throw new IOException("file: " + file + " (expected: a file in a folder)");
    }
    Path draft = Files.createTempFile(folder, target.getFileName() + ".", ".tmp");
    try {
      fill(draft, content, opening);
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
    force(folder);
  }

  /**
   * {@return what is in a file}
   *
   * @param most how many bytes it may have
   */
  static byte[] read(Path file, int most) throws Refusal {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (!attributes.isRegularFile()) {
        throw new Refusal(
            "file", attributes.isDirectory() ? "a folder" : "a device", "a regular file");
      }
      return content(file, most);
    } catch (IOException e) {
      throw new Refusal("file", e, "one that can be read");
    }
  }

  private static byte[] content(Path file, int most) throws IOException, Refusal {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(most);
      if (content.length == most && in.read() >= 0) {
        throw new Refusal("length", "more than " + most + " bytes", "no more for this table");
      }
      return content;
    }
  }

  private static void fill(Path draft, byte[] content, Opening opening) throws IOException {
    try (FileChannel channel = opening.open(draft)) {
      ByteBuffer left = ByteBuffer.wrap(content);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
  }

  /** Makes the new name last, where a folder can be opened: not on Windows. */
  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (AccessDeniedException notHere) {
      return;
    }
  }
}
