package dev.limpet.examples.gateway.browser;

/** What an element is to a user. Elements are found by this and by their accessible names. */
enum Role {
  BUTTON("button"),
  LINK("a[href]"),
  SWITCH("input[role=switch], button[role=switch]"),
  RADIO("input[type=radio]"),
  FIELD("input:not([type=radio]):not([role=switch]), textarea, select"),
  DIALOG("dialog[open]"),
  DISCLOSURE("summary"),
  REGION("[role=region]");

  private final String selector;

  Role(String selector) {
    this.selector = selector;
  }

  String selector() {
    return selector;
  }
}
