package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.examples.gateway.config.ConfigFault;
import dev.limpet.examples.gateway.config.ConfigReader;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The API answers what the file would be answered. */
@Timeout(60)
class FaultTextsTest {
  private static final String YAML = """
      listeners:
        - {name: web, protocol: http, port: 0, pool: web}
        - {name: db, protocol: tcp, port: 0, pool: db}
      pools:
        - name: web
          stickySession: STICKY_WEB
          backends: [{id: web1, address: "127.0.0.1:1"}, BACKEND]
        - name: db
          stickySession: STICKY_DB
          backends: [{id: db1, address: "127.0.0.1:1"}]
      admin: {port: 0}
      """;
  private static final String LB = "{type: lb-cookie}";
  private static final String IP = "{type: source-ip}";
  private static final String WEB2 = "{id: web2, address: \"127.0.0.1:2\"}";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static TestGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    gateway = TestGateway.of(yaml(LB, IP, WEB2));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      {type: source-ip, duration: 61m} | {"type": "source-ip", "duration": "61m"}
      {type: source-ip, duration: 0m} | {"type": "source-ip", "duration": "0m"}
      {type: source-ip, duration: 3601s} | {"type": "source-ip", "duration": "3601s"}
      {type: source-ip, duration: 1.5m} | {"type": "source-ip", "duration": "1.5m"}
      {type: source-ip, duration: 20} | {"type": "source-ip", "duration": 20}
      {type: source-ip, duration: 1.5} | {"type": "source-ip", "duration": 1.5}
      {type: source-ip, duration: ""} | {"type": "source-ip", "duration": ""}
      {type: source-ip, duration: "20"} | {"type": "source-ip", "duration": "20"}
      {type: source-ip, duration: 20 m} | {"type": "source-ip", "duration": "20 m"}
      {type: source-ip, duration: []} | {"type": "source-ip", "duration": []}
      {type: source-ip, duration: {}} | {"type": "source-ip", "duration": {}}
      {type: source-ip, duration: null} | {"type": "source-ip", "duration": null}
      {type: source-ip, duration: true} | {"type": "source-ip", "duration": true}
      {type: source-ip, duration: "\\e[31m\\n"} | {"type": "source-ip", "duration": "\\u001b[31m\\n"}
      {type: source-ip, mode: fixed} | {"type": "source-ip", "mode": "fixed"}
      {type: source-ip, mode: absolute, maxDuration: 8h} | {"type": "source-ip", "mode": "absolute", "maxDuration": "8h"}
      {type: source-ip, cookieName: x} | {"type": "source-ip", "cookieName": "x"}
      {type: source-ip, foo: 1, bar: x} | {"type": "source-ip", "foo": 1, "bar": "x"}
      {type: source-ip, ipv6Prefix: 129} | {"type": "source-ip", "ipv6Prefix": 129}
      {type: source-ip, quota: {percent: 0}} | {"type": "source-ip", "quota": {"percent": 0}}
      {type: lb-cookie} | {"type": "lb-cookie"}
      {type: other} | {"type": "other"}
      {duration: 5m} | {"duration": "5m"}
      {} | {}
      """)
  void stickinessOfTcp(String file, String json) throws Exception {
    assertSame(yaml(LB, file, WEB2), "PUT", "/api/pools/db/stickySession", json);
    assertSame(yaml(LB, file, WEB2), "POST", "/api/pools/db/stickySession/preview", json);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      {type: lb-cookie, duration: 1441m} | {"type": "lb-cookie", "duration": "1441m"}
      {type: source-ip} | {"type": "source-ip"}
      {type: app-cookie} | {"type": "app-cookie"}
      {type: app-cookie, cookieName: a b} | {"type": "app-cookie", "cookieName": "a b"}
      {type: lb-cookie, sameSite: none} | {"type": "lb-cookie", "sameSite": "none"}
      {type: lb-cookie, secure: "true"} | {"type": "lb-cookie", "secure": "true"}
      {type: lb-cookie, path: x} | {"type": "lb-cookie", "path": "x"}
      {type: header} | {"type": "header"}
      {type: mcp, form: learned, duration: 0s} | {"type": "mcp", "form": "learned", "duration": "0s"}
      """)
  void stickinessOfHttp(String file, String json) throws Exception {
    assertSame(yaml(file, IP, WEB2), "PUT", "/api/pools/web/stickySession", json);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      {id: web3, address: localhost} | {"id": "web3", "address": "localhost"}
      {id: web3, address: 127.0.0.1:0} | {"id": "web3", "address": "127.0.0.1:0"}
      {id: web3} | {"id": "web3"}
      {address: "127.0.0.1:3"} | {"address": "127.0.0.1:3"}
      {id: <img src=x onerror=alert(1)>, address: "h:3"} | {"id": "<img src=x onerror=alert(1)>", "address": "h:3"}
      {id: web3, address: "h:3", weight: 257} | {"id": "web3", "address": "h:3", "weight": 257}
      {id: web3, address: "h:3", weight: -1} | {"id": "web3", "address": "h:3", "weight": -1}
      {id: web3, address: "h:3", weight: 1.5} | {"id": "web3", "address": "h:3", "weight": 1.5}
      {id: web3, address: "h:3", weight: x} | {"id": "web3", "address": "h:3", "weight": "x"}
      {id: web3, address: "h:3", weight: "5"} | {"id": "web3", "address": "h:3", "weight": "5"}
      {id: web3, address: "h:3", weight: []} | {"id": "web3", "address": "h:3", "weight": []}
      {id: web3, address: "h:3", maxConnections: 0} | {"id": "web3", "address": "h:3", "maxConnections": 0}
      {id: web3, address: "h:3", tier: 256} | {"id": "web3", "address": "h:3", "tier": 256}
      {id: web3, address: "h:3", drain: "yes"} | {"id": "web3", "address": "h:3", "drain": "yes"}
      {id: web3, address: "h:3", scheme: ftp} | {"id": "web3", "address": "h:3", "scheme": "ftp"}
      {id: web3, address: "h:3", tls: {ca: no.pem}} | {"id": "web3", "address": "h:3", "tls": {"ca": "no.pem"}}
      {id: web3, address: "h:3", colour: red} | {"id": "web3", "address": "h:3", "colour": "red"}
      """)
  void backends(String file, String json) throws Exception {
    assertSame(yaml(LB, IP, WEB2 + ", " + file), "POST", "/api/pools/web/backends", json);
  }

  private static String yaml(String web, String db, String backends) {
    return YAML.replace("STICKY_WEB", web).replace("STICKY_DB", db).replace("BACKEND", backends);
  }

  private static void assertSame(String yaml, String method, String path, String json)
      throws Exception {
    List<String> ofFile =
        ConfigReader.source(yaml).faults().stream().map(ConfigFault::message).toList();
    HttpRequest request = HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + gateway.gateway().adminPort() + path))
        .header("Content-Type", "application/json")
        .header("If-Match", "*")
        .method(method, BodyPublishers.ofString(json))
        .build();
    HttpResponse<String> answer = CLIENT.send(request, BodyHandlers.ofString());
    List<String> ofApi = new JsonObject(answer.body())
        .getJsonArray("faults").stream()
            .map(fault -> ((JsonObject) fault).getString("message"))
            .toList();

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(ofApi).isNotEmpty().containsExactlyElementsOf(ofFile);
  }
}
