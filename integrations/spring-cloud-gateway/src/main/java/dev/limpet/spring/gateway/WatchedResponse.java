package dev.limpet.spring.gateway;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.ClientHttpResponse;

/** A response that closes its source when it cannot be sent to the client. */
final class WatchedResponse extends HttpServletResponseWrapper {
  private final ClientHttpResponse source;
  private @Nullable ServletOutputStream body;
  private boolean isLeft;

  WatchedResponse(HttpServletResponse response, ClientHttpResponse source) {
    super(response);
    this.source = source;
  }

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    ServletOutputStream watched = body;
    if (watched == null) {
      watched = new Body(super.getOutputStream());
      body = watched;
    }
    return watched;
  }

  @Override
  public void flushBuffer() throws IOException {
    send(super::flushBuffer);
  }

  /** Returns whether the client has left. */
  boolean isLeft() {
    return isLeft;
  }

  private void send(Sending sending) throws IOException {
    try {
      sending.run();
    } catch (IOException left) {
      isLeft = true;
      source.getBody().close();
      throw left;
    }
  }

  private interface Sending {
    void run() throws IOException;
  }

  private final class Body extends ServletOutputStream {
    private final ServletOutputStream out;

    Body(ServletOutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int octet) throws IOException {
      send(() -> out.write(octet));
    }

    @Override
    public void write(byte[] octets, int from, int length) throws IOException {
      send(() -> out.write(octets, from, length));
    }

    @Override
    public void flush() throws IOException {
      send(out::flush);
    }

    @Override
    public void close() throws IOException {
      send(out::close);
    }

    @Override
    public boolean isReady() {
      return out.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      out.setWriteListener(listener);
    }
  }
}
