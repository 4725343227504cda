package dev.limpet.examples.gateway;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** An MCP client of the official SDK, whose requests go to several gateways in turn. */
final class McpSdkClient implements AutoCloseable {
  private final AtomicInteger next = new AtomicInteger();
  private final McpSyncClient client;

  McpSdkClient(int... ports) {
    this.client = McpClient.sync(HttpClientStreamableHttpTransport.builder(at(ports[0]))
            .endpoint("/mcp")
            .addHttpRequestCustomizer((request, method, uri, body, context) ->
                request.uri(URI.create(at(ports[next.getAndIncrement() % ports.length]) + "/mcp")))
            .build())
        .requestTimeout(Duration.ofSeconds(10))
        .initializationTimeout(Duration.ofSeconds(10))
        .build();
    client.initialize();
  }

  private static String at(int port) {
    return "http://127.0.0.1:" + port;
  }

  /** Calls the tool; returns the server's name and the count of the session's calls. */
  String count() {
    McpSchema.CallToolResult result = client.callTool(
        McpSchema.CallToolRequest.builder(McpSdkServer.TOOL).arguments(Map.of()).build());
    return ((McpSchema.TextContent) result.content().get(0)).text();
  }

  String server() {
    return client.getServerInfo().name();
  }

  @Override
  public void close() {
    client.closeGracefully();
  }
}
