package dev.limpet.examples.gateway.config;

import dev.limpet.core.Layer;

/** The protocol between a listener and its clients. */
public enum Protocol {
  /** HTTP/1.1 and HTTP/2, routed request by request. */
  HTTP(Layer.LAYER_7),
  /** Any protocol over TCP, routed connection by connection. */
  TCP(Layer.LAYER_4);

  private final Layer layer;

  Protocol(Layer layer) {
    this.layer = layer;
  }

  /** Returns the layer at which sessions are routed. */
  public Layer layer() {
    return layer;
  }

  /** Returns the protocol as the file spells it. */
  @Override
  public String toString() {
    return Spelled.of(this);
  }
}
