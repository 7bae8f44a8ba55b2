package io.fsmigrate.emulator;

import io.fsmigrate.emulator.athena.Athena;
import io.fsmigrate.emulator.group.ControlPlane;
import io.fsmigrate.emulator.http.Request;
import io.fsmigrate.emulator.record.FeatureStoreRuntime;

/** Tells services apart: by X-Amz-Target, otherwise by path. */
final class OperationFinder {
  private final FeatureStoreRuntime runtime;
  private final ControlPlane controlPlane;
  private final Athena athena;

  OperationFinder(FeatureStoreRuntime runtime, ControlPlane controlPlane, Athena athena) {
    this.runtime = runtime;
    this.controlPlane = controlPlane;
    this.athena = athena;
  }

  Operation find(Request request) {
    String target = request.headers().get("X-Amz-Target");
    if (target == null) {
      return runtime.prepare(request);
    }
    int point = target.indexOf('.');
    String service = target.substring(0, Math.max(0, point));
    String operation = target.substring(point + 1);
    return switch (service) {
      case "SageMaker" -> controlPlane.prepare(operation, request.body());
      case "AmazonAthena" -> athena.prepare(operation, request.body());
      default ->
          throw new ServiceException(
              400, "UnknownOperationException", "No service is emulated for " + target);
    };
  }

  /** What a call of the runtime would be, for the log, even if it cannot be understood. */
  static String runtimeName(Request request) {
    String path = request.rawPath();
    if (!FeatureStoreRuntime.owns(path)) {
      return "Unknown";
    }
    if (path.startsWith("/Batch")) {
      return path.substring(1);
    }
    return switch (request.method()) {
      case "PUT" -> "PutRecord";
      case "GET" -> "GetRecord";
      case "DELETE" -> "DeleteRecord";
      case "POST" -> path.endsWith("/ListRecords") ? "ListRecords" : "UpdateRecord";
      default -> "Unknown";
    };
  }
}
