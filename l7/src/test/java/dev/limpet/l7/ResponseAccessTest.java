package dev.limpet.l7;

import java.util.List;
import java.util.stream.Stream;

/** The access that the tests of this module use. */
class ResponseAccessTest extends HttpAccessContract<Request, Response> {
  @Override
  protected HttpAccess<Request, Response> access() {
    return Response.ACCESS;
  }

  @Override
  protected Request newRequest(List<Field> fields) {
    return new Request(values(fields, "Cookie").toList());
  }

  @Override
  protected Request newRequestOverTls(boolean overTls) {
    return new Request(List.of(), overTls);
  }

  @Override
  protected Response newResponse(int status, List<Field> fields) {
    Response response = Response.of(status);
    fields.forEach(
        field -> response.with(field.name(), values(fields, field.name()).toArray(String[]::new)));
    return response;
  }

  private static Stream<String> values(List<Field> fields, String name) {
    return fields.stream().filter(field -> field.name().equalsIgnoreCase(name)).map(Field::value);
  }
}
