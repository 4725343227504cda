package dev.limpet.core;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Opcodes;

/** The constants of a class as its file has them, so that the class need not be initialized. */
final class ApiConstants {
  private final Map<String, Object> values = new HashMap<>();
  private final List<String> enumConstants = new ArrayList<>();

  private ApiConstants() {}

  static ApiConstants of(Class<?> type) {
    ApiConstants constants = new ApiConstants();
    String file = type.getName().replace('.', '/') + ".class";
    try (InputStream in = type.getClassLoader().getResourceAsStream(file)) {
      new ClassReader(in).accept(constants.new Fields(), ClassReader.SKIP_CODE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return constants;
  }

  /** Returns the names of the enum constants in the order in which they are declared. */
  List<String> enumConstants() {
    return enumConstants;
  }

  /** Returns the value to write after a field's name, or an empty text if it is computed. */
  String value(Field field) {
    Object value = values.get(field.getName());
    if (value == null) {
      return "";
    }
    Class<?> type = field.getType();
    if (type == boolean.class) {
      return " = " + !value.equals(0);
    }
    if (type == char.class) {
      return " = '" + escaped(Character.toString((Integer) value)) + "'";
    }
    return (type == String.class) ? " = \"" + escaped((String) value) + "\"" : " = " + value;
  }

  private static String escaped(String text) {
    return text.chars().mapToObj(ApiConstants::escaped).collect(joining());
  }

  private static String escaped(int c) {
    if (c < ' ' || c > '~') {
      return String.format("\\u%04x", c);
    }
    return (c == '"' || c == '\'' || c == '\\') ? "\\" + (char) c : Character.toString(c);
  }

  private final class Fields extends ClassVisitor {
    Fields() {
      super(Opcodes.ASM9);
    }

    @Override
    public FieldVisitor visitField(
        int access, String name, String descriptor, String signature, Object value) {
      if (value != null) {
        values.put(name, value);
      }
      if ((access & Opcodes.ACC_ENUM) != 0) {
        enumConstants.add(name);
      }
      return null;
    }
  }
}
