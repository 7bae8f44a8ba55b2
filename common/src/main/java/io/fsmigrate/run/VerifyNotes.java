package io.fsmigrate.run;

import io.fsmigrate.verify.ComparedSchema;
import io.fsmigrate.verify.RowVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What somebody should know about a comparison before it is made, in words. */
final class VerifyNotes {
  private VerifyNotes() {}

  static List<String> of(
      VerifyRequest request, VerifiedSubject subject, ComparedSchema schema, int buckets) {
    List<String> notes = new ArrayList<>();
    if (!request.repair().isEmpty()) {
      notes.add(
          "what is %s is repaired after the comparison, when its counts are known and somebody has said yes"
              .formatted(
                  String.join(" or ", request.repair().stream().map(RowVerdict::text).toList())));
    }
    if (request.sample() < 1) {
      notes.add(
          String.format(
              Locale.ROOT,
              "online stores are asked for %s of the record identifiers, the same each time; what is extra in them is not known then",
              new java.text.DecimalFormat(
                      "0.####%", java.text.DecimalFormatSymbols.getInstance(Locale.ROOT))
                  .format(request.sample())));
    }
    if (subject.migration().isEmpty()) {
      notes.add("a run of publish is verified: online stores are compared, no tables");
      return notes;
    }
    notes.add(
        String.format(
            Locale.ROOT,
            "both sides are read once for hashes of %,d buckets of record identifiers, and once more where buckets differ",
            buckets));
    if (request.everyRow()) {
      notes.add(
          "every row is compared (--every-row): both sides are shuffled by record identifier and event time, which takes about as long as a full join of them");
    } else if (!schema.toleratedFeatures().isEmpty()) {
      notes.add(
          "%s may be apart, so no hash has %s: of each bucket the number of values, the sum, the least and the greatest must agree; differences of both signs that cancel within a bucket are not seen, --every-row sees them"
              .formatted(
                  String.join(", ", schema.toleratedFeatures()),
                  schema.toleratedFeatures().size() == 1 ? "it" : "them"));
    }
    return notes;
  }
}
