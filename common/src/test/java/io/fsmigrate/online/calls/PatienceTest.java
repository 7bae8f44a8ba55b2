package io.fsmigrate.online.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.online.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

class PatienceTest {
  private static final RetryPolicy AT_ONCE = new RetryPolicy(() -> 0L);
  private static final Patience PATIENT = new Patience(Duration.ofMinutes(1), AT_ONCE);

  private final AtomicInteger asked = new AtomicInteger();

  private Supplier<String> answersAt(int question, Throwable before) {
    return () -> {
      if (asked.incrementAndGet() < question) {
        throw new FsMigrateException(ExitCode.UNAVAILABLE, "AWS_UNAVAILABLE", "away", before);
      }
      return "here";
    };
  }

  private static AwsServiceException reply(int status, String code) {
    return AwsServiceException.builder()
        .statusCode(status)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
        .build();
  }

  @Test
  void aServiceThatDoesNotAnswerIsAskedAgain() {
    assertThat(PATIENT.ask(answersAt(4, SdkClientException.create("connection refused"))))
        .isEqualTo("here");
    assertThat(asked).hasValue(4);
  }

  @ParameterizedTest
  @CsvSource({
    "503, ServiceUnavailable, 2",
    "500, InternalFailure, 2",
    "400, ThrottlingException, 2",
    "400, ValidationException, 1",
    "403, AccessDeniedException, 1"
  })
  void aReplyThatWillBeTheSameIsNotAskedForAgain(int status, String code, int questions) {
    Supplier<String> question = answersAt(2, reply(status, code));
    if (questions == 1) {
      assertThatThrownBy(() -> PATIENT.ask(question)).hasMessage("away");
    } else {
      assertThat(PATIENT.ask(question)).isEqualTo("here");
    }
    assertThat(asked).hasValue(questions);
  }

  @Test
  void credentialsThatAreNotThereDoNotComeByWaiting() {
    Supplier<String> question =
        answersAt(2, SdkClientException.create("Unable to load credentials from any provider"));

    assertThatThrownBy(() -> PATIENT.ask(question)).hasMessage("away");
    assertThat(asked).hasValue(1);
  }

  @Test
  void patienceHasAnEnd() {
    Patience little = new Patience(Duration.ZERO, AT_ONCE);

    assertThatThrownBy(() -> little.ask(answersAt(2, SdkClientException.create("refused"))))
        .isInstanceOf(FsMigrateException.class);
    assertThat(asked).hasValue(1);
  }
}
