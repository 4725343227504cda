package dev.limpet.spring.gateway;

import dev.limpet.l7.HttpAccess;
import java.util.List;
import java.util.function.Predicate;

/**
 * An access that leaves it to another to tell which requests came over TLS.
 *
 * @param access the access that does all else
 * @param secure tells whether a request came over TLS
 */
record SecuredAccess<Q, S>(HttpAccess<Q, S> access, Predicate<Q> secure)
    implements HttpAccess<Q, S> {

  @Override
  public List<String> requestFields(Q request, String name) {
    return access.requestFields(request, name);
  }

  @Override
  public String target(Q request) {
    return access.target(request);
  }

  @Override
  public String method(Q request) {
    return access.method(request);
  }

  @Override
  public boolean isSecure(Q request) {
    return secure.test(request);
  }

  @Override
  public int status(S response) {
    return access.status(response);
  }

  @Override
  public List<String> fields(S response, String name) {
    return access.fields(response, name);
  }

  @Override
  public void setFields(S response, String name, List<String> values) {
    access.setFields(response, name, values);
  }
}
