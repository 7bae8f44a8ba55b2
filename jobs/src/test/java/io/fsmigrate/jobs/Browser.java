package io.fsmigrate.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A headless Chromium, spoken to by its own protocol. */
final class Browser implements AutoCloseable {
  private static final long SECONDS = 60;

  private final Process process;
  private final WebSocket socket;
  private final Page page;

  private Browser(Process process, WebSocket socket, Page page) {
    this.process = process;
    this.socket = socket;
    this.page = page;
  }

  /** Where it is on this machine, if it is. */
  static Optional<Path> executable() {
    return Stream.of("chromium", "chromium-browser")
        .flatMap(
            name ->
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .map(directory -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * @param directory empty, for what it keeps
   */
  static Browser start(Path executable, Path directory) throws Exception {
    Path profile = Files.createDirectories(directory.resolve("profile"));
    Process process =
        new ProcessBuilder(
                executable.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("browser.log").toFile())
            .start();
    try {
      String port = port(process, profile.resolve("DevToolsActivePort"));
      HttpClient http = HttpClient.newHttpClient();
      Page page = new Page();
      WebSocket socket =
          http.newWebSocketBuilder()
              .buildAsync(address(http, port), page)
              .get(SECONDS, TimeUnit.SECONDS);
      Browser browser = new Browser(process, socket, page);
      browser.call("Page.enable", Map.of());
      browser.call("Network.enable", Map.of());
      return browser;
    } catch (Exception e) {
      end(process);
      throw e;
    }
  }

  /** It writes the file when it listens. */
  private static String port(Process process, Path file) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (System.nanoTime() < end && process.isAlive()) {
      if (Files.exists(file)) {
        List<String> lines = Files.readAllLines(file);
        if (!lines.isEmpty()) {
          return lines.get(0);
        }
      }
      Thread.sleep(50);
    }
    throw new AssertionError("The browser does not listen");
  }

  private static URI address(HttpClient http, String port) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list")).build();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (System.nanoTime() < end) {
      String targets = http.send(request, BodyHandlers.ofString()).body();
      for (JsonNode target : new ObjectMapper().readTree(targets)) {
        if (target.path("type").asText().equals("page")) {
          return URI.create(target.get("webSocketDebuggerUrl").asText());
        }
      }
      Thread.sleep(50);
    }
    throw new AssertionError("The browser has no page");
  }

  /** Opens a file in a window of that width. */
  void open(Path file, int width, boolean dark) throws Exception {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 600));
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    page.loaded = new CompletableFuture<>();
    call("Page.navigate", Map.of("url", file.toUri().toString()));
    page.loaded.get(SECONDS, TimeUnit.SECONDS);
  }

  /** The value of an expression in the page. */
  JsonNode evaluate(String expression) throws Exception {
    JsonNode answer =
        call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(answer.get("exceptionDetails").toString());
    }
    return answer.at("/result/value");
  }

  /** Every address that pages have asked for. */
  List<String> requests() {
    return List.copyOf(page.requests);
  }

  /** The whole page as a picture, in base64. */
  String picture() throws Exception {
    return call("Page.captureScreenshot", Map.of("captureBeyondViewport", true))
        .get("data")
        .asText();
  }

  private JsonNode call(String method, Map<String, Object> parameters) throws Exception {
    int id = page.next.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    page.answers.put(id, answer);
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode message = mapper.createObjectNode().put("id", id).put("method", method);
    message.set("params", mapper.valueToTree(parameters));
    socket.sendText(message.toString(), true).get(SECONDS, TimeUnit.SECONDS);
    return answer.get(SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws InterruptedException {
    socket.abort();
    end(process);
  }

  private static void end(Process process) throws InterruptedException {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    process.waitFor(SECONDS, TimeUnit.SECONDS);
  }

  /** What the browser says. */
  private static final class Page implements WebSocket.Listener {
    private final ObjectMapper mapper = new ObjectMapper();
    private final StringBuilder part = new StringBuilder();
    private final AtomicInteger next = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile CompletableFuture<Void> loaded = new CompletableFuture<>();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      part.append(text);
      if (last) {
        try {
          told(mapper.readTree(part.toString()));
        } catch (IOException e) {
          answers.values().forEach(answer -> answer.completeExceptionally(e));
        }
        part.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    private void told(JsonNode message) {
      if (message.has("id")) {
        CompletableFuture<JsonNode> answer = answers.remove(message.get("id").asInt());
        if (message.has("error")) {
          answer.completeExceptionally(new IOException(message.get("error").toString()));
        } else {
          answer.complete(message.get("result"));
        }
        return;
      }
      switch (message.path("method").asText()) {
        case "Page.loadEventFired" -> loaded.complete(null);
        case "Network.requestWillBeSent" ->
            requests.add(message.at("/params/request/url").asText());
        default -> {}
      }
    }
  }
}
