package io.fsmigrate.emulator.http;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;
import static io.netty.handler.codec.http.HttpHeaderNames.TRANSFER_ENCODING;

import io.fsmigrate.emulator.ServiceException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** One client's connection: its requests one after the other, as HTTP/1.1 answers in order. */
// Netty closes a channel whose write fails; nobody waits for those futures.
@SuppressWarnings("FutureReturnValueIgnored")
final class Connection extends SimpleChannelInboundHandler<FullHttpRequest> {
  private final Endpoint endpoint;
  private final RequestIds ids;
  private final Executor workers;
  private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
  private boolean busy;
  private String client;

  Connection(Endpoint endpoint, RequestIds ids, Executor workers) {
    this.endpoint = endpoint;
    this.ids = ids;
    this.workers = workers;
  }

  private record Pending(Request request, boolean keepAlive) {}

  @Override
  public void channelActive(ChannelHandlerContext context) {
    client = String.valueOf(context.channel().remoteAddress()).replaceFirst("^/", "");
    context.fireChannelActive();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest message) {
    ByteBuf content = message.content();
    byte[] body = new byte[content.readableBytes()];
    content.readBytes(body);
    String uri = message.uri();
    int question = uri.indexOf('?');
    Request request =
        new Request(
            message.method().name(),
            question < 0 ? uri : uri.substring(0, question),
            question < 0 ? "" : uri.substring(question + 1),
            message.headers(),
            body,
            client);
    Pending pending = new Pending(request, HttpUtil.isKeepAlive(message));
    if (busy) {
      waiting.add(pending);
    } else {
      start(context, pending);
    }
  }

  private void start(ChannelHandlerContext context, Pending pending) {
    busy = true;
    Once responder = new Once(context, pending.keepAlive());
    try {
      endpoint.handle(pending.request(), responder);
    } catch (RuntimeException e) {
      responder.reply(Reply.error(Reply.JSON, internal(e)), 0);
    }
  }

  private static ServiceException internal(RuntimeException e) {
    return e instanceof ServiceException known
        ? known
        : new ServiceException(500, "InternalFailure", "The emulator failed: " + e);
  }

  private void next(ChannelHandlerContext context) {
    busy = false;
    Pending pending = waiting.poll();
    if (pending != null && context.channel().isActive()) {
      start(context, pending);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.flush();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // A client that has gone, or bytes that are not HTTP.
    context.close();
  }

  /** The answer to one request; a second one is ignored. */
  private final class Once implements Responder {
    private final ChannelHandlerContext context;
    private final boolean keepAlive;
    private boolean done;
    private Runnable end = () -> {};

    Once(ChannelHandlerContext context, boolean keepAlive) {
      this.context = context;
      this.keepAlive = keepAlive;
    }

    @Override
    public void reply(Reply reply, long delayMillis) {
      later(() -> write(reply), delayMillis);
    }

    @Override
    public void onEnd(Runnable action) {
      end = action;
    }

    @Override
    public void cut(long delayMillis) {
      later(context::close, delayMillis);
    }

    private void later(Runnable action, long delayMillis) {
      if (delayMillis > 0) {
        context.executor().schedule(() -> once(action), delayMillis, TimeUnit.MILLISECONDS);
      } else if (context.executor().inEventLoop()) {
        once(action);
      } else {
        context.executor().execute(() -> once(action));
      }
    }

    private void once(Runnable action) {
      if (!done) {
        done = true;
        end.run();
        action.run();
      }
    }

    private void write(Reply reply) {
      if (reply.stream() != null) {
        stream(reply);
        return;
      }
      DefaultFullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              HttpResponseStatus.valueOf(reply.status()),
              Unpooled.wrappedBuffer(reply.body()));
      describe(response, reply);
      response.headers().setInt(CONTENT_LENGTH, reply.body().length);
      if (keepAlive) {
        context.writeAndFlush(response, context.voidPromise());
        next(context);
      } else {
        response.headers().set(CONNECTION, HttpHeaderValues.CLOSE);
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
      }
    }

    private void describe(DefaultHttpResponse response, Reply reply) {
      response.headers().set(CONTENT_TYPE, reply.contentType()).set("x-amzn-RequestId", ids.next());
      if (reply.errorType() != null) {
        response.headers().set("x-amzn-ErrorType", reply.errorType());
      }
    }

    private void stream(Reply reply) {
      DefaultHttpResponse response =
          new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()));
      describe(response, reply);
      response.headers().set(TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
      context.write(response);
      ChunkedOutput out = new ChunkedOutput(context);
      workers.execute(
          () -> {
            boolean complete = out.write(reply.stream());
            context
                .executor()
                .execute(
                    () -> {
                      if (complete && keepAlive) {
                        next(context);
                      } else {
                        context.close();
                      }
                    });
          });
    }
  }
}
