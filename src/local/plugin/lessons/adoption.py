"""Buckets that a deployment takes over: MiniStack's validation calls their names taken, AWS's does not.

The validation runs inside the deployment that knows the imports, in the same task, so a context variable reaches it.
"""

from contextvars import ContextVar

from ministack.services.cloudformation import changesets, provisioners, stacks

_ADOPTED = ContextVar("names of the buckets that the running deployment adopts", default=frozenset())


def teach():
    conflict, deploy = provisioners.s3_bucket_name_conflict, stacks._deploy_stack_async

    def conflict_unless_adopted(name):
        return None if name in _ADOPTED.get() else conflict(name)

    async def deploy_with_adoption(*arguments, imports=None, **options):
        identifiers = (imports or {}).values()
        _ADOPTED.set(frozenset(identifier["BucketName"] for identifier in identifiers if "BucketName" in identifier))
        return await deploy(*arguments, imports=imports, **options)

    provisioners.s3_bucket_name_conflict = conflict_unless_adopted
    stacks._deploy_stack_async = deploy_with_adoption
    changesets._deploy_stack_async = deploy_with_adoption
