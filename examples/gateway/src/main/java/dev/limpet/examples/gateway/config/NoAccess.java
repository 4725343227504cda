package dev.limpet.examples.gateway.config;

import dev.limpet.l7.HttpAccess;
import java.util.List;

/** Reads requests and responses without anything in them, to build what never sees one. */
final class NoAccess implements HttpAccess<Object, Object> {
  @Override
  public List<String> requestFields(Object request, String name) {
    return List.of();
  }

  @Override
  public int status(Object response) {
    return 200;
  }

  @Override
  public List<String> fields(Object response, String name) {
    return List.of();
  }

  @Override
  public void setFields(Object response, String name, List<String> values) {}
}
