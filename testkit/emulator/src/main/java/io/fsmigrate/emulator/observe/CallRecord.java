package io.fsmigrate.emulator.observe;

import java.util.List;

/**
 * One call as the log keeps it.
 *
 * @param sequence number of the call, from 1
 * @param time when it came, ISO-8601
 * @param group the feature groups, separated by commas
 * @param entries how many records it was about
 * @param status the HTTP status, or 0 when the connection was cut
 * @param code the error code, or null
 * @param requestBytes of the body
 * @param client address and port
 * @param latencyMillis by which the answer was delayed
 * @param errors entries of a batch that failed
 * @param unprocessed entries of a batch that were handed back
 * @param identifiers of the records, or null unless they are asked for
 */
public record CallRecord(
    long sequence,
    String time,
    String operation,
    String group,
    int entries,
    int status,
    String code,
    int requestBytes,
    String client,
    long latencyMillis,
    int errors,
    int unprocessed,
    List<String> identifiers) {}
