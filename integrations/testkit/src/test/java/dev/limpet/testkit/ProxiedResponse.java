package dev.limpet.testkit;

import dev.limpet.l7.HttpAccess;
import java.util.ArrayList;
import java.util.List;

/** The head of a response on its way through a {@link RawProxy}, which may change it. */
final class ProxiedResponse {
  private final String startLine;
  private final int status;
  private final List<String> lines;

  ProxiedResponse(RawMessage head) {
    this.startLine = head.startLine();
    this.status = head.status();
    this.lines = new ArrayList<>(List.of(head.head().strip().split("\r\n", -1)));
    lines.remove(0);
  }

  String head() {
    return startLine + "\r\n" + String.join("\r\n", lines) + "\r\n\r\n";
  }

  /** Reads requests and changes responses. */
  static class Access implements HttpAccess<RawMessage, ProxiedResponse> {
    @Override
    public List<String> requestFields(RawMessage request, String name) {
      return request.fields(name);
    }

    @Override
    public int status(ProxiedResponse response) {
      return response.status;
    }

    @Override
    public List<String> fields(ProxiedResponse response, String name) {
      return RawMessage.ofHead(response.head()).fields(name);
    }

    @Override
    public void setFields(ProxiedResponse response, String name, List<String> values) {
      String begin = name + ':';
      response.lines.removeIf(line -> line.regionMatches(true, 0, begin, 0, begin.length()));
      values.forEach(value -> response.lines.add(name + ": " + value));
    }
  }
}
