"""Reads what the deployment made with unmodified clients: tables, buckets and collections. Prints counts as JSON."""

import json

import boto3

tables = boto3.client("dynamodb").list_tables()["TableNames"]
records = {name: boto3.client("dynamodb").scan(TableName=name, Select="COUNT")["Count"] for name in tables}

s3 = boto3.client("s3")
objects = {}
for bucket in s3.list_buckets()["Buckets"]:
    listing = s3.list_objects_v2(Bucket=bucket["Name"])
    objects[bucket["Name"]] = listing["KeyCount"]

rekognition = boto3.client("rekognition")
collections = {}
for name in rekognition.list_collections()["CollectionIds"]:
    collections[name] = rekognition.describe_collection(CollectionId=name)["FaceCount"]

print(json.dumps({"records": records, "objects": objects, "collections": collections}))
