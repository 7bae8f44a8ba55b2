package io.fsmigrate.online.redis;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A connection on which several commands may be under way. Replies come in the order of the
 * commands. Not safe for several threads.
 *
 * <p>Every method throws {@link RedisFault} with {@link Fault#AWAY} when the connection is of no
 * more use.
 */
final class RedisConnection extends Connection {
  private final OneSocket socket;
  private final RedisAccess access;
  private final CommandBuffer commands = new CommandBuffer();

  private RedisConnection(OneSocket socket, RedisAccess access, JedisClientConfig config) {
    super(socket, config);
    this.socket = socket;
    this.access = access;
  }

  /** Connects, and logs in where there is a password. */
  static RedisConnection open(HostAndPort node, RedisAccess access, JedisClientConfig config) {
    try {
      return new RedisConnection(
          new OneSocket(new DefaultJedisSocketFactory(node, config)), access, config);
    } catch (JedisException e) {
      throw fault(access, e);
    }
  }

  /** Adds a command to what is to be sent. */
  void add(Command command, byte[]... arguments) {
    commands.add(command.getRaw(), arguments);
  }

  /** Sends what was added. */
  void send() {
    try {
      commands.sendTo(socket.out());
    } catch (IOException e) {
      setBroken();
      throw fault(access, new JedisConnectionException(e));
    }
  }

  /** Waits for the next reply, which is a {@link RedisFault} where the server refused. */
  Object reply() {
    try {
      return withFaults(readProtocolWithCheckingBroken());
    } catch (JedisConnectionException e) {
      throw fault(access, e);
    } catch (JedisDataException e) {
      return fault(access, e);
    }
  }

  /**
   * Sends one command and waits for its reply.
   *
   * @throws RedisFault also where the server refused it
   */
  Object call(Command command, byte[]... arguments) {
    add(command, arguments);
    send();
    Object reply = reply();
    if (reply instanceof RedisFault refused) {
      throw refused;
    }
    return reply;
  }

  /** Closes the socket and never throws. */
  void drop() {
    try {
      forceDisconnect();
    } catch (IOException e) {
      setBroken();
    }
  }

  private Object withFaults(Object reply) {
    if (reply instanceof List<?> list
        && list.stream().anyMatch(JedisDataException.class::isInstance)) {
      List<Object> replaced = new ArrayList<>(list.size());
      for (Object one : list) {
        replaced.add(one instanceof JedisDataException e ? fault(access, e) : one);
      }
      return replaced;
    }
    return reply;
  }

  private static RedisFault fault(RedisAccess access, JedisException e) {
    if (e instanceof JedisDataException) {
      String reply = String.valueOf(e.getMessage());
      return new RedisFault(Fault.of(reply), access.withoutSecret(reply));
    }
    boolean tls = false;
    String why = e.getMessage();
    for (Throwable cause : causes(e)) {
      tls = tls || cause instanceof SSLException;
      why =
          cause instanceof SocketTimeoutException
              ? "no reply in time (%s)".formatted(cause.getMessage())
              : cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
    return new RedisFault(Fault.AWAY, access.withoutSecret(why), tls);
  }

  /** The chain of causes; what a failed connect has tried is suppressed. */
  private static List<Throwable> causes(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    Throwable cause = failure;
    while (cause != null && !causes.contains(cause)) {
      causes.add(cause);
      cause =
          cause.getCause() == null && cause.getSuppressed().length > 0
              ? cause.getSuppressed()[0]
              : cause.getCause();
    }
    return causes;
  }

  /** Remembers the socket that it made, on which we write by ourselves. */
  private static final class OneSocket implements JedisSocketFactory {
    private final JedisSocketFactory factory;
    private Socket socket;

    OneSocket(JedisSocketFactory factory) {
      this.factory = factory;
    }

    @Override
    public Socket createSocket() {
      socket = factory.createSocket();
      return socket;
    }

    OutputStream out() throws IOException {
      return socket.getOutputStream();
    }
  }
}
