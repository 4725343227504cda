package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A million requests with any number of Cookie fields, in which ours stand several times among odd
 * ones.
 */
class CookieSoak {
  private static final int REQUESTS = 1_000_000;
  private static final int SESSIONS = 100;
  private static final List<String> NAMES = List.of(
      "limpet-web",
      "limpet-web",
      "limpet-web",
      " \tlimpet-web\t ",
      "limpet-web2",
      "limpet-we",
      "xlimpet-web",
      "Limpet-Web",
      "\"limpet-web\"",
      "limpet-web limpet-web",
      "=limpet-web",
      "a",
      "");
  private static final List<String> NEIGHBOURS = List.of(
      "",
      " ",
      "=",
      "flag",
      "limpet-web",
      "theme=dark",
      " a=b=c ",
      "$Version=1",
      "q=\"x",
      "y\"",
      "list=1,2, limpet-web=3",
      "json={\"a\":1}",
      "name=\u00e4\u0000");
  private static final List<String> ENDS = List.of(";", "; ", ";\t ", " ;", ";;");

  private final LbFixture web = new LbFixture();
  private final SplittableRandom random = new SplittableRandom(1);
  private final TokenChanger changer = new TokenChanger(random);
  private final Map<String, String> homes = new HashMap<>();
  private List<String> tokens = List.of();

  @Test
  void firstValidTokenWins_andTheBackendGetsEveryOtherOctetAndNoneOfOurs() {
    while (homes.size() < SESSIONS) {
      Browser browser = new Browser();
      String home = Browser.id(browser.visit(web.router));
      homes.put(browser.cookie(LbFixture.COOKIE), home);
    }
    tokens = List.copyOf(homes.keySet());

    int kept = 0;
    for (int i = 0; i < REQUESTS; i++) {
      Request request = new Request(fields());
      List<String> values = CookieProperties.values(request.cookies(), LbFixture.COOKIE);
      String first = values.stream().filter(homes::containsKey).findFirst().orElse(null);

      String route = web.router.route(request).toString();
      assertThat(route).startsWith((first == null) ? "NEW " : "KEPT " + homes.get(first));
      List<String> stripped = CookieProperties.stripped(request.cookies(), LbFixture.COOKIE);
      assertThat(web.router.fieldsToBackend(request))
          .isEqualTo(stripped.equals(request.cookies()) ? Map.of() : Map.of("Cookie", stripped));
      kept += (first == null) ? 0 : 1;
    }
    assertThat(kept).isBetween(REQUESTS / 4, REQUESTS / 2);
  }

  /** One field, none, or several; or, as in HTTP/2, one for each cookie. */
  private List<String> fields() {
    String[] fields = new String[random.nextInt(4)];
    Arrays.setAll(fields, i -> field());
    return random.nextBoolean() ? List.of(fields) : crumbs(fields);
  }

  private static List<String> crumbs(String[] fields) {
    List<String> crumbs = new ArrayList<>();
    for (String field : fields) {
      crumbs.addAll(List.of(field.split("; ?", -1)));
    }
    return crumbs;
  }

  private String field() {
    StringBuilder field = new StringBuilder(cookie());
    for (int more = random.nextInt(6); more > 0; more--) {
      field.append(any(ENDS)).append(cookie());
    }
    return field.toString();
  }

  private String cookie() {
    if (random.nextBoolean()) {
      return any(NEIGHBOURS);
    }
    String token = any(tokens);
    return any(NAMES)
        + '='
        + switch (random.nextInt(4)) {
          case 0 -> "";
          case 1 -> token;
          case 2 -> " " + token + "\t";
          default -> changer.changed(token);
        };
  }

  private String any(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
