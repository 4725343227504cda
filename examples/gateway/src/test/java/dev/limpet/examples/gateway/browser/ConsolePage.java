package dev.limpet.examples.gateway.browser;

import java.util.List;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.WebElement;

/** The console, as a user sees it. */
final class ConsolePage {
  private final Browser browser;
  private final String address;

  /** The console at an address, not opened yet. */
  ConsolePage(Browser browser, String address) {
    this.browser = browser;
    this.address = address;
  }

  Browser browser() {
    return browser;
  }

  String address() {
    return address;
  }

  /** Opens the console and waits until it shows what the gateway answered. */
  ConsolePage open() throws Exception {
    browser.driver().get(address);
    Eventually.holds("the main heading", () -> !heading().isEmpty());
    return this;
  }

  /** Returns the first heading of the view. */
  String heading() {
    return browser.driver().findElement(By.cssSelector("main h1")).getText();
  }

  /** Returns the words that the page shows. */
  String text() {
    return browser.driver().findElement(By.tagName("body")).getText();
  }

  /** Returns the element of a role and an accessible name that is shown. */
  WebElement find(Role role, String name) {
    return shown(role).stream()
        .filter(element -> element.getAccessibleName().equals(name))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException(
            role + " " + name + " (expected: one of " + names(role) + ")"));
  }

  boolean has(Role role, String name) {
    return shown(role).stream().anyMatch(element -> element.getAccessibleName().equals(name));
  }

  /** Waits for an element. */
  WebElement await(Role role, String name) throws Exception {
    try {
      Eventually.holds(role + " " + name, () -> has(role, name));
    } catch (AssertionError e) {
      browser.screenshot("missing");
      throw new AssertionError(e.getMessage() + " among " + names(role), e);
    }
    return find(role, name);
  }

  /** Waits until the page shows a text. */
  void awaitText(String text) throws Exception {
    try {
      Eventually.holds("the text " + text, () -> text().contains(text));
    } catch (AssertionError e) {
      browser.screenshot("missing");
      throw new AssertionError(e.getMessage() + " in " + text(), e);
    }
  }

  private List<WebElement> shown(Role role) {
    return browser.driver().findElements(By.cssSelector(role.selector())).stream()
        .filter(WebElement::isDisplayed)
        .toList();
  }

  private List<String> names(Role role) {
    return shown(role).stream().map(WebElement::getAccessibleName).toList();
  }
}
