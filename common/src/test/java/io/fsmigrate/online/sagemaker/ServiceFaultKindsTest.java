package io.fsmigrate.online.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.sagemaker.ServiceFault;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceFaultKindsTest {
  @ParameterizedTest
  @CsvSource({
    "400, ThrottlingException, THROTTLED",
    "429, '', THROTTLED",
    "400, ProvisionedThroughputExceededException, THROTTLED",
    "500, InternalFailure, UNAVAILABLE",
    "0, InternalFailure, UNAVAILABLE",
    "503, ServiceUnavailable, UNAVAILABLE",
    "502, '', UNAVAILABLE",
    "403, AccessForbidden, REFUSED",
    "400, AccessDeniedException, REFUSED",
    "403, InvalidSignatureException, REFUSED",
    "403, ExpiredTokenException, REFUSED",
    "404, ResourceNotFound, NOT_FOUND",
    "404, '', UNKNOWN_OPERATION",
    "404, UnknownOperationException, UNKNOWN_OPERATION",
    "409, ConflictException, CONFLICT",
    "400, ValidationError, INVALID",
    "413, '', INVALID"
  })
  void everyFaultHasItsMeaning(int status, String code, ServiceFault.Kind kind) {
    assertThat(ServiceFault.of(status, code, "text").kind()).isEqualTo(kind);
  }

  @Test
  void whatWasSignedIsNotRepeated() {
    ServiceFault fault =
        ServiceFault.of(
            403, "InvalidSignatureException", "The canonical string was x-amz-security-token:abc");

    assertThat(fault).message().doesNotContain("abc");
    assertThat(fault.toString()).doesNotContain("abc").contains("InvalidSignatureException");
    assertThat(ServiceFault.of(403, "AccessForbidden", "on group x")).hasMessage("on group x");
  }

  @Test
  void withoutAReplyTheSameCanBeTriedAgain() {
    ServiceFault fault = ServiceFault.noReply(new IOException());

    assertThat(fault.isRetryable()).isTrue();
    assertThat(fault).hasMessage("IOException");
  }
}
