package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.FaultException;
import dev.limpet.l7.MapAccess.Message;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No text of a request or a setting is looked up, in a JVM in which some names are known. */
class ClientIpLookupTest {
  private static final List<String> NAMES =
      List.of("known.example", "unknown", "_hidden", "192.0.2.256", "::g", ".::1", "1.2.3");

  @Test
  @Timeout(60)
  void noName_isLookedUp(@TempDir Path folder) throws Exception {
    Path hosts = folder.resolve("hosts");
    Files.write(hosts, NAMES.stream().map(name -> "192.0.2.9 " + name).toList());
    Process child = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Djdk.net.hosts.file=" + hosts,
            "-cp",
            System.getProperty("java.class.path"),
            ClientIpLookupTest.class.getName())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    try {
      String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(said.lines()).hasSize(1 + 3 * NAMES.size()).startsWith("192.0.2.9 is known");
      assertThat(said.lines().skip(1)).containsOnly("10.0.0.1", "refused");
    } finally {
      child.destroyForcibly();
    }
  }

  /** Runs in the JVM that knows the names. */
  public static void main(String[] args) throws UnknownHostException {
    System.out.println(InetAddress.getAllByName("known.example")[0].getHostAddress() + " is known");
    InetAddress peer = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
    ClientIp<Message> list =
        ClientIp.xForwardedFor(new MapAccess(), request -> peer).privateRanges().build();
    ClientIp<Message> forwarded =
        ClientIp.forwarded(new MapAccess(), request -> peer).privateRanges().build();
    for (String name : NAMES) {
      Message request = new Message();
      request.add("X-Forwarded-For", name);
      request.add("Forwarded", "for=\"" + name + "\"");
      System.out.println(shown(list.address(request)));
      System.out.println(shown(forwarded.address(request)));
      System.out.println(range(name));
    }
  }

  private static String shown(InetAddress address) {
    return (address == null) ? "none" : address.getHostAddress();
  }

  private static String range(String name) {
    try {
      return AddressRange.parse(name).toString();
    } catch (FaultException e) {
      return "refused";
    }
  }
}
