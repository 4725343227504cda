package dev.limpet.l7;

/** A part of a text that is not copied. The range is checked by whoever makes it. */
record Slice(String text, int from, int to) implements CharSequence {

  @Override
  public int length() {
    return to - from;
  }

  @Override
  public char charAt(int index) {
    return text.charAt(from + index);
  }

  @Override
  public Slice subSequence(int start, int end) {
    return new Slice(text, from + start, from + end);
  }

  @Override
  public String toString() {
    return text.substring(from, to);
  }
}
