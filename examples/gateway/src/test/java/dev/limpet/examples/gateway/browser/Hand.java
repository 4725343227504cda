package dev.limpet.examples.gateway.browser;

import java.util.ArrayList;
import java.util.List;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** What a user operates the console with. */
enum Hand {
  MOUSE {
    @Override
    void press(ConsolePage page, Role role, String name) throws Exception {
      click(page, page.await(role, name));
    }

    @Override
    void choose(ConsolePage page, String name) throws Exception {
      click(page, page.await(Role.RADIO, name));
    }

    @Override
    void type(ConsolePage page, String name, String text) throws Exception {
      click(page, page.await(Role.FIELD, name));
      overwrite(page, text);
    }
  },

  KEYBOARD {
    @Override
    void press(ConsolePage page, Role role, String name) throws Exception {
      page.await(role, name);
      tabTo(page, name);
      send(page, (role == Role.SWITCH) ? Keys.SPACE : Keys.ENTER);
    }

    // Radio buttons are one stop of the tabulator; arrows go from one to the next.
    @Override
    void choose(ConsolePage page, String name) throws Exception {
      page.await(Role.RADIO, name);
      tab(page, focused -> "radio".equals(focused.getAttribute("type")), name);
      for (int i = 0; i < MOST_RADIOS && !page.find(Role.RADIO, name).isSelected(); i++) {
        send(page, i == 0 ? Keys.SPACE : Keys.ARROW_DOWN);
      }
    }

    @Override
    void type(ConsolePage page, String name, String text) throws Exception {
      page.await(Role.FIELD, name);
      tabTo(page, name);
      overwrite(page, text);
    }
  };

  private static final int MOST_STOPS = 150;
  private static final int MOST_RADIOS = 6;

  /** Activates a link, a button or a switch. */
  abstract void press(ConsolePage page, Role role, String name) throws Exception;

  /** Chooses a radio button. */
  abstract void choose(ConsolePage page, String name) throws Exception;

  /** Replaces the content of a field. */
  abstract void type(ConsolePage page, String name, String text) throws Exception;

  /**
   * A notice may cover what is at the edge of the window, so an element is scrolled to the middle.
   */
  private static void click(ConsolePage page, WebElement element) {
    page.browser().run("arguments[0].scrollIntoView({block: 'center'})", element);
    element.click();
  }

  private interface Wanted {
    boolean is(WebElement focused);
  }

  private static void tabTo(ConsolePage page, String name) {
    tab(page, focused -> focused.getAccessibleName().equals(name), name);
  }

  /** Goes on from element to element, as a user without a mouse must be able to. */
  private static void tab(ConsolePage page, Wanted wanted, String name) {
    List<String> stops = new ArrayList<>();
    for (int i = 0; i < MOST_STOPS; i++) {
      WebElement focused = page.browser().driver().switchTo().activeElement();
      if (wanted.is(focused)) {
        return;
      }
      stops.add(focused.getAccessibleName());
      send(page, Keys.TAB);
    }
    throw new AssertionError("not reached by tabulator: " + name + " (stops: " + stops + ")");
  }

  private static void overwrite(ConsolePage page, String text) {
    Actions keys = new Actions(page.browser().driver());
    keys.keyDown(Keys.CONTROL).sendKeys("a").keyUp(Keys.CONTROL).sendKeys(Keys.DELETE);
    if (!text.isEmpty()) {
      keys.sendKeys(text);
    }
    keys.perform();
  }

  private static void send(ConsolePage page, Keys key) {
    new Actions(page.browser().driver()).sendKeys(key).perform();
  }
}
