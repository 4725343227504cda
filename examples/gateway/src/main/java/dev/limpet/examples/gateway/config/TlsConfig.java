package dev.limpet.examples.gateway.config;

import java.nio.file.Path;

/**
 * The certificate of a listener: two PEM files, which were readable when the configuration was
 * read.
 *
 * @param cert the certificate chain
 * @param key the private key
 */
public record TlsConfig(Path cert, Path key) {}
