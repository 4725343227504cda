package dev.limpet.examples.springboot;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** A gateway, with two backends of its own so that there is something to see. */
@SpringBootApplication
public class GatewayApplication {

  /** Makes the application. Spring calls this. */
  public GatewayApplication() {}

  /**
   * Starts the gateway at port 8080.
   *
   * @param args properties, such as {@code --server.port=9090}
   */
  public static void main(String[] args) {
    SpringApplication.run(GatewayApplication.class, args);
  }

  @Bean(destroyMethod = "stop")
  DemoBackend shop1(@Value("${limpet.pools.shop.backends[0].address}") String address) {
    return DemoBackend.start("shop1", address);
  }

  @Bean(destroyMethod = "stop")
  DemoBackend shop2(@Value("${limpet.pools.shop.backends[1].address}") String address) {
    return DemoBackend.start("shop2", address);
  }
}
