package io.fsmigrate.run;

import io.fsmigrate.online.StaleCheck;
import java.util.List;

/**
 * What somebody asks to be brought into online stores.
 *
 * @param source address of what a branch shows, as given
 * @param stores names of the online stores, each once
 * @param mode whether they are emptied first
 * @param inPlace whether they are written in place of the version that they serve
 * @param staleCheck whether stores that do not tell stale records are asked
 */
public record PublishRequest(
    String source, List<String> stores, WriteMode mode, boolean inPlace, StaleCheck staleCheck) {}
