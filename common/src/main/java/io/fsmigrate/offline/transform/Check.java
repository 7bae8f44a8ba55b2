package io.fsmigrate.offline.transform;

import java.util.Optional;

/**
 * One thing that a row can fail on its way from the source to the target.
 *
 * @param code stable machine-readable kind, such as {@code CAST} or {@code CONTRACT}
 * @param reason what was expected, for people
 * @param feature the feature to blame; empty when there is not just one
 */
public record Check(String code, String reason, Optional<String> feature) {}
