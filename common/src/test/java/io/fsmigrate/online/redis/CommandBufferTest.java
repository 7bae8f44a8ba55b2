package io.fsmigrate.online.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CommandBufferTest {
  private final CommandBuffer buffer = new CommandBuffer();

  @Test
  void commandsHaveTheirLengthsAndAreSentOnce() throws IOException {
    buffer.add(Records.utf8("PING"));
    buffer.add(Records.utf8("SET"), Records.utf8("é"), new byte[0]);

    assertThat(sent()).isEqualTo("*1\r\n$4\r\nPING\r\n*3\r\n$3\r\nSET\r\n$2\r\né\r\n$0\r\n\r\n");
    assertThat(sent()).isEmpty();
  }

  @Test
  void largeOnesAndManyFit() throws IOException {
    for (int size : new int[] {9, 10, 99, 100, 65_535, 65_536, 3_000_000}) {
      buffer.add(Records.utf8("SET"), new byte[size]);
      buffer.add(Records.utf8("SET"), new byte[size]);
      String one = "*2\r\n$3\r\nSET\r\n$%d\r\n%s\r\n".formatted(size, "\0".repeat(size));
      assertThat(sent()).isEqualTo(one + one);
    }
  }

  private String sent() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    buffer.sendTo(out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
