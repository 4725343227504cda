package dev.limpet.examples.gateway.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A TCP connection from the user's own address. */
public final class TcpConnection implements Connection {
  private static final int TIMEOUT_MILLIS = 10_000;

  private final Socket socket;
  private final BufferedReader in;
  private final String backend;

  private TcpConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
    this.backend = readLine();
  }

  /** Returns an opener of the connections of the user with an address, such as 127.0.0.2. */
  public static Opener to(InetSocketAddress gateway, InetAddress source) {
    return () -> open(gateway, source);
  }

  private static Connection open(InetSocketAddress gateway, InetAddress source) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
      socket.bind(new InetSocketAddress(source, 0));
      socket.connect(gateway, TIMEOUT_MILLIS);
      return new TcpConnection(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public Answer login(String user) throws IOException {
    return ask("login " + user);
  }

  @Override
  public Answer whoami(String user) throws IOException {
    return ask("whoami " + user);
  }

  private Answer ask(String line) throws IOException {
    socket.getOutputStream().write((line + "\n").getBytes(US_ASCII));
    return new Answer(backend, readLine().endsWith(" on " + backend));
  }

  private String readLine() throws IOException {
    String line = in.readLine();
    if (line == null) {
      throw new EOFException("the connection was closed");
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
