"""Holds machine-readable results against their published schemas. Arguments: pairs of schema file and result file."""

import json
import sys

from jsonschema import Draft202012Validator

for schema_path, result_path in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
    with open(schema_path) as schema_file, open(result_path) as result_file:
        schema, result = json.load(schema_file), json.load(result_file)
    Draft202012Validator.check_schema(schema)
    problems = [f"{list(problem.path)}: {problem.message}" for problem in Draft202012Validator(schema).iter_errors(result)]
    assert not problems, f"{schema_path}\n" + "\n".join(problems)
print("every result is as its schema says")
