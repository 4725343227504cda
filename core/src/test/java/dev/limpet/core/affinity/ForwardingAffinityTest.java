package dev.limpet.core.affinity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.limpet.core.Affinity;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Recall;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An affinity that leaves all to another one that needs no request. */
class ForwardingAffinityTest {

  /** What an affinity is in a chain is its own business. */
  private static final Set<String> OF_CHAINS = Set.of("parts", "orElse");

  @ParameterizedTest
  @MethodSource("withoutRequest")
  void everyMethodThatTakesNoRequest_isForwarded(Method method) throws Exception {
    List<Method> asked = new ArrayList<>();
    Affinity<?> to = (Affinity<?>) Proxy.newProxyInstance(
        Affinity.class.getClassLoader(),
        new Class<?>[] {Affinity.class},
        (proxy, called, given) -> {
          asked.add(called);
          return anyOf(called.getReturnType());
        });

    Object[] arguments =
        Stream.of(method.getParameterTypes()).map(ForwardingAffinityTest::anyOf).toArray();
    Object answer = method.invoke(new Forwarding(to), arguments);

    assertThat(ForwardingAffinity.class.getDeclaredMethod(
            method.getName(), method.getParameterTypes()))
        .as("it does not rely on a default")
        .isNotNull();
    assertThat(asked).containsExactly(method);
    assertThat(answer).isEqualTo(anyOf(method.getReturnType()));
  }

  @Test
  void theOtherAffinity_mustNotBeNull() {
    assertThatNullPointerException().isThrownBy(() -> new Forwarding(null)).withMessage("to");
  }

  @Test
  void admissions_mustBeForwardedWithTheirEnd() throws Exception {
    Method admits = ForwardingAffinity.class.getDeclaredMethod("admits", Object.class, long.class);
    assertThat(Modifier.isAbstract(admits.getModifiers())).isTrue();
  }

  static List<Method> withoutRequest() {
    List<Method> methods = Arrays.stream(Affinity.class.getDeclaredMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isSynthetic())
        .filter(method -> !OF_CHAINS.contains(method.getName()))
        .filter(method -> !List.of(method.getParameterTypes()).contains(Object.class))
        .toList();
    assertThat(methods).hasSizeGreaterThan(7);
    return methods;
  }

  private static Object anyOf(Class<?> type) {
    if (type == boolean.class) {
      return true;
    }
    return (type == long.class) ? 7L : (type == String.class) ? "a" : null;
  }

  private static final class Forwarding extends ForwardingAffinity<String> {
    Forwarding(Affinity<?> to) {
      super(to);
    }

    @Override
    public Recall recall(String request, PoolSnapshot pool) {
      throw new AssertionError();
    }

    @Override
    public Recall peek(String request, PoolSnapshot pool) {
      throw new AssertionError();
    }

    @Override
    public long key(String request) {
      throw new AssertionError();
    }

    @Override
    public boolean admits(String request, long key) {
      throw new AssertionError();
    }
  }
}
