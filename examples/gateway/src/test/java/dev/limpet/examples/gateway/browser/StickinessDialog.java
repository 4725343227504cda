package dev.limpet.examples.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** The dialog in which an operator changes how sessions stick. */
final class StickinessDialog {
  static final String STICKY = "Sticky Session";
  static final String DURATION = "Stickiness Duration (min)";
  static final String COOKIE_NAME = "Cookie Name";
  static final String SOURCE_IP = "Source IP address";
  static final String LB_COOKIE = "Load balancer cookie";
  static final String APP_COOKIE = "Application cookie";
  static final String OK = "OK";

  private final ConsolePage page;
  private final Hand hand;

  private StickinessDialog(ConsolePage page, Hand hand) {
    this.page = page;
    this.hand = hand;
  }

  /** Goes from the console's first view to the dialog of a backend server group. */
  static StickinessDialog ofGroup(ConsolePage page, Hand hand, String group) throws Exception {
    return open(page, hand, "Backend server groups", group, "Modify Backend Server Group");
  }

  /** Goes from the console's first view to the dialog of a listener, in the profile classic. */
  static StickinessDialog ofListener(ConsolePage page, Hand hand, String name) throws Exception {
    return open(page, hand, "Listeners", name, "Modify Listener");
  }

  private static StickinessDialog open(
      ConsolePage page, Hand hand, String list, String owner, String title) throws Exception {
    hand.press(page, Role.LINK, list);
    hand.press(page, Role.BUTTON, "Edit " + owner);
    WebElement dialog = page.await(Role.DIALOG, title);
    assertThat(dialog.getAriaRole()).isEqualTo("dialog");
    return new StickinessDialog(page, hand);
  }

  StickinessDialog switchOn() throws Exception {
    WebElement sticky = page.await(Role.SWITCH, STICKY);
    if (!isOn(sticky)) {
      hand.press(page, Role.SWITCH, STICKY);
    }
    return this;
  }

  StickinessDialog switchOff() throws Exception {
    WebElement sticky = page.await(Role.SWITCH, STICKY);
    if (isOn(sticky)) {
      hand.press(page, Role.SWITCH, STICKY);
    }
    return this;
  }

  StickinessDialog type(String label) throws Exception {
    hand.choose(page, label);
    return this;
  }

  StickinessDialog minutes(String text) throws Exception {
    hand.type(page, DURATION, text);
    return this;
  }

  StickinessDialog cookieName(String name) throws Exception {
    hand.type(page, COOKIE_NAME, name);
    return this;
  }

  /** Returns what a field contains. */
  String value(String field) throws Exception {
    return page.await(Role.FIELD, field).getAttribute("value");
  }

  /** Presses OK, and waits for nothing. */
  void ok() throws Exception {
    hand.press(page, Role.BUTTON, OK);
  }

  /** Presses OK, and waits until the dialog has closed, as it does when the change is made. */
  void okAndClose() throws Exception {
    ok();
    Eventually.holds("the dialog closes", () -> !isOpen());
  }

  boolean isOpen() {
    return page.browser().driver().findElements(By.cssSelector("dialog[open]")).stream()
        .anyMatch(WebElement::isDisplayed);
  }

  /** Returns what is said of a field: its range, and the fault of its value. */
  String description(String field) {
    return page.browser().description(page.find(Role.FIELD, field));
  }

  boolean isInvalid(String field) {
    return "true".equals(page.find(Role.FIELD, field).getAttribute("aria-invalid"));
  }

  /** Returns whether a type can be chosen. */
  boolean isOffered(String label) {
    return page.find(Role.RADIO, label).isEnabled();
  }

  /** Returns the reason that stands beside a type. */
  String reason(String label) {
    return page.browser().description(page.find(Role.RADIO, label));
  }

  private static boolean isOn(WebElement sticky) {
    return sticky.isSelected() || "true".equals(sticky.getAttribute("aria-checked"));
  }
}
