package dev.limpet.spring.gateway;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A request that notices when its body cannot be received from the client. */
final class WatchedRequest extends HttpServletRequestWrapper {
  private final WebMvcRequest received;
  private @Nullable ServletInputStream body;

  WatchedRequest(HttpServletRequest request, WebMvcRequest received) {
    super(request);
    this.received = received;
  }

  @Override
  public ServletInputStream getInputStream() throws IOException {
    ServletInputStream watched = body;
    if (watched == null) {
      watched = new Body(super.getInputStream());
      body = watched;
    }
    return watched;
  }

  private final class Body extends ServletInputStream {
    private final ServletInputStream in;

    Body(ServletInputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      try {
        return in.read();
      } catch (IOException broken) {
        received.breakBody();
        throw broken;
      }
    }

    @Override
    public int read(byte[] octets, int from, int length) throws IOException {
      try {
        return in.read(octets, from, length);
      } catch (IOException broken) {
        received.breakBody();
        throw broken;
      }
    }

    @Override
    public int available() throws IOException {
      return in.available();
    }

    @Override
    public void close() throws IOException {
      in.close();
    }

    @Override
    public boolean isFinished() {
      return in.isFinished();
    }

    @Override
    public boolean isReady() {
      return in.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      in.setReadListener(listener);
    }
  }
}
