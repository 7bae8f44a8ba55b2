package io.fsmigrate.emulator.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A body in pieces; a slow reader slows the writer down, so only one piece is held. */
// Netty closes a channel whose write fails; nobody waits for those futures.
@SuppressWarnings("FutureReturnValueIgnored")
final class ChunkedOutput extends OutputStream {
  private static final int PIECE_BYTES = 64 * 1024;

  private final ChannelHandlerContext context;

  ChunkedOutput(ChannelHandlerContext context) {
    this.context = context;
  }

  /** Whether the whole body went out. */
  boolean write(Reply.BodyWriter writer) {
    try (OutputStream out = new BufferedOutputStream(this, PIECE_BYTES)) {
      writer.write(out);
      out.flush();
      context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
      return true;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    ChannelFuture written =
        context.writeAndFlush(new DefaultHttpContent(Unpooled.copiedBuffer(bytes, offset, length)));
    if (!written.awaitUninterruptibly().isSuccess()) {
      throw new IOException("The client has gone", written.cause());
    }
  }
}
