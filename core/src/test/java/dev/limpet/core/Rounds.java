package dev.limpet.core;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * How often code may go round its loops. Code that is broken on purpose may search for what it
 * never finds: it is stopped after so many rounds of all its threads together, and not after a
 * time, which says as much of the machine as of the code.
 */
public final class Rounds {
  /** A scene takes some thousands. */
  public static final long MOST = 10_000_000;

  private static final String NAME = Rounds.class.getName().replace('.', '/');

  /** One for each loader of the package, and so for each scene that runs on rewritten code. */
  private static final AtomicLong TAKEN = new AtomicLong();

  private Rounds() {}

  /** What each loop calls before it goes round. */
  public static void take() {
    if (TAKEN.incrementAndGet() > MOST) {
      throw new Endless();
    }
  }

  /**
   * {@return whether something was thrown because loops went round too often} By any loader's
   * class.
   */
  public static boolean isEndless(Throwable thrown) {
    if (thrown.getClass().getName().equals(Endless.class.getName())) {
      return true;
    }
    for (Throwable other : thrown.getSuppressed()) {
      if (isEndless(other)) {
        return true;
      }
    }
    return thrown.getCause() != null && isEndless(thrown.getCause());
  }

  /** {@return a class whose loops count their rounds} */
  public static byte[] limited(byte[] type) {
    ClassReader reader = new ClassReader(type);
    ClassWriter writer = new ClassWriter(reader, 0);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] thrown) {
            return new Loops(super.visitMethod(access, name, descriptor, signature, thrown));
          }
        },
        0);
    return writer.toByteArray();
  }

  /** Counts a round before each jump that leads back. */
  private static final class Loops extends MethodVisitor {
    private final Set<Label> passed = new HashSet<>();

    Loops(MethodVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public void visitLabel(Label label) {
      passed.add(label);
      super.visitLabel(label);
    }

    @Override
    public void visitJumpInsn(int opcode, Label label) {
      if (passed.contains(label)) {
        super.visitMethodInsn(Opcodes.INVOKESTATIC, NAME, "take", "()V", false);
      }
      super.visitJumpInsn(opcode, label);
    }
  }

  /** Loops went round too often. */
  public static final class Endless extends Error {
    private static final long serialVersionUID = 1;

    Endless() {
      super("rounds: more than " + MOST);
    }
  }
}
