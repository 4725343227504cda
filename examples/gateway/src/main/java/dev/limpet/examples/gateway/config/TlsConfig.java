package dev.limpet.examples.gateway.config;

import java.nio.file.Path;

/**
 * What a listener speaks TLS with: two PEM files, which existed and could be read when the
 * configuration was.
 *
 * @param cert the certificate chain
 * @param key the private key
 */
public record TlsConfig(Path cert, Path key) {}
