"""Change sets: which changes of a bucket make a new one.

MiniStack does not know and says "Conditional" of all of them, and a deployment rightly takes every bucket that may be
replaced for one that may be lost.
"""

# Type -> properties whose change replaces the resource (CloudFormation resource schemas, createOnlyProperties).
CREATE_ONLY = {
    "AWS::S3::Bucket": ("BucketName", "BucketNamePrefix", "BucketNamespace"),
    "AWS::S3::BucketPolicy": ("Bucket",),
}


def teach():
    from ministack.services.cloudformation import provisioners

    for name, properties in CREATE_ONLY.items():
        provisioners._REPLACING_PROPERTIES.setdefault(name, properties)
