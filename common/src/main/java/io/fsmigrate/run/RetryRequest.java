package io.fsmigrate.run;

/**
 * What somebody asks to be tried again.
 *
 * @param run whose failed records; of a retry, those of the run that it retried
 * @param all also those of which nobody says that trying again can help
 */
public record RetryRequest(String run, boolean all) {}
