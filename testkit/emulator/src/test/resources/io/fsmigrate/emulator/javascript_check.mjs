// Drives the emulator with the unmodified JavaScript SDK; ends with OK or an exception.
import assert from "node:assert";
import { createRequire } from "node:module";

const [endpoint, accessKeyId, secretAccessKey, modules] = process.argv.slice(2);
const sdk = createRequire(modules + "/")("@aws-sdk/client-sagemaker-featurestore-runtime");
const client = new sdk.SageMakerFeatureStoreRuntimeClient({
  endpoint, region: "us-east-1", maxAttempts: 1, credentials: { accessKeyId, secretAccessKey },
});
const record = (id, time, n) => [
  { FeatureName: "id", ValueAsString: id },
  { FeatureName: "t", ValueAsString: time },
  { FeatureName: "n", ValueAsString: String(n) },
];
const noon = "2026-01-01T12:00:00Z";
const FeatureGroupName = "javascript";

const batch = await client.send(new sdk.BatchWriteRecordCommand({
  Entries: [
    { FeatureGroupName, Record: record("a", noon, 1) },
    { FeatureGroupName, Record: record("b", "never", 2), TargetStores: ["OnlineStore"] },
    { FeatureGroupName: "missing", Record: record("c", noon, 3) },
  ],
}));
assert.deepStrictEqual(batch.Errors.map((e) => e.ErrorCode), ["ValidationError", "ResourceNotFound"]);
assert.strictEqual(batch.Errors[0].Entry.Record[0].ValueAsString, "b");
assert.deepStrictEqual(batch.UnprocessedEntries, []);

await client.send(new sdk.UpdateRecordCommand({
  FeatureGroupName, RecordIdentifierValueAsString: "a",
  Features: [{ FeatureName: "n", ValueAsString: "7" }],
}));
const got = await client.send(new sdk.GetRecordCommand({
  FeatureGroupName, RecordIdentifierValueAsString: "a", ExpirationTimeResponse: "Enabled",
}));
assert.strictEqual(got.Record[2].ValueAsString, "7");
assert.strictEqual(got.ExpiresAt, undefined);
await assert.rejects(
  client.send(new sdk.UpdateRecordCommand({
    FeatureGroupName, RecordIdentifierValueAsString: "a",
    Features: [{ FeatureName: "t", ValueAsString: "2025-01-01T00:00:00Z" }],
  })), sdk.ConflictException);
await assert.rejects(
  client.send(new sdk.UpdateRecordCommand({
    FeatureGroupName, RecordIdentifierValueAsString: "zz",
    Features: [{ FeatureName: "n", ValueAsString: "1" }],
  })), sdk.ResourceNotFound);

for (let i = 0; i < 24; i++) {
  await client.send(new sdk.PutRecordCommand({ FeatureGroupName, Record: record("x" + i, noon, i) }));
}
const listed = [];
let NextToken;
do {
  const page = await client.send(new sdk.ListRecordsCommand({ FeatureGroupName, MaxResults: 10, NextToken }));
  listed.push(...page.RecordIdentifiers);
  NextToken = page.NextToken;
} while (NextToken);
assert.strictEqual(new Set(listed).size, 25);
await client.send(new sdk.DeleteRecordCommand({
  FeatureGroupName, RecordIdentifierValueAsString: "a", EventTime: "2026-01-01T12:00:00.001Z",
  DeletionMode: "HardDelete",
}));
const gone = await client.send(new sdk.GetRecordCommand({ FeatureGroupName, RecordIdentifierValueAsString: "a" }));
assert.strictEqual(gone.Record, undefined);
console.log("OK");
