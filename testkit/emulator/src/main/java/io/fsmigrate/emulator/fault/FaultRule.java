package io.fsmigrate.emulator.fault;

import io.fsmigrate.emulator.ServiceException;
import java.util.List;

/**
 * What goes wrong, for which calls and when. What is null does not happen.
 *
 * @param operation the operation, or null or * for all
 * @param group the feature group, or null for all; a call for several groups matches each
 * @param latencyMillis delay of the answer
 * @param latencyJitterMillis up to so much more, evenly spread
 * @param throttleShare share of calls that are throttled, 0 to 1
 * @param errorShare share of calls that fail with status and code
 * @param status HTTP status of those failures, 500 by default
 * @param code their code, InternalFailure by default
 * @param unprocessedShare share of entries that a batch hands back
 * @param entryErrorShare share of entries that fail with entryErrorCode
 * @param entryErrorCode InternalFailure by default
 * @param dropShare share of calls whose connection is cut
 * @param dropWhen before (default) or after the call was carried out
 * @param expiredTokenAfterCalls from this many matching calls on, ExpiredTokenException
 * @param poisonIdentifiers records that always fail with ValidationError
 * @param down whether every connection is cut
 * @param failCreation why feature groups fail to be created
 * @param afterCalls begins after so many matching calls
 * @param forCalls ends after so many matching calls from its beginning
 * @param forMillis ends so long after it was set
 * @param seed of the shares, 0 by default: the same calls in the same order meet the same fate
 */
public record FaultRule(
    String operation,
    String group,
    Long latencyMillis,
    Long latencyJitterMillis,
    Double throttleShare,
    Double errorShare,
    Integer status,
    String code,
    Double unprocessedShare,
    Double entryErrorShare,
    String entryErrorCode,
    Double dropShare,
    String dropWhen,
    Long expiredTokenAfterCalls,
    List<String> poisonIdentifiers,
    Boolean down,
    String failCreation,
    Long afterCalls,
    Long forCalls,
    Long forMillis,
    Long seed) {

  /**
   * A rule as it was sent.
   *
   * @throws ServiceException ValidationError for a share that is not from 0 to 1, or another
   *     impossible value
   */
  public FaultRule {
    requireShare("throttleShare", throttleShare);
    requireShare("errorShare", errorShare);
    requireShare("unprocessedShare", unprocessedShare);
    requireShare("entryErrorShare", entryErrorShare);
    requireShare("dropShare", dropShare);
    if (dropWhen != null && !dropWhen.equals("before") && !dropWhen.equals("after")) {
      throw ServiceException.validation("dropWhen %s is not before or after", dropWhen);
    }
    poisonIdentifiers = poisonIdentifiers == null ? List.of() : List.copyOf(poisonIdentifiers);
  }

  private static void requireShare(String name, Double share) {
    if (share != null && !(share >= 0 && share <= 1)) {
      throw ServiceException.validation("%s %s is not from 0 to 1", name, share);
    }
  }

  boolean matches(String calledOperation, List<String> groups) {
    return (operation == null || operation.equals("*") || operation.equals(calledOperation))
        && (group == null || groups.contains(group));
  }

  ServiceException failure() {
    return new ServiceException(
        status == null ? 500 : status, code == null ? "InternalFailure" : code, "Injected failure");
  }

  ServiceException entryFailure() {
    String entryCode = entryErrorCode == null ? "InternalFailure" : entryErrorCode;
    return new ServiceException(500, entryCode, "Injected failure of one record");
  }
}
