package dev.limpet.examples.gateway.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A Chromium with an empty profile of its own, which reaches nothing but this machine. */
final class Browser implements AutoCloseable {
  static final int WIDE = 1280;
  static final int NARROW = 360;
  /** A stranger's name that resolves to this host. */
  static final String REBOUND = "rebound.test";

  private static final int HEIGHT = 900;
  private static final Path SCREENSHOTS = Path.of("target", "browser");
  /** An answer that refuses a change is no fault of the page, but Chromium reports it as one. */
  private static final Pattern REFUSED_CHANGE =
      Pattern.compile("/api/.* the server responded with a status of (401|409|412|422|429) ");

  private static final Logger SELENIUM = // held, so that it keeps its level
      Logger.getLogger("org.openqa.selenium");

  static {
    SELENIUM.setLevel(Level.SEVERE); // it would warn that it does not know each new Chromium
  }

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  static Browser start() {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(program("chromium"));
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--host-resolver-rules=MAP " + REBOUND + " 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--window-size=" + WIDE + ',' + HEIGHT);
    ChromeDriverService service = new ChromeDriverService.Builder()
        .usingDriverExecutable(program("chromedriver"))
        .usingAnyFreePort()
        .build();
    return new Browser(new ChromeDriver(service, options));
  }

  private static File program(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(path -> new File(path, name))
        .filter(File::canExecute)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(
            name + ": not found (expected: in the PATH; see CONTRIBUTING.md)"));
  }

  ChromeDriver driver() {
    return driver;
  }

  /** Goes to an address and returns the text of the page. */
  String visit(String address) {
    driver.get(address);
    return driver.findElement(By.tagName("body")).getText();
  }

  /** Shows pages as a screen of a width does, and as a user wants it: light or dark. */
  void shows(int width, String colors) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", false));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", colors),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  /** Keeps what the page looks like, for people. */
  void screenshot(String name) throws IOException {
    Files.createDirectories(SCREENSHOTS);
    Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
  }

  Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** Returns the words of elements that describe an element. */
  String description(WebElement element) {
    return String.valueOf(run(
        "return (arguments[0].getAttribute('aria-describedby') ?? '').split(' ')"
            + ".map(id => document.getElementById(id)?.innerText ?? '').join(' ').trim()",
        element));
  }

  /** Returns what the page and the browser complained about since the last call. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .filter(message -> !REFUSED_CHANGE.matcher(message).find())
        .toList();
  }

  /** Returns the addresses that the page has asked for. */
  List<String> requests() {
    return strings("return performance.getEntriesByType('resource').map(entry => entry.name)");
  }

  /** Returns what axe-core finds in the page, as the rule and the places that break it. */
  List<String> accessibilityFaults() throws IOException {
    driver.executeScript(resource("/axe/axe.min.js"));
    Object found = driver.executeAsyncScript("""
        const done = arguments[arguments.length - 1];
        axe.run(document, {resultTypes: ['violations']}).then(
            results => done(results.violations.map(fault =>
                fault.id + ': ' + fault.nodes.map(node => node.html).join(' '))),
            failed => done(['axe failed: ' + failed]));
        """);
    return texts(found);
  }

  /** Returns a resource of the tests as a text. */
  static String resource(String name) throws IOException {
    try (InputStream in = Browser.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }

  private List<String> strings(String script) {
    return texts(run(script));
  }

  private static List<String> texts(Object found) {
    return ((List<?>) found).stream().map(String::valueOf).toList();
  }
}
