"""Encryption, recovery and retention that the services of MiniStack hold and its CloudFormation drops."""

from xml.sax.saxutils import escape

from lessons import resource_types


def teach():
    resource_types.afterwards("AWS::DynamoDB::Table", _protect_table)
    resource_types.afterwards("AWS::S3::Bucket", _protect_bucket)
    resource_types.afterwards("AWS::SNS::Topic", _protect_topic)


def _protect_table(name, properties):
    from ministack.services import dynamodb

    given = properties.get("SSESpecification") or {}
    table = dynamodb._tables[name]
    if resource_types.boolean(given.get("SSEEnabled")):
        wanted = {"Enabled": True, "SSEType": given.get("SSEType"), "KMSMasterKeyId": given.get("KMSMasterKeyId")}
        table["SSEDescription"] = dynamodb._sse_description_from_spec(wanted)
    recovery = properties.get("PointInTimeRecoverySpecification") or {}
    dynamodb._pitr_settings[name] = resource_types.boolean(recovery.get("PointInTimeRecoveryEnabled"))


def _protect_bucket(name, properties):
    from ministack.services import s3

    if encryption := properties.get("BucketEncryption"):
        rules = "".join(_encryption_rule(rule) for rule in encryption["ServerSideEncryptionConfiguration"])
        document = f"<ServerSideEncryptionConfiguration>{rules}</ServerSideEncryptionConfiguration>"
        _put(s3._put_bucket_encryption, name, document)
    if lifecycle := properties.get("LifecycleConfiguration"):
        rules = "".join(_lifecycle_rule(rule) for rule in lifecycle["Rules"])
        _put(s3._put_bucket_lifecycle, name, f"<LifecycleConfiguration>{rules}</LifecycleConfiguration>")


def _put(operation, bucket, document):
    status, _headers, body = operation(bucket, document.encode())
    if status >= 400:
        raise ValueError(f"{bucket}: {body!r}")


def _encryption_rule(rule):
    default = rule.get("ServerSideEncryptionByDefault") or {}
    members = {
        "SSEAlgorithm": default.get("SSEAlgorithm"),
        "KMSMasterKeyID": default.get("KMSMasterKeyID"),
    }
    inner = f"<ApplyServerSideEncryptionByDefault>{_elements(members)}</ApplyServerSideEncryptionByDefault>"
    bucket_key = "true" if resource_types.boolean(rule.get("BucketKeyEnabled")) else "false"
    return f"<Rule>{inner}<BucketKeyEnabled>{bucket_key}</BucketKeyEnabled></Rule>"


def _lifecycle_rule(rule):
    """The members that the templates use; CloudFormation and S3 name some of them differently."""
    parts = [_elements({"ID": rule.get("Id"), "Status": rule["Status"]})]
    parts.append(f"<Filter>{_elements({'Prefix': rule.get('Prefix', '')})}</Filter>")
    if (days := rule.get("ExpirationInDays")) is not None:
        parts.append(f"<Expiration>{_elements({'Days': days})}</Expiration>")
    for member in ("NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"):
        if given := rule.get(member):
            parts.append(f"<{member}>{_elements(given)}</{member}>")
    return f"<Rule>{''.join(parts)}</Rule>"


def _elements(members):
    return "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in members.items() if value is not None)


def _protect_topic(arn, properties):
    from ministack.services import sns

    if key := properties.get("KmsMasterKeyId"):
        sns._topics[arn]["attributes"]["KmsMasterKeyId"] = key
