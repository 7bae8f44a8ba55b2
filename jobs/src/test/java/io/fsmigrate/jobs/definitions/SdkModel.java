package io.fsmigrate.jobs.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.utils.builder.Buildable;

/**
 * Fills a request of the AWS SDK from the JSON that the AWS command line takes for it. The SDK has
 * its fields as data, so unknown keys and wrong kinds can be told; which fields are required it
 * does not say.
 */
final class SdkModel {
  private SdkModel() {}

  /**
   * Fills a builder.
   *
   * @throws AssertionError naming the place that does not fit
   */
  static <B extends SdkPojo> B fill(B builder, JsonNode json, String at) {
    if (!json.isObject()) {
      throw new AssertionError(at + " must be an object");
    }
    Map<String, SdkField<?>> fields =
        builder.sdkFields().stream()
            .collect(Collectors.toMap(SdkField::memberName, Function.identity()));
    json.fields()
        .forEachRemaining(
            entry -> {
              String place = at + "/" + entry.getKey();
              SdkField<?> field = fields.get(entry.getKey());
              if (field == null) {
                throw new AssertionError(place + " is unknown; known are " + fields.keySet());
              }
              field.set(builder, value(field, entry.getValue(), place));
            });
    return builder;
  }

  private static Object value(SdkField<?> field, JsonNode json, String at) {
    MarshallingType<?> type = field.marshallingType();
    if (type == MarshallingType.SDK_POJO) {
      return fillNested(field.constructor().get(), json, at);
    }
    if (type == MarshallingType.LIST) {
      require(json.isArray(), at, "a list");
      SdkField<?> member = field.getTrait(ListTrait.class).memberFieldInfo();
      List<Object> values = new ArrayList<>();
      for (JsonNode element : json) {
        values.add(value(member, element, at + "/" + values.size()));
      }
      return values;
    }
    if (type == MarshallingType.MAP) {
      require(json.isObject(), at, "an object");
      SdkField<?> member = field.getTrait(MapTrait.class).valueFieldInfo();
      Map<String, Object> values = new LinkedHashMap<>();
      json.fields()
          .forEachRemaining(
              entry ->
                  values.put(
                      entry.getKey(), value(member, entry.getValue(), at + "/" + entry.getKey())));
      return values;
    }
    if (type == MarshallingType.STRING) {
      require(json.isTextual(), at, "a text");
      return json.asText();
    }
    if (type == MarshallingType.BOOLEAN) {
      require(json.isBoolean(), at, "a boolean");
      return json.asBoolean();
    }
    if (type == MarshallingType.LONG) {
      require(json.isIntegralNumber(), at, "a whole number");
      return json.asLong();
    }
    if (type == MarshallingType.INTEGER) {
      require(json.isIntegralNumber(), at, "a whole number");
      return json.asInt();
    }
    throw new AssertionError(at + " is of a kind that no definition needs so far: " + type);
  }

  /** Fields hold what a builder builds, not the builder. */
  private static Object fillNested(SdkPojo builder, JsonNode json, String at) {
    return ((Buildable) fill(builder, json, at)).build();
  }

  private static void require(boolean holds, String at, String kind) {
    if (!holds) {
      throw new AssertionError(at + " must be " + kind);
    }
  }
}
