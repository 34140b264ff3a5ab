"""Reading streams: boto3's client where it can say it, raw requests where it cannot."""

import boto3

from .client import _CONFIG, _plain
from .tables import table_request, unique_name
from .wire import Wire, decode

PREFIX = "DynamoDBStreams_20120810."
NO_SUCH_SHARD = "shardId-00000000000000000001-00000000"


def boto3_streams(endpoint):
    return boto3.client("dynamodbstreams", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="test",
                        aws_secret_access_key="test", config=_CONFIG)


class Streams:
    """The four calls, and walks over shards and records."""

    def __init__(self, endpoint):
        self.boto = boto3_streams(endpoint)
        self.wire = Wire(endpoint, signed=True)

    def raw(self, operation, **parameters):
        reply = self.wire.post(operation, parameters, target_prefix=PREFIX)
        if reply.status != 200:
            raise reply.error()
        return decode(reply.json)

    def describe(self, arn, **parameters):
        answer = _plain(self.boto.describe_stream(StreamArn=arn, **parameters))
        return answer["StreamDescription"]

    def shards(self, arn):
        """All of them, page by page."""
        shards, more = [], {}
        while True:
            page = self.raw("DescribeStream", StreamArn=arn, **more)["StreamDescription"]
            shards += page["Shards"]
            if "LastEvaluatedShardId" not in page:
                return shards
            more = {"ExclusiveStartShardId": page["LastEvaluatedShardId"]}

    def iterator(self, arn, shard, kind="TRIM_HORIZON", number=None):
        extra = {"SequenceNumber": number} if number else {}
        return self.raw("GetShardIterator", StreamArn=arn, ShardId=shard, ShardIteratorType=kind, **extra)["ShardIterator"]

    def read(self, iterator, **parameters):
        """Records and the next iterator (None: the shard's end)."""
        page = self.raw("GetRecords", ShardIterator=iterator, **parameters)
        return page["Records"], page.get("NextShardIterator")

    def drain(self, arn, shard, kind="TRIM_HORIZON", number=None):
        """What the shard holds now."""
        records, iterator = [], self.iterator(arn, shard, kind, number)
        while iterator:
            page, iterator = self.read(iterator)
            records += page
            if not page:
                break
        return records

    def drain_all(self, arn):
        """What the stream holds now, parents before their children."""
        return [record for shard in self.shards(arn) for record in self.drain(arn, shard["ShardId"])]


def stream_table(db, view="NEW_AND_OLD_IMAGES", **options):
    """A table with a stream: its name and the stream's ARN. The table is the caller's to delete."""
    options.setdefault("name", unique_name("stream"))
    request = table_request(StreamSpecification={"StreamEnabled": True, "StreamViewType": view}, **options)
    return request["TableName"], db.call("CreateTable", **request)["TableDescription"]["LatestStreamArn"]


def only_shard(streams, arn):
    (shard,) = streams.shards(arn)
    return shard["ShardId"]


def names(records):
    return [record["eventName"] for record in records]
