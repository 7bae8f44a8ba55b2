"""Drives the emulator with an unmodified boto3; ends with OK or an exception."""
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT, S3, KEY, SECRET = sys.argv[1:5]
COMMON = dict(
    region_name="us-east-1", aws_access_key_id=KEY, aws_secret_access_key=SECRET)
ONCE = Config(retries=dict(max_attempts=1), s3=dict(addressing_style="path"))


def client(service, url=ENDPOINT):
    return boto3.client(service, endpoint_url=url, config=ONCE, **COMMON)


def error(call):
    try:
        call()
    except ClientError as e:
        return e.response["Error"]["Code"]
    raise AssertionError("no error")


def check_objects():
    s3 = client("s3", S3)
    s3.create_bucket(Bucket="python-objects")
    s3.put_object(Bucket="python-objects", Key="a/b c+ü.txt", Body=b"0123456789")
    got = s3.get_object(Bucket="python-objects", Key="a/b c+ü.txt", Range="bytes=3-5")
    assert got["Body"].read() == b"345"
    assert error(lambda: s3.put_object(
        Bucket="python-objects", Key="a/b c+ü.txt", Body=b"", IfNoneMatch="*")) == "PreconditionFailed"
    s3.copy_object(Bucket="python-objects", Key="copy",
                   CopySource=dict(Bucket="python-objects", Key="a/b c+ü.txt"))
    assert s3.head_object(Bucket="python-objects", Key="copy")["ContentLength"] == 10
    upload = s3.create_multipart_upload(Bucket="python-objects", Key="big")["UploadId"]
    parts = []
    for number, body in ((1, b"x" * (5 << 20)), (2, b"y")):
        part = s3.upload_part(
            Bucket="python-objects", Key="big", UploadId=upload, PartNumber=number, Body=body)
        parts.append(dict(PartNumber=number, ETag=part["ETag"]))
    s3.complete_multipart_upload(
        Bucket="python-objects", Key="big", UploadId=upload, MultipartUpload=dict(Parts=parts))
    assert s3.head_object(Bucket="python-objects", Key="big")["ContentLength"] == (5 << 20) + 1
    for i in range(5):
        s3.put_object(Bucket="python-objects", Key=f"list/{i}", Body=b"")
    first = s3.list_objects_v2(Bucket="python-objects", Prefix="list/", MaxKeys=3)
    assert first["IsTruncated"] and first["KeyCount"] == 3
    rest = s3.list_objects_v2(Bucket="python-objects", Prefix="list/",
                              ContinuationToken=first["NextContinuationToken"])
    assert [o["Key"] for o in rest["Contents"]] == ["list/3", "list/4"]
    top = s3.list_objects_v2(Bucket="python-objects", Delimiter="/")
    assert {p["Prefix"] for p in top["CommonPrefixes"]} == {"a/", "list/"}
    s3.delete_objects(Bucket="python-objects",
                      Delete=dict(Objects=[dict(Key=f"list/{i}") for i in range(5)]))
    assert s3.list_objects_v2(Bucket="python-objects", Prefix="list/")["KeyCount"] == 0
    wrong = boto3.client("s3", endpoint_url=S3, config=ONCE, region_name="us-east-1",
                         aws_access_key_id=KEY, aws_secret_access_key="wrong")
    assert error(wrong.list_buckets) == "SignatureDoesNotMatch"


def create(name):
    sagemaker = client("sagemaker")
    sagemaker.create_feature_group(
        FeatureGroupName=name, RecordIdentifierFeatureName="id", EventTimeFeatureName="t",
        FeatureDefinitions=[
            dict(FeatureName="id", FeatureType="String"),
            dict(FeatureName="t", FeatureType="Fractional"),
            dict(FeatureName="n", FeatureType="Integral")],
        OnlineStoreConfig=dict(EnableOnlineStore=True),
        OfflineStoreConfig=dict(S3StorageConfig=dict(S3Uri="s3://python-features/x")),
        RoleArn="arn:aws:iam::123456789012:role/FeatureStore")
    while True:
        found = sagemaker.describe_feature_group(FeatureGroupName=name)
        if found["FeatureGroupStatus"] == "Created":
            return found
        time.sleep(0.05)


def record(identifier, seconds, n):
    return [dict(FeatureName="id", ValueAsString=identifier),
            dict(FeatureName="t", ValueAsString=str(seconds)),
            dict(FeatureName="n", ValueAsString=str(n))]


def check_records(found):
    runtime = client("sagemaker-featurestore-runtime")
    for group in (found["FeatureGroupName"], found["FeatureGroupArn"]):
        for i in range(1200):
            runtime.put_record(FeatureGroupName=group, Record=record(f"k{i % 5} /ü", 1.7e9 + i // 100, i))
            if group.startswith("arn") and i == 3:
                break
    got = runtime.get_record(FeatureGroupName=found["FeatureGroupArn"],
                             RecordIdentifierValueAsString="k1 /ü", FeatureNames=["n", "id"])
    assert got["Record"] == [dict(FeatureName="id", ValueAsString="k1 /ü"),
                             dict(FeatureName="n", ValueAsString="1101")], got["Record"]
    batch = runtime.batch_get_record(Identifiers=[dict(
        FeatureGroupName=found["FeatureGroupName"],
        RecordIdentifiersValueAsString=["k0 /ü", "missing"])])
    assert len(batch["Records"]) == 1 and batch["Errors"] == []
    errors = runtime.exceptions
    for expected, group, identifier in (
            (errors.ResourceNotFound, "missing", "a"),
            (errors.ValidationError, found["FeatureGroupName"], "")):
        try:
            runtime.put_record(FeatureGroupName=group, Record=record(identifier, 1, 1))
            raise AssertionError("no error")
        except expected:
            pass
    runtime.delete_record(FeatureGroupName=found["FeatureGroupName"], EventTime="1800000000",
                          RecordIdentifierValueAsString="k0 /ü",
                          TargetStores=["OnlineStore", "OfflineStore"])
    assert "Record" not in runtime.get_record(
        FeatureGroupName=found["FeatureGroupName"], RecordIdentifierValueAsString="k0 /ü")


def check_queries(found):
    athena = client("athena")
    catalog = found["OfflineStoreConfig"]["DataCatalogConfig"]
    started = athena.start_query_execution(
        QueryString=f'SELECT id, n FROM "{catalog["Database"]}"."{catalog["TableName"]}" '
                    "WHERE NOT is_deleted ORDER BY n",
        ResultConfiguration=dict(OutputLocation="s3://python-results/q/"))["QueryExecutionId"]
    while True:
        query = athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]
        if query["Status"]["State"] not in ("QUEUED", "RUNNING"):
            break
        time.sleep(0.05)
    assert query["Status"]["State"] == "SUCCEEDED", query
    pages = list(athena.get_paginator("get_query_results").paginate(QueryExecutionId=started))
    assert [len(p["ResultSet"]["Rows"]) for p in pages] == [1000, 205], [len(p["ResultSet"]["Rows"]) for p in pages]
    csv = client("s3", S3).get_object(Bucket="python-results", Key=f"q/{started}.csv")
    assert csv["Body"].read().count(b"\n") == 1205


check_objects()
group = create("python")
check_records(group)
check_queries(group)
print("OK")
