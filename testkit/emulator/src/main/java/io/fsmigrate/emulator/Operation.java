package io.fsmigrate.emulator;

import io.fsmigrate.emulator.http.Reply;
import java.util.List;

/** A call that has been understood and not yet carried out. */
public interface Operation {
  /** The service's name of the operation. */
  String name();

  /** Names of the feature groups that it touches, each once. */
  List<String> groups();

  /** How many records it is about; 1 for calls that are about none. */
  int entries();

  /** Identifiers of the records it is about, in order. */
  List<String> identifiers();

  /** Which JSON the service speaks: {@link Reply#JSON} or {@link Reply#AWS_JSON}. */
  String contentType();

  /** Whether carrying it out may take long and so must not happen on an event loop. */
  default boolean slow() {
    return false;
  }

  /**
   * Carries it out.
   *
   * @param policy what happens to single records
   * @throws ServiceException what the caller is told instead
   */
  Reply execute(RecordPolicy policy);
}
