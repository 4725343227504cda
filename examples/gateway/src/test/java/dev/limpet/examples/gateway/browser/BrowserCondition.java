package dev.limpet.examples.gateway.browser;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Skips tests unless {@code limpet.browser} is {@code required}, and says how many at the end. */
final class BrowserCondition implements ExecutionCondition {
  private static final String NEEDS = "needs chromium and -Pbrowser; see CONTRIBUTING.md";

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (System.getProperty("limpet.browser", "off").equals("required")) {
      return ConditionEvaluationResult.enabled("the build asks for a browser");
    }
    if (context.getTestMethod().isEmpty()) {
      return ConditionEvaluationResult.enabled("its tests are counted one by one");
    }
    skipped(context).count();
    return ConditionEvaluationResult.disabled(NEEDS);
  }

  private static Skipped skipped(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(BrowserCondition.class))
        .getOrComputeIfAbsent(Skipped.class);
  }

  /** The tests that were skipped; JUnit closes it after the last test. */
  static final class Skipped implements AutoCloseable {
    private final AtomicInteger tests = new AtomicInteger();

    void count() {
      tests.incrementAndGet();
    }

    @Override
    public void close() {
      System.out.println("browser tests skipped: " + tests + " (" + NEEDS + ")");
    }
  }
}
