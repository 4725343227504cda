package dev.limpet.examples.gateway.demo;

import io.vertx.core.Handler;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The login application over lines of text. Knows only the users who logged in here. */
final class TcpLogin implements Handler<NetSocket> {
  private static final int MAX_LINE = 256;

  private final String backend;
  private final Set<String> users = ConcurrentHashMap.newKeySet();

  TcpLogin(String backend) {
    this.backend = backend;
  }

  @Override
  public void handle(NetSocket socket) {
    write(socket, backend);
    RecordParser lines = RecordParser.newDelimited("\n", socket).maxRecordSize(MAX_LINE);
    lines.exceptionHandler(e -> socket.close());
    lines.handler(line -> line(socket, line.toString().trim()));
  }

  private void line(NetSocket socket, String line) {
    String[] words = line.split(" ", 2);
    String user = (words.length == 2) ? words[1] : "";
    boolean valid = HttpLogin.USER.matcher(user).matches();
    if (words[0].equals("quit")) {
      socket.close();
    } else if (valid && words[0].equals("login")) {
      users.add(user);
      write(socket, user + " on " + backend);
    } else if (valid && words[0].equals("whoami")) {
      write(
          socket,
          users.contains(user) ? user + " on " + backend : "please log in (" + backend + ")");
    } else {
      write(socket, "expected: login <user> | whoami <user> | quit");
    }
  }

  private static void write(NetSocket socket, String line) {
    socket.write(line + "\n");
  }
}
