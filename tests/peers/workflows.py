"""Step Functions and expiring tables of the local cloud, asked by boto3: what the templates rely on holds as on AWS."""

import io
import json
import time
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

FUNCTION = """
import time

def handle(event, context):
    time.sleep(event.get("sleep", 0))
    if event.get("fail"):
        raise ValueError("asked to fail")
    return {"large": "x" * event.get("bytes", 0), "said": event.get("say")}
"""


def task(parameters, **more):
    return {"Type": "Task", "Resource": "${Function}", "Parameters": parameters, **more}


def role(service, *statements):
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    policies = [{"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)}}]
    properties = {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]}}
    return {"Type": "AWS::IAM::Role", "Properties": properties | ({"Policies": policies} if statements else {})}


def machine(name, definition, role_name="Invoking", kind="EXPRESS"):
    substitutions = {"Function": {"Fn::GetAtt": ["Function", "Arn"]}}
    properties = {"StateMachineName": name, "StateMachineType": kind, "RoleArn": {"Fn::GetAtt": [role_name, "Arn"]}}
    logging = {"Level": "ERROR", "IncludeExecutionData": False}
    more = {"Definition": definition, "DefinitionSubstitutions": substitutions, "LoggingConfiguration": logging}
    return {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties | more}


def single(parameters, **more):
    return {"StartAt": "Only", "States": {"Only": task(parameters, End=True)}, **more}


CAUGHT = {
    "StartAt": "Both",
    "States": {
        "Both": {
            "Type": "Parallel",
            "Branches": [single({"say": "one"}), single({"fail": True})],
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Told"}],
            "End": True,
        },
        "Told": {"Type": "Pass", "End": True},
    },
}
INVOKE = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": {"Fn::GetAtt": ["Function", "Arn"]}}
TABLE = {
    "TableName": "proof-expiring",
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
}
CODE = {"S3Bucket": "proof-code", "S3Key": "function.zip"}
RESOURCES = {
    "Working": role("lambda.amazonaws.com"),
    "Invoking": role("states.amazonaws.com", INVOKE),
    "Powerless": role("states.amazonaws.com"),
    "Function": {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Code": CODE,
            "Handler": "main.handle",
            "Runtime": "python3.12",
            "Timeout": 10,
            "Role": {"Fn::GetAtt": ["Working", "Arn"]},
        },
    },
    "Plain": machine("plain", single({"say.$": "$.word"})),
    "Caught": machine("caught", CAUGHT),
    "Slow": machine("slow", single({"sleep": 3}, TimeoutSeconds=1)),
    "Large": machine("large", single({"bytes": 300_000})),
    "Denied": machine("denied", single({}), role_name="Powerless"),
    "Standard": machine("standard", single({}), kind="STANDARD"),
    "Table": {"Type": "AWS::DynamoDB::Table", "Properties": TABLE},
}

states = boto3.client("stepfunctions", config=Config(inject_host_prefix=False))


def deploy():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("main.py", FUNCTION)
    s3, formation = boto3.client("s3"), boto3.client("cloudformation")
    s3.create_bucket(Bucket=CODE["S3Bucket"])
    s3.put_object(Bucket=CODE["S3Bucket"], Key=CODE["S3Key"], Body=packed.getvalue())
    template = json.dumps({"Resources": RESOURCES})
    formation.create_stack(StackName="workflows", TemplateBody=template, Capabilities=["CAPABILITY_IAM"])
    formation.get_waiter("stack_create_complete").wait(StackName="workflows", WaiterConfig={"Delay": 1})


def start(name, given=None):
    arns = {each["name"]: each["stateMachineArn"] for each in states.list_state_machines()["stateMachines"]}
    return states.start_sync_execution(stateMachineArn=arns[name], input=json.dumps(given or {}))


def refused(code, *arguments):
    try:
        start(*arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return
    raise AssertionError(f"{arguments} was not refused with {code}")


deploy()
plain = start("plain", {"word": "yes"})
assert plain["status"] == "SUCCEEDED" and json.loads(plain["output"])["said"] == "yes", plain
caught = start("caught")
assert caught["status"] == "SUCCEEDED" and "asked to fail" in json.loads(caught["output"])["error"]["Cause"], caught
slow = start("slow")
assert slow["status"] == "TIMED_OUT" and slow["error"] == "States.Timeout" and "output" not in slow, slow
large = start("large")
assert large["status"] == "FAILED" and large["error"] == "States.DataLimitExceeded", large
denied = start("denied")
assert denied["status"] == "FAILED" and denied["error"] == "Lambda.AWSLambdaException", denied
assert "is not authorized to perform: lambda:InvokeFunction" in denied["cause"], denied
refused("StateMachineTypeNotSupported", "standard")
refused("ValidationException", "plain", {"word": "x" * 300_000})
described = states.describe_state_machine(stateMachineArn=plain["stateMachineArn"])
assert described["loggingConfiguration"]["level"] == "ERROR", described

measured = boto3.client("cloudwatch").get_metric_statistics(
    Namespace="AWS/States",
    MetricName="ExecutionsTimedOut",
    Dimensions=[{"Name": "StateMachineArn", "Value": slow["stateMachineArn"]}],
    StartTime=time.time() - 300,
    EndTime=time.time() + 60,
    Period=60,
    Statistics=["Sum"],
)
assert sum(point["Sum"] for point in measured["Datapoints"]) == 1, measured

expiry = boto3.client("dynamodb").describe_time_to_live(TableName=TABLE["TableName"])["TimeToLiveDescription"]
assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}, expiry
