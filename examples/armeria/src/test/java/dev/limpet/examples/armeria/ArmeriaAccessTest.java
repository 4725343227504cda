package dev.limpet.examples.armeria;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpAccessContract;
import java.util.List;

class ArmeriaAccessTest extends HttpAccessContract<RequestHeaders, ResponseHeadersBuilder> {
  @Override
  protected HttpAccess<RequestHeaders, ResponseHeadersBuilder> access() {
    return new ArmeriaAccess();
  }

  @Override
  protected RequestHeaders newRequest(List<Field> fields) {
    RequestHeadersBuilder request = RequestHeaders.builder(HttpMethod.GET, "/");
    fields.forEach(field -> request.add(field.name(), field.value()));
    return request.build();
  }

  @Override
  protected RequestHeaders newRequestTo(String target) {
    return RequestHeaders.of(HttpMethod.GET, target);
  }

  @Override
  protected RequestHeaders newRequestOverTls(boolean overTls) {
    return RequestHeaders.builder(HttpMethod.GET, "/")
        .scheme(overTls ? "https" : "http")
        .build();
  }

  @Override
  protected ResponseHeadersBuilder newResponse(int status, List<Field> fields) {
    ResponseHeadersBuilder response = ResponseHeaders.builder(status);
    fields.forEach(field -> response.add(field.name(), field.value()));
    return response;
  }
}
