"""Prints the status of every stack as CloudFormation's own client sees it, as JSON."""

import json

import boto3

pages = boto3.client("cloudformation").get_paginator("describe_stacks").paginate()
print(json.dumps({stack["StackName"]: stack["StackStatus"] for page in pages for stack in page["Stacks"]}))
