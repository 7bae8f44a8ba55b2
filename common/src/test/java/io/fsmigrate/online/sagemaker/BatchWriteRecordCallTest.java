package io.fsmigrate.online.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fsmigrate.online.calls.Answer;
import io.fsmigrate.sagemaker.ServiceFault;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which entry a reply means. */
class BatchWriteRecordCallTest {
  private final BatchWriteRecordCall call =
      new BatchWriteRecordCall(
          new GroupCalls(null, "flights", List.of("OnlineStore"), Optional.empty()),
          "id",
          fault -> Optional.empty());

  private static PendingRecord record(String id) {
    byte[] json = "[]".getBytes(StandardCharsets.UTF_8);
    return new PendingRecord(null, 0, new EncodedRecord(id, "t", json, 2), null);
  }

  private static String entry(String id) {
    return "{\"FeatureGroupName\":\"arn:other-spelling\",\"Record\":[{\"FeatureName\":\"v\",\"ValueAsString\":\"same\"},"
        + "{\"FeatureName\":\"id\",\"ValueAsString\":\""
        + id
        + "\"}]}";
  }

  private List<Answer<Void>> answers(String reply) throws Exception {
    JsonNode json = new ObjectMapper().readTree(reply);
    return call.answers(List.of(record("a"), record("b"), record("c"), record("d")), json);
  }

  @Test
  void whatTheReplyDoesNotMentionWasWritten() throws Exception {
    assertThat(answers("{\"Errors\":[],\"UnprocessedEntries\":[]}"))
        .hasSize(4)
        .allSatisfy(answer -> assertThat(answer.fault()).isNull());
  }

  @Test
  void entriesAreKnownByTheirIdentifierWhateverElseTheyLookLike() throws Exception {
    List<Answer<Void>> answers =
        answers(
            "{\"Errors\":[{\"Entry\":%s,\"ErrorCode\":\"ValidationError\",\"ErrorMessage\":\"no\"}],\"UnprocessedEntries\":[%s,%s]}"
                .formatted(entry("c"), entry("a"), entry("d")));

    assertThat(answers)
        .extracting(a -> a.fault() == null ? "written" : a.fault().code())
        .containsExactly("UNPROCESSED", "written", "ValidationError", "UNPROCESSED");
    assertThat(answers.get(0).fault().isRetryable()).isTrue();
    assertThat(answers.get(2).fault().isRetryable()).isFalse();
  }

  @Test
  void anEntryThatWasNotInTheCallLeavesAllOfThemInDoubt() {
    ServiceFault fault =
        catchThrowableOfType(
            ServiceFault.class,
            () -> answers("{\"Errors\":[],\"UnprocessedEntries\":[" + entry("x") + "]}"));

    assertThat(fault.isRetryable()).isTrue();
  }
}
