"""How a lesson adds a CloudFormation resource type to MiniStack."""

import json

from ministack.services.cloudformation import changesets, provisioners


def register(name, *, create, update, delete, replacing=(), tagged=False):
    """Adds the type `name`.

    create(logical_id, properties, stack_name) and update(physical_id, old, new, stack_name) answer
    (physical id, attributes); delete(physical_id, properties) forgives a resource that is gone already. A change of one
    of the `replacing` properties creates a new resource and deletes the old one afterwards.
    """
    provisioners._RESOURCE_HANDLERS[name] = {"create": create, "update": update, "delete": delete}
    provisioners._REPLACING_PROPERTIES[name] = tuple(replacing)
    if tagged:
        provisioners._STACK_TAG_PROPERTY[name] = ("Tags", "list")


def importable(name, identifier, problem, adopt):
    """Lets a stack adopt an existing resource: problem(id) says in AWS's words why it cannot, or None; adopt(id)
    answers what create would."""
    changesets._IMPORT_LOOKUPS[name] = ((identifier,), problem)
    provisioners._RESOURCE_HANDLERS[name]["import"] = lambda given: adopt(given[identifier])


def answer(response):
    """The document in a MiniStack answer; a refusal fails the resource with the service's own words."""
    status, _headers, body = response
    document = json.loads(body) if body else {}
    if status >= 400:
        raise ValueError(document.get("message") or document.get("Message") or str(document))
    return document


def boolean(value):
    """A template boolean; YAML and parameters may carry it as text."""
    return str(value).lower() == "true"


def user_tags(properties):
    """The tags as key and value without CloudFormation's own `aws:` ones, which no service lets a caller set."""
    tags = {str(tag["Key"]): str(tag.get("Value", "")) for tag in properties.get("Tags") or []}
    return {key: value for key, value in tags.items() if not key.startswith("aws:")}


def afterwards(name, apply):
    """Calls apply(physical_id, properties) whenever a resource of a known type was created or updated."""
    handler = provisioners._RESOURCE_HANDLERS[name]
    create, update = handler["create"], handler["update"]

    def create_and_apply(logical_id, properties, stack_name):
        made = create(logical_id, properties, stack_name)
        apply(made[0], properties)
        return made

    def update_and_apply(physical_id, old, new, *rest):
        made = update(physical_id, old, new, *rest)
        apply(made[0], new)
        return made

    handler["create"], handler["update"] = create_and_apply, update_and_apply
