package dev.limpet.examples.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Arrays;

/**
 * The file that a gateway follows.
 *
 * @param path the file, as the user named it
 * @param writable whether accepted changes are written to it
 */
record ConfigFile(Path path, boolean writable) {

  /**
   * Replaces the text in one step, so that readers see the old or the new one. Keeps permissions; a
   * symbolic link stays one. A change by somebody else between the comparison and the replacement,
   * which are microseconds apart, would be lost.
   *
   * @param read the text that was read last
   * @param text the new text
   * @return false if the file no longer has the text that was read; then it is left alone
   * @throws IOException if the file cannot be replaced, or is read-only; then it is left alone
   */
  boolean replace(String read, String text) throws IOException {
    Path target = path.toRealPath();
    if (!Files.isWritable(target)) {
      throw new AccessDeniedException(target.toString());
    }
    Path draft = Files.createTempFile(target.getParent(), ".limpet", ".tmp");
    try {
      write(draft, text);
      copyAccess(target, draft);
      if (!Arrays.equals(Files.readAllBytes(target), read.getBytes(UTF_8))) {
        return false;
      }
      Files.move(draft, target, ATOMIC_MOVE);
      return true;
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static void write(Path draft, String text) throws IOException {
    try (FileChannel out = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
  }

  private static void copyAccess(Path from, Path to) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    if (view != null) {
      PosixFileAttributes known = Files.readAttributes(from, PosixFileAttributes.class);
      if (!known.group().equals(view.readAttributes().group())) {
        view.setGroup(known.group());
      }
      if (!known.owner().equals(view.readAttributes().owner())) {
        view.setOwner(known.owner());
      }
      view.setPermissions(known.permissions());
    }
  }
}
