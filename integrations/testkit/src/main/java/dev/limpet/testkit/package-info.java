/**
 * Tests for proxies that embed Limpet, such as the adapter of a framework.
 *
 * <p>{@link dev.limpet.testkit.StickyStory} runs a proxy between raw sockets, and tests what its
 * users rely on. Extend it, and say how your proxy is started:
 *
 * <pre>{@code
 * class MyProxyTest extends StickyStory {
 *   @Override
 *   protected StoryProxy start(List<Backend> backends, StickySession session) throws IOException {
 *     Pool pool = Pool.builder("web").backends(backends).countConnections().build();
 *     MyProxy proxy = MyProxy.start(pool, session);
 *     return StoryProxy.of(pool, proxy.port(), proxy);
 *   }
 * }
 * }</pre>
 *
 * <p>For tests of your own, {@link dev.limpet.testkit.RawBackend} is a backend that can be killed
 * in the middle of a response, {@link dev.limpet.testkit.FixedBackend} one that sends any octets,
 * and {@link dev.limpet.testkit.RawClient} a client that can give up at any moment. {@link
 * dev.limpet.testkit.LateTable} answers as late as a shared table may. {@link
 * dev.limpet.testkit.WireStory} finds out what a proxy does with broken answers.
 *
 * <p>The kit brings the contracts of Limpet's interfaces along. Each is an abstract test class,
 * which you extend in the same way:
 *
 * <ul>
 *   <li>{@code dev.limpet.l7.HttpAccessContract} for a {@link dev.limpet.l7.HttpAccess}. Test yours
 *       before you run the story: it finds a joined {@code Set-Cookie} field in milliseconds, and
 *       says so.
 *   <li>{@code dev.limpet.core.table.StickyTableContract} for a sticky table.
 *   <li>{@code dev.limpet.shared.BindingStoreContract} for a store of shared tables.
 * </ul>
 *
 * <p>They are in the test jars of {@code limpet-l7}, {@code limpet-core} and {@code limpet-shared},
 * on which the kit depends at scope {@code runtime}. A Maven build that has the kit at scope {@code
 * test} compiles its tests with them. A Gradle build names the test jars too, by their classifier
 * {@code tests}. The contracts share packages with the modules that they test, so run your tests on
 * the class path.
 */
@NullMarked
package dev.limpet.testkit;

import org.jspecify.annotations.NullMarked;
