package dev.limpet.l7;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that a request came from, as fields list them, from the last one to the first. For
 * one thread.
 */
final class Hops {
  /** The maximum number of elements that are read. */
  static final int MAX_ELEMENTS = 64;

  /** The maximum number of characters that are read: 8 KiB. */
  static final int MAX_LENGTH = 8 * 1024;

  private final HopSyntax syntax;
  private final List<String> fields;
  private int field;
  private int end = -1;
  private int elements;
  private int left = MAX_LENGTH;
  private boolean allRead;

  Hops(HopSyntax syntax, List<String> fields) {
    this.syntax = syntax;
    this.fields = fields;
    this.field = fields.size();
  }

  /**
   * {@return the next address to the left; null if no element is left, an element has no address,
   * or a limit is reached} Do not call it again after that.
   */
  byte @Nullable [] next() {
    if (end < 0) {
      if (field == 0) {
        allRead = true;
        return null;
      }
      field--;
      end = fields.get(field).length();
    }
    return (++elements > MAX_ELEMENTS) ? null : read(fields.get(field));
  }

  private byte @Nullable [] read(String text) {
    int to = end;
    int start = syntax.start(text, to, Math.max(0, to - Math.max(0, left)));
    if (start == HopSyntax.NONE) {
      return null;
    }
    left -= to - start + 1;
    end = start - 1;
    return syntax.address(text, start, to);
  }

  /** Returns whether all elements had an address and were read. */
  boolean wereAllRead() {
    return allRead;
  }
}
