package dev.limpet.examples.gateway;

import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** An MCP server of the official SDK, with a tool that counts the calls of a session. */
final class McpSdkServer implements AutoCloseable {
  static final String TOOL = "count";

  private final String name;
  private final Map<String, Integer> calls = new ConcurrentHashMap<>();
  private final McpSyncServer mcp;
  private final Server jetty = new Server();
  private final ServerConnector connector = new ServerConnector(jetty);

  McpSdkServer(String name) throws Exception {
    this.name = name;
    var transport = HttpServletStreamableServerTransportProvider.builder()
        .mcpEndpoint("/mcp")
        .build();
    this.mcp = McpServer.sync(transport)
        .serverInfo(name, "1")
        .capabilities(McpSchema.ServerCapabilities.builder().tools(true).build())
        .toolCall(
            McpSchema.Tool.builder(TOOL, Map.of("type", "object"))
                .description("Counts the calls of a session")
                .build(),
            this::count)
        .build();
    ServletHolder servlet = new ServletHolder(transport);
    servlet.setAsyncSupported(true);
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(servlet, "/*");
    connector.setHost("127.0.0.1");
    jetty.addConnector(connector);
    jetty.setHandler(context);
    jetty.start();
  }

  private McpSchema.CallToolResult count(
      McpSyncServerExchange exchange, McpSchema.CallToolRequest request) {
    int count = calls.merge(exchange.sessionId(), 1, Integer::sum);
    return McpSchema.CallToolResult.builder().addTextContent(name + ' ' + count).build();
  }

  /** The ids of the sessions that have called the tool, as this server knows them. */
  Map<String, Integer> calls() {
    return calls;
  }

  String name() {
    return name;
  }

  /** The server as a backend in a configuration. */
  String entry() {
    return "{id: " + name + ", address: \"127.0.0.1:" + connector.getLocalPort() + "\"}";
  }

  @Override
  public void close() {
    try {
      jetty.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    mcp.close();
  }
}
