"""One way to call an operation, whichever client knows it.

Db.call goes through boto3 where Debian's boto3 can express the request, and over raw signed HTTP where it cannot: newer
members, and the invalid requests that boto3 would not send. Both give the same dictionaries (binaries as bytes, times
as numbers) and the same ApiError.
"""

import datetime

import boto3
import botocore.config
import botocore.exceptions

from .wire import ApiError, Wire

_CONFIG = botocore.config.Config(retries={"total_max_attempts": 1}, max_pool_connections=50, read_timeout=60)


def boto3_client(endpoint, region="us-east-1"):
    return boto3.client("dynamodb", endpoint_url=endpoint, region_name=region, aws_access_key_id="test",
                        aws_secret_access_key="test", config=_CONFIG)


def boto3_resource(endpoint, region="us-east-1"):
    return boto3.resource("dynamodb", endpoint_url=endpoint, region_name=region, aws_access_key_id="test",
                          aws_secret_access_key="test", config=_CONFIG)


def _snake(operation):
    return "".join("_" + c.lower() if c.isupper() else c for c in operation).lstrip("_")


def _plain(value):
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, datetime.datetime):
        return value.timestamp()
    return value


class Db:
    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.boto = boto3_client(endpoint)
        self.raw = Wire(endpoint, signed=True)
        self._model = self.boto.meta.service_model

    def call(self, operation, **parameters):
        if operation in self._model.operation_names and self._knows_reply(operation, parameters):
            try:
                answer = getattr(self.boto, _snake(operation))(**parameters)
                answer.pop("ResponseMetadata", None)
                return _plain(answer)
            except botocore.exceptions.ParamValidationError:
                pass
            except botocore.exceptions.ClientError as error:
                answer = error.response
                body = {k: v for k, v in answer.items() if k not in ("Error", "ResponseMetadata")}
                body["__type"] = answer["Error"]["Code"]
                body["message"] = answer["Error"]["Message"]
                raise ApiError(answer["ResponseMetadata"]["HTTPStatusCode"], body) from None
        return self.raw.send(operation, parameters)

    def _knows_reply(self, operation, parameters):
        # botocore drops members of an answer that its model lacks, so requests that name such a member go raw.
        known = self._model.operation_model(operation).input_shape.members
        return all(name in known for name in parameters)

    def __getattr__(self, name):
        """db.put_item(...) for db.call("PutItem", ...)."""
        operation = "".join(part.capitalize() for part in name.split("_"))
        return lambda **parameters: self.call(operation, **parameters)
