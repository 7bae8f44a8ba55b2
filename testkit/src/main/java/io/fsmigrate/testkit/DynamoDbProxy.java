package io.fsmigrate.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * An HTTP server before a real DynamoDB that passes calls on, unless it is told to answer some by
 * itself, to take its time, or to leave parts of batches undone as a busy service does.
 */
public final class DynamoDbProxy implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> PASSED_ON =
      List.of("X-Amz-Target", "Content-Type", "Authorization", "X-Amz-Date");
  private static final String CHECKSUM = "x-amz-crc32";

  private final HttpServer listener;
  private final URI server;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          body -> {
            Thread thread = new Thread(body, "dynamodb-proxy");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<String, AtomicLong> calls = new ConcurrentHashMap<>();
  private final AtomicLong written = new AtomicLong();
  private volatile Function<Call, Optional<Reply>> rule = call -> Optional.empty();
  private volatile Duration delay = Duration.ZERO;
  private volatile int mostOfBatch = Integer.MAX_VALUE;

  /**
   * A call.
   *
   * @param operation such as {@code PutItem}
   * @param number counts calls of that operation, from 1
   */
  public record Call(String operation, long number) {}

  /** What is answered in place of the server. */
  public record Reply(int status, String json) {
    /** A refusal by the service's name of the error. */
    public static Reply error(int status, String code, String message) {
      return new Reply(
          status,
          "{\"__type\":\"com.amazonaws.dynamodb.v20120810#%s\",\"message\":\"%s\"}"
              .formatted(code, message));
    }
  }

  private DynamoDbProxy(HttpServer listener, URI server) {
    this.listener = listener;
    this.server = server;
  }

  /** Listens before a server. */
  public static DynamoDbProxy to(URI server) {
    try {
      HttpServer listener =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
      DynamoDbProxy proxy = new DynamoDbProxy(listener, server);
      listener.createContext("/", proxy::handle);
      listener.setExecutor(proxy.threads);
      listener.start();
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + listener.getAddress().getPort());
  }

  /** From now on, calls for which the rule has a reply do not reach the server. */
  public void answer(Function<Call, Optional<Reply>> newRule) {
    rule = newRule;
  }

  /** From now on, every call takes that much longer. */
  public void delay(Duration newDelay) {
    delay = newDelay;
  }

  /** From now on, only that many entries of a batch are done; the others are left to the caller. */
  public void leaveAllBut(int entries) {
    mostOfBatch = entries;
  }

  /** Calls of an operation so far, whoever answered them. */
  public long calls(String operation) {
    return counter(operation).get();
  }

  /** Entries of BatchWriteItem that have reached the server. */
  public long batchEntries() {
    return written.get();
  }

  private AtomicLong counter(String operation) {
    return calls.computeIfAbsent(operation, name -> new AtomicLong());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
      String operation = target == null ? "" : target.substring(target.indexOf('.') + 1);
      long number = counter(operation).incrementAndGet();
      if (!delay.isZero()) {
        Thread.sleep(delay.toMillis());
      }
      Optional<Reply> reply = rule.apply(new Call(operation, number));
      if (reply.isPresent()) {
        send(exchange, reply.get().status(), reply.get().json().getBytes(UTF_8), Optional.empty());
      } else {
        pass(exchange, operation, body);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pass(HttpExchange exchange, String operation, byte[] body)
      throws IOException, InterruptedException {
    boolean isWrite = operation.equals("BatchWriteItem");
    boolean isBatch = isWrite || operation.equals("BatchGetItem");
    ObjectNode left = JSON.createObjectNode();
    byte[] rest = isBatch ? shorten(body, isWrite, left) : body;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server).POST(HttpRequest.BodyPublishers.ofByteArray(rest));
    for (String header : PASSED_ON) {
      Optional.ofNullable(exchange.getRequestHeaders().getFirst(header))
          .ifPresent(value -> request.header(header, value));
    }
    HttpResponse<byte[]> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    if (left.isEmpty() || response.statusCode() != 200) {
      send(
          exchange,
          response.statusCode(),
          response.body(),
          response.headers().firstValue(CHECKSUM));
    } else {
      ObjectNode answer = (ObjectNode) JSON.readTree(response.body());
      answer.set(isWrite ? "UnprocessedItems" : "UnprocessedKeys", left);
      send(exchange, 200, JSON.writeValueAsBytes(answer), Optional.empty());
    }
  }

  /** Takes what is to be left out of a batch. */
  private byte[] shorten(byte[] body, boolean isWrite, ObjectNode left) throws IOException {
    ObjectNode request = (ObjectNode) JSON.readTree(body);
    for (Map.Entry<String, JsonNode> table : request.get("RequestItems").properties()) {
      ArrayNode entries = (ArrayNode) (isWrite ? table.getValue() : table.getValue().get("Keys"));
      ArrayNode rest = JSON.createArrayNode();
      while (entries.size() > mostOfBatch) {
        rest.add(entries.remove(entries.size() - 1));
      }
      if (isWrite) {
        written.addAndGet(entries.size());
      }
      if (!rest.isEmpty()) {
        left.set(table.getKey(), isWrite ? rest : JSON.createObjectNode().set("Keys", rest));
      }
    }
    return JSON.writeValueAsBytes(request);
  }

  private static void send(
      HttpExchange exchange, int status, byte[] body, Optional<String> checksum)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
    checksum.ifPresent(sum -> exchange.getResponseHeaders().set(CHECKSUM, sum));
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    listener.stop(0);
    threads.shutdownNow();
  }
}
