package dev.limpet.examples.embedding;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;

/** What each published module may know. */
@AnalyzeClasses(
    packages = {
      "dev.limpet.core",
      "dev.limpet.l4",
      "dev.limpet.l7",
      "dev.limpet.shared",
      "dev.limpet.redis",
      "dev.limpet.micrometer",
      "dev.limpet.jfr"
    },
    importOptions = {
      ImportOption.DoNotIncludeTests.class,
      ModuleRulesTest.DoNotIncludeJarsOfTests.class
    })
class ModuleRulesTest {
  private static final DescribedPredicate<JavaClass> THE_JDK_AND_JSPECIFY =
      resideInAnyPackage("java..", "javax.crypto..", "org.jspecify.annotations..");

  /** The tests that a module publishes are in a jar of their own once it is packaged. */
  static final class DoNotIncludeJarsOfTests implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  @ArchTest
  static final ArchRule coreKnowsOnlyCaffeine = classes()
      .that()
      .resideInAPackage("dev.limpet.core..")
      .should()
      .onlyDependOnClassesThat(THE_JDK_AND_JSPECIFY.or(
          resideInAnyPackage("dev.limpet.core..", "com.github.benmanes.caffeine.cache..")));

  @ArchTest
  static final ArchRule enginesKnowTheCoreAndNotTheOtherWayRound = layeredArchitecture()
      .consideringOnlyDependenciesInLayers()
      .layer("internal")
      .definedBy("dev.limpet.core.internal")
      .layer("core")
      .definedBy("dev.limpet.core")
      .layer("table")
      .definedBy("dev.limpet.core.table")
      .layer("affinity")
      .definedBy("dev.limpet.core.affinity")
      .whereLayer("internal")
      .mayNotAccessAnyLayer()
      .whereLayer("core")
      .mayOnlyAccessLayers("internal")
      .whereLayer("table")
      .mayOnlyAccessLayers("core", "internal");

  @ArchTest
  static final ArchRule l4KnowsOnlyCore = classes()
      .that()
      .resideInAPackage("dev.limpet.l4..")
      .should()
      .onlyDependOnClassesThat(
          THE_JDK_AND_JSPECIFY.or(resideInAnyPackage("dev.limpet.l4..", "dev.limpet.core..")));

  @ArchTest
  static final ArchRule l7KnowsOnlyCore = classes()
      .that()
      .resideInAPackage("dev.limpet.l7..")
      .should()
      .onlyDependOnClassesThat(
          THE_JDK_AND_JSPECIFY.or(resideInAnyPackage("dev.limpet.l7..", "dev.limpet.core..")));

  @ArchTest
  static final ArchRule sharedKnowsOnlyCoreAndCaffeine = classes()
      .that()
      .resideInAPackage("dev.limpet.shared..")
      .should()
      .onlyDependOnClassesThat(THE_JDK_AND_JSPECIFY.or(resideInAnyPackage(
          "dev.limpet.shared..", "dev.limpet.core..", "com.github.benmanes.caffeine.cache..")));

  /** The client's events come by Reactor, and its executors are Netty's. */
  @ArchTest
  static final ArchRule redisKnowsItsClientAndWhatIsShared = classes()
      .that()
      .resideInAPackage("dev.limpet.redis..")
      .should()
      .onlyDependOnClassesThat(THE_JDK_AND_JSPECIFY.or(resideInAnyPackage(
          "dev.limpet.redis..",
          "dev.limpet.shared..",
          "dev.limpet.core..",
          "io.lettuce.core..",
          "io.netty.util.concurrent..",
          "reactor.core..")));

  /** Stores are Redis's only in the metrics of stores, so that the others work without it. */
  @ArchTest
  static final ArchRule micrometerKnowsWhatItMeasures = classes()
      .that()
      .resideInAPackage("dev.limpet.micrometer..")
      .should()
      .onlyDependOnClassesThat(THE_JDK_AND_JSPECIFY.or(resideInAnyPackage(
          "dev.limpet.micrometer..",
          "dev.limpet.redis..",
          "dev.limpet.l7..",
          "dev.limpet.core..",
          "io.micrometer.core.instrument..")));

  @ArchTest
  static final ArchRule onlyTheMetricsOfStoresKnowRedis = noClasses()
      .that()
      .resideInAPackage("dev.limpet.micrometer..")
      .and()
      .doNotHaveSimpleName("StoreMetrics")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("dev.limpet.redis..");

  @ArchTest
  static final ArchRule jfrKnowsOnlyCore = classes()
      .that()
      .resideInAPackage("dev.limpet.jfr..")
      .should()
      .onlyDependOnClassesThat(THE_JDK_AND_JSPECIFY.or(
          resideInAnyPackage("dev.limpet.jfr..", "dev.limpet.core..", "jdk.jfr..")));

  @ArchTest
  static final ArchRule nothingStartsAThreadOrSleeps = noClasses()
      .should()
      .callCodeUnitWhere(
          describe("a thread is made, started or put to sleep", ModuleRulesTest::usesAThread))
      .orShould()
      .callCodeUnitWhere(describe(
          "the JDK's own threads run a stage or time it", ModuleRulesTest::usesThoseOfTheJdk))
      .orShould()
      .dependOnClassesThat()
      .belongToAnyOf(
          Executors.class,
          ForkJoinPool.class,
          ScheduledThreadPoolExecutor.class,
          ThreadPoolExecutor.class,
          Timer.class);

  @ArchTest
  static final ArchRule nothingLooksUpAName = noClasses()
      .should()
      .callCodeUnitWhere(
          describe("the name or the address of a host is looked up", ModuleRulesTest::looksUp));

  private static boolean looksUp(JavaCall<?> call) {
    String name = call.getTarget().getName();
    if (call.getTargetOwner().isAssignableTo(InetAddress.class)) {
      return Set.of(
              "getHostName",
              "getCanonicalHostName",
              "getByName",
              "getAllByName",
              "getLocalHost",
              "isReachable")
          .contains(name);
    }
    return call.getTargetOwner().isAssignableTo(InetSocketAddress.class)
        && (name.equals("getHostName")
            || (name.equals("<init>")
                && call.getTarget().getRawParameterTypes().get(0).isEquivalentTo(String.class)));
  }

  private static boolean usesAThread(JavaCall<?> call) {
    return call.getTargetOwner().isAssignableTo(Thread.class)
        && Set.of("<init>", "start", "sleep", "startVirtualThread", "ofPlatform", "ofVirtual")
            .contains(call.getTarget().getName());
  }

  private static boolean usesThoseOfTheJdk(JavaCall<?> call) {
    String name = call.getTarget().getName();
    return call.getTargetOwner().isAssignableTo(CompletionStage.class)
        && (Set.of("orTimeout", "completeOnTimeout", "delayedExecutor").contains(name)
            || (name.endsWith("Async") && !takesAnExecutor(call)));
  }

  private static boolean takesAnExecutor(JavaCall<?> call) {
    return call.getTarget().getRawParameterTypes().stream()
        .anyMatch(type -> type.isEquivalentTo(Executor.class));
  }
}
