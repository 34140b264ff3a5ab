"""Versions, aliases and settings of functions, and what Invoke refuses before anything runs.

Texts and shapes: notes on the Lambda API, sections 1.1 to 1.5, and recordings of AWS.
"""

import json

from support.functions import ARN, ZIP, fails, raw


# --- Versions and aliases. ---


def test_versions(lam, fn):
    first = lam.publish_version(FunctionName=fn, Description="one")
    assert first["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert (first["Version"], first["FunctionArn"], first["Description"]) == ("1", f"{ARN}{fn}:1", "one")
    lam.get_waiter("published_version_active").wait(FunctionName=fn, Qualifier="1",
                                                    WaiterConfig={"Delay": 1, "MaxAttempts": 2})
    assert lam.publish_version(FunctionName=fn)["Version"] == "1"  # nothing has changed
    lam.update_function_configuration(FunctionName=fn, Timeout=10)
    assert lam.publish_version(FunctionName=fn)["Version"] == "2"
    assert lam.get_function_configuration(FunctionName=fn, Qualifier="1")["Timeout"] == 3
    assert lam.get_function_configuration(FunctionName=f"{fn}:2")["Timeout"] == 10
    versions = [v["Version"] for page in lam.get_paginator("list_versions_by_function").paginate(
        FunctionName=fn, PaginationConfig={"PageSize": 1}) for v in page["Versions"]]
    assert versions == ["$LATEST", "1", "2"]
    lam.delete_function(FunctionName=fn, Qualifier="1")
    fails("ResourceNotFoundException", 404, lam.get_function, FunctionName=fn, Qualifier="1")
    fails("InvalidParameterValueException", 400, lam.delete_function, FunctionName=fn, Qualifier="$LATEST",
          message="$LATEST version cannot be deleted without deleting the function.")
    lam.update_function_configuration(FunctionName=fn, Timeout=11)
    assert lam.publish_version(FunctionName=fn)["Version"] == "3"  # numbers are not used again


def test_publishing_other_code_than_expected(lam, fn):
    sha = lam.get_function_configuration(FunctionName=fn)["CodeSha256"]
    fails("InvalidParameterValueException", 400, lam.publish_version, FunctionName=fn, CodeSha256="other",
          message=f"CodeSHA256 (other) is different from current CodeSHA256 in $LATEST ({sha}). Please try again with "
                  "the CodeSHA256 in $LATEST.")
    assert lam.publish_version(FunctionName=fn, CodeSha256=sha)["Version"] == "1"


def test_aliases(lam, fn):
    lam.publish_version(FunctionName=fn)
    lam.update_function_configuration(FunctionName=fn, Timeout=10)
    lam.publish_version(FunctionName=fn)
    made = lam.create_alias(FunctionName=fn, Name="live", FunctionVersion="1", Description="d")
    assert made.pop("ResponseMetadata")["HTTPStatusCode"] == 201
    revision = made.pop("RevisionId")
    assert made == {"AliasArn": f"{ARN}{fn}:live", "Name": "live", "FunctionVersion": "1", "Description": "d"}
    got = lam.get_function_configuration(FunctionName=fn, Qualifier="live")
    assert (got["Version"], got["FunctionArn"]) == ("1", f"{ARN}{fn}:live")
    changed = lam.update_alias(FunctionName=fn, Name="live", FunctionVersion="2", RevisionId=revision,
                               RoutingConfig={"AdditionalVersionWeights": {"1": 0.25}})
    assert changed["RoutingConfig"] == {"AdditionalVersionWeights": {"1": 0.25}} and changed["Description"] == "d"
    fails("PreconditionFailedException", 412, lam.update_alias, FunctionName=fn, Name="live", RevisionId=revision)
    lam.create_alias(FunctionName=fn, Name="latest", FunctionVersion="$LATEST")
    names = [a["Name"] for page in lam.get_paginator("list_aliases").paginate(
        FunctionName=fn, PaginationConfig={"PageSize": 1}) for a in page["Aliases"]]
    assert names == ["latest", "live"]
    assert [a["Name"] for a in lam.list_aliases(FunctionName=fn, FunctionVersion="2")["Aliases"]] == ["live"]
    fails("ResourceConflictException", 409, lam.delete_function, FunctionName=fn, Qualifier="1", matching="live")
    assert lam.delete_alias(FunctionName=fn, Name="live")["ResponseMetadata"]["HTTPStatusCode"] == 204
    lam.delete_alias(FunctionName=fn, Name="live")
    fails("ResourceNotFoundException", 404, lam.get_alias, FunctionName=fn, Name="live",
          message=f"Cannot find alias arn: {ARN}{fn}:live")


def test_aliases_that_are_refused(lam, lax, fn):
    lam.publish_version(FunctionName=fn)
    lam.create_alias(FunctionName=fn, Name="live", FunctionVersion="1")
    fails("ResourceConflictException", 409, lam.create_alias, FunctionName=fn, Name="live", FunctionVersion="1",
          message=f"Alias already exists: {ARN}{fn}:live")
    fails("ResourceNotFoundException", 404, lam.create_alias, FunctionName=fn, Name="other", FunctionVersion="9",
          message=f"Function not found: {ARN}{fn}:9")
    fails("ResourceNotFoundException", 404, lam.update_alias, FunctionName=fn, Name="other",
          message=f"Alias not found: {ARN}{fn}:other")
    fails("ValidationException", 400, lax.create_alias, FunctionName=fn, Name="12", FunctionVersion="1",
          matching="^1 validation error detected: Value '12' at 'name' failed to satisfy constraint: Member must satisfy "
                   "regular expression pattern: ")
    routing = {"AdditionalVersionWeights": {"1": 0.5}}
    fails("InvalidParameterValueException", 400, lam.update_alias, FunctionName=fn, Name="live", RoutingConfig=routing,
          message="Invalid function version 1. Function version 1 is already included in routing configuration.")
    fails("InvalidParameterValueException", 400, lam.create_alias, FunctionName=fn, Name="x", FunctionVersion="$LATEST",
          RoutingConfig=routing, message="$LATEST is not supported for an alias pointing to more than 1 version")


# --- Settings. ---


def test_concurrency(lam, fn):
    assert "ReservedConcurrentExecutions" not in lam.get_function_concurrency(FunctionName=fn)
    put = lam.put_function_concurrency(FunctionName=fn, ReservedConcurrentExecutions=5)
    assert put["ReservedConcurrentExecutions"] == 5
    assert lam.get_function_concurrency(FunctionName=fn)["ReservedConcurrentExecutions"] == 5
    assert lam.get_function(FunctionName=fn)["Concurrency"] == {"ReservedConcurrentExecutions": 5}
    fails("InvalidParameterValueException", 400, lam.put_function_concurrency, FunctionName=fn,
          ReservedConcurrentExecutions=901, message="Specified ReservedConcurrentExecutions for function decreases "
          "account's UnreservedConcurrentExecution below its minimum value of [100].")
    assert lam.delete_function_concurrency(FunctionName=fn)["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert "ReservedConcurrentExecutions" not in lam.get_function_concurrency(FunctionName=fn)


def test_account(lam, fn):
    lam.put_function_concurrency(FunctionName=fn, ReservedConcurrentExecutions=7)
    account = lam.get_account_settings()
    assert account["AccountLimit"]["ConcurrentExecutions"] == 1000
    assert account["AccountLimit"]["UnreservedConcurrentExecutions"] <= 993
    assert account["AccountUsage"]["FunctionCount"] >= 1 and account["AccountUsage"]["TotalCodeSize"] >= len(ZIP)


def test_event_invoke_configs(lam, fn):
    fails("ResourceNotFoundException", 404, lam.get_function_event_invoke_config, FunctionName=fn,
          message=f"The function {ARN}{fn}:$LATEST doesn't have an EventInvokeConfig")
    fails("InvalidParameterValueException", 400, lam.put_function_event_invoke_config, FunctionName=fn,
          message="You must specify at least one of error handling or destination setting.")
    queue = "arn:aws:sqs:us-east-1:000000000000:failures"
    put = lam.put_function_event_invoke_config(FunctionName=fn, MaximumRetryAttempts=1, MaximumEventAgeInSeconds=60,
                                               DestinationConfig={"OnFailure": {"Destination": queue}})
    assert put["FunctionArn"] == f"{ARN}{fn}:$LATEST"
    assert put["DestinationConfig"] == {"OnSuccess": {}, "OnFailure": {"Destination": queue}}
    lam.update_function_event_invoke_config(FunctionName=fn, MaximumRetryAttempts=0)
    got = lam.get_function_event_invoke_config(FunctionName=fn)
    assert (got["MaximumRetryAttempts"], got["MaximumEventAgeInSeconds"]) == (0, 60)
    assert got["DestinationConfig"]["OnFailure"] == {"Destination": queue}
    assert len(lam.list_function_event_invoke_configs(FunctionName=fn)["FunctionEventInvokeConfigs"]) == 1
    lam.delete_function_event_invoke_config(FunctionName=fn)
    fails("ResourceNotFoundException", 404, lam.get_function_event_invoke_config, FunctionName=fn)
    fails("ResourceNotFoundException", 404, lam.get_function_event_invoke_config, FunctionName="nothing",
          message="The function doesn't exist.")


def test_permissions(lam, fn):
    fails("ResourceNotFoundException", 404, lam.get_policy, FunctionName=fn,
          message="The resource you requested does not exist.")
    added = lam.add_permission(FunctionName=fn, StatementId="s3", Action="lambda:InvokeFunction",
                               Principal="s3.amazonaws.com", SourceArn="arn:aws:s3:::bucket",
                               SourceAccount="000000000000")
    assert added["ResponseMetadata"]["HTTPStatusCode"] == 201
    statement = {"Sid": "s3", "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"},
                 "Action": "lambda:InvokeFunction", "Resource": ARN + fn,
                 "Condition": {"StringEquals": {"AWS:SourceAccount": "000000000000"},
                               "ArnLike": {"AWS:SourceArn": "arn:aws:s3:::bucket"}}}
    assert json.loads(added["Statement"]) == statement
    policy = json.loads(lam.get_policy(FunctionName=fn)["Policy"])
    assert policy == {"Version": "2012-10-17", "Id": "default", "Statement": [statement]}
    fails("ResourceConflictException", 409, lam.add_permission, FunctionName=fn, StatementId="s3",
          Action="lambda:InvokeFunction", Principal="s3.amazonaws.com",
          message="The statement id (s3) provided already exists. Please provide a new statement id, or remove the "
                  "existing statement.")
    fails("ResourceNotFoundException", 404, lam.remove_permission, FunctionName=fn, StatementId="other",
          message="Statement other is not found in resource policy.")
    lam.remove_permission(FunctionName=fn, StatementId="s3")
    fails("ResourceNotFoundException", 404, lam.remove_permission, FunctionName=fn, StatementId="s3",
          message="No policy is associated with the given resource.")


def test_tags(lam, fn):
    lam.tag_resource(Resource=ARN + fn, Tags={"a": "1", "b": "2"})
    lam.tag_resource(Resource=ARN + fn, Tags={"b": "3"})
    assert lam.list_tags(Resource=ARN + fn)["Tags"] == {"a": "1", "b": "3"}
    lam.untag_resource(Resource=ARN + fn, TagKeys=["a", "x"])
    assert lam.list_tags(Resource=ARN + fn)["Tags"] == {"b": "3"}
    fails("ResourceNotFoundException", 404, lam.list_tags, Resource=ARN + "nothing",
          message=f"Function not found: {ARN}nothing")
    fails("InvalidParameterValueException", 400, lam.list_tags, Resource=f"{ARN}{fn}:1")


def test_recursion_is_configured_and_never_refused(endpoint, fn):
    path = f"/2024-08-31/functions/{fn}/recursion-config"
    assert json.loads(raw(endpoint, "GET", path)[2]) == {"RecursiveLoop": "Terminate"}
    assert json.loads(raw(endpoint, "PUT", path, {"RecursiveLoop": "Allow"})[2]) == {"RecursiveLoop": "Allow"}
    assert json.loads(raw(endpoint, "GET", path)[2]) == {"RecursiveLoop": "Allow"}


def test_layers_are_not_there(lam, create):
    assert lam.list_layers()["Layers"] == []
    layer = "arn:aws:lambda:us-east-1:000000000000:layer:mine:1"
    fails("InvalidParameterValueException", 400, create, Layers=[layer],
          message=f"Layer version {layer} does not exist.")


# --- What Invoke refuses before anything runs. ---


def test_invoke_dry_run(lam, fn):
    answer = lam.invoke(FunctionName=fn, InvocationType="DryRun")
    assert answer["StatusCode"] == 204 and "ExecutedVersion" not in answer


def test_invocations_that_are_refused(lam, lax, fn):
    fails("InvalidRequestContentException", 400, lam.invoke, FunctionName=fn, Payload=b"{no",
          matching="^Could not parse request body into json: Could not parse payload into json: ")
    fails("ValidationException", 400, lax.invoke, FunctionName=fn, InvocationType="Later",
          message="1 validation error detected: Value 'Later' at 'invocationType' failed to satisfy constraint: Member "
                  "must satisfy enum value set: [Event, RequestResponse, DryRun]")
    fails("RequestEntityTooLargeException", 413, lam.invoke, FunctionName=fn, InvocationType="Event",
          Payload=b'"' + b"x" * 1_048_575 + b'"',
          message="1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)")
    fails("RequestEntityTooLargeException", 413, lam.invoke, FunctionName=fn, Payload=b'"' + b"x" * 6_291_456 + b'"',
          message="Request must be smaller than 6291456 bytes for the InvokeFunction operation")
