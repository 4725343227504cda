/** A module of a user. */
module example {
  requires dev.limpet.core;
  requires dev.limpet.l7;
}
