package dev.limpet.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * A connection of a {@link RawClient} to a proxy. It can be given up at any moment, and can carry
 * several requests, one after the other. Not for use by several threads at once.
 */
public final class RawConnection implements Closeable {
  private static final byte[] NO_BODY = {};
  private static final String UPGRADE =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

  private final RawClient client;
  private final Socket socket;
  private final InputStream in;
  private @Nullable RawMessage head;

  RawConnection(RawClient client, Socket socket) throws IOException {
    this.client = client;
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /**
   * Sends a GET with the client's cookies, and does not wait for its answer.
   *
   * @param fields more fields, such as {@link RawBackend#SILENT}
   * @throws IOException if the connection is closed
   */
  public void sendGet(String... fields) throws IOException {
    send("GET", "", NO_BODY, fields);
  }

  /**
   * Sends a POST with the client's cookies, and does not wait for its answer. The proxy may answer
   * and close the connection before the body's end.
   *
   * @param body the body
   * @param fields more fields
   * @throws IOException if the connection is closed
   */
  public void sendPost(byte[] body, String... fields) throws IOException {
    send("POST", "Content-Length: " + body.length + "\r\n", body, fields);
  }

  /**
   * Reads the head of an answer, if it was not read yet, and keeps its cookies.
   *
   * @return the head, without a body
   * @throws IOException if it does not come whole, or not in time
   */
  public RawMessage head() throws IOException {
    if (head == null) {
      head = RawMessage.responseHead(in);
      client.keep(head);
    }
    return head;
  }

  /**
   * Reads octets of an answer's body, framing included.
   *
   * @param size the number of octets
   * @return the octets
   * @throws IOException if there are fewer, or they do not come in time
   */
  public byte[] read(int size) throws IOException {
    byte[] octets = in.readNBytes(size);
    if (octets.length < size) {
      throw new EOFException("body: " + octets.length + " octets (expected: " + size + ")");
    }
    return octets;
  }

  /**
   * Reads an answer, or the rest of one whose {@link #head} was read, and keeps its cookies.
   *
   * @return the answer with its body
   * @throws IOException if it does not come whole, or not in time
   */
  public RawMessage answer() throws IOException {
    RawMessage answer = RawMessage.response(head(), in);
    head = null;
    return answer;
  }

  /**
   * Asks for a WebSocket, with the client's cookies, and keeps those of the answer.
   *
   * @param fields more fields of the handshake
   * @return the answer; its status is 101 if the connection is a WebSocket now
   * @throws IOException if it does not come whole, or not in time
   */
  public RawMessage upgrade(String... fields) throws IOException {
    send("GET", UPGRADE, NO_BODY, fields);
    return answer();
  }

  /**
   * Sends a text through the WebSocket.
   *
   * @param text up to 125 octets of UTF-8
   * @throws IOException if the connection is closed
   */
  public void sendText(String text) throws IOException {
    write(WebSocketFrames.text(text, true));
  }

  /**
   * Reads the next text from the WebSocket.
   *
   * @return the text; null if the other side closed
   * @throws IOException if it does not come whole, or not in time
   */
  public @Nullable String text() throws IOException {
    return WebSocketFrames.next(in);
  }

  /**
   * Gives up: closes the connection by a FIN.
   *
   * @throws IOException if it is closed already
   */
  public void leave() throws IOException {
    socket.shutdownOutput(); // close alone sends a RST if there is something left to read
    socket.close();
  }

  /**
   * Gives up: closes the connection by a RST.
   *
   * @throws IOException if it is closed already
   */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Closes the connection, if it is open. */
  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** Sends a request of any method without a body, and does not wait for its answer. */
  void sendBodyless(String method) throws IOException {
    send(method, "", NO_BODY, new String[0]);
  }

  private void send(String method, String more, byte[] body, String[] fields) throws IOException {
    StringBuilder text = new StringBuilder(method).append(" / HTTP/1.1\r\nHost: site\r\n");
    text.append(client.cookieField()).append(more);
    for (String field : fields) {
      text.append(field).append("\r\n");
    }
    write(text.append("\r\n").toString().getBytes(ISO_8859_1));
    offer(body);
  }

  private void offer(byte[] body) throws IOException {
    try {
      write(body);
    } catch (SocketException closed) {
      // the answer may be there to be read
    }
  }

  private void write(byte[] octets) throws IOException {
    socket.getOutputStream().write(octets);
  }
}
