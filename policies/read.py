"""Reads a stack from what ``cdktf synth`` or ``terraform show -json`` wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.plan.values import as_list, as_map
from policies.errors import PolicyError
from policies.limits import read_limits
from policies.stack import PROVIDER, UNKNOWN, Resource, Stack, maps_in, values_in

_REFERENCE = re.compile(r"\b(aws_\w+)\.([A-Za-z_][\w-]*)")
_GONE = (["delete"], ["forget"])


def read_stack(path: Path) -> Stack:
    """A stack as it was synthesised.

    Args:
        path: ``…/stacks/<id>/cdk.tf.json``.

    Raises:
        PolicyError: it is no such file.
    """
    body = _read(path, "run 'cdktf synth' again")
    try:
        limits = read_limits(as_map(body.get("//")))
    except ValueError as error:
        raise PolicyError(f"{path}: {error}; run 'cdktf synth' again") from None
    backends = [
        each
        for terraform in maps_in(body.get("terraform"))
        for backend in maps_in(terraform.get("backend"))
        for each in maps_in(backend.get("s3"))
    ]
    return Stack(
        name=path.parent.name,
        resources=tuple(_synthesised(body)),
        providers=tuple(
            Resource(type=PROVIDER, name=str(each.get("alias", PROVIDER)), values=each)
            for block in maps_in(body.get("provider"))
            for each in maps_in(block.get(PROVIDER))
        ),
        outputs={
            name: value.get("value")
            for block in maps_in(body.get("output"))
            for name, value in block.items()
            if isinstance(value, dict)
        },
        limits=limits,
        state=backends[0] if backends else {},
    )


def read_plan(path: Path, *, synthesised: Stack) -> Stack:
    """A stack as it will be after the apply.

    Args:
        path: what ``terraform show -json`` wrote.
        synthesised: the same stack, for what a plan does not say: its limits and its state.

    Raises:
        PolicyError: it is no plan.
    """
    body = _read(path, "write it with 'terraform show -json'")
    if "resource_changes" not in body and "planned_values" not in body:
        raise PolicyError(f"{path}: no plan; write it with 'terraform show -json'")
    configuration = as_map(body.get("configuration"))
    return Stack(
        name=synthesised.name,
        resources=tuple(_planned(body, _configured(configuration))),
        providers=tuple(
            Resource(
                type=PROVIDER,
                name=str(values.get("alias", PROVIDER)),
                values=_constants(values.get("expressions")),
            )
            for values in map(as_map, as_map(configuration.get("provider_config")).values())
            if values.get("name") == PROVIDER
        ),
        outputs={
            name: UNKNOWN
            if as_map(change).get("after_unknown") is True
            else as_map(change).get("after")
            for name, change in as_map(body.get("output_changes")).items()
        },
        limits=synthesised.limits,
        state=synthesised.state,
        planned=True,
    )


def _read(path: Path, remedy: str) -> Mapping[str, Any]:
    try:
        body = json.loads(path.read_bytes())
    except OSError as error:
        raise PolicyError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise PolicyError(f"{path}: no JSON; {remedy}") from None
    if not isinstance(body, dict):
        raise PolicyError(f"{path}: no JSON object; {remedy}")
    return body


def _synthesised(body: Mapping[str, Any]) -> Iterator[Resource]:
    for kinds in maps_in(body.get("resource")):
        for kind, named in kinds.items():
            for resources in maps_in(named):
                for name, blocks in resources.items():
                    for values in maps_in(blocks) or [{}]:
                        yield Resource(
                            type=kind,
                            name=name,
                            values=values,
                            provider=_provider(values.get("provider")),
                            references=_references(values),
                        )


def _provider(text: object) -> str:
    """``aws.edge`` and ``${aws.edge}`` are the configuration with the alias ``edge``."""
    return str(text or PROVIDER).strip("${}").rpartition(".")[2]


def _references(values: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    return {
        key: frozenset(
            f"{kind}.{name}"
            for _, text in values_in(value)
            if isinstance(text, str) and "${" in text
            for kind, name in _REFERENCE.findall(text)
        )
        for key, value in values.items()
        if key != "//"
    }


def _planned(
    body: Mapping[str, Any], configured: Mapping[str, Mapping[str, Any]]
) -> Iterator[Resource]:
    for entry in map(as_map, as_list(body.get("resource_changes"))):
        change, kind = as_map(entry.get("change")), str(entry.get("type", ""))
        if entry.get("mode") != "managed" or change.get("actions") in _GONE:
            continue
        address = str(entry.get("address", ""))
        written = configured.get(address.partition("[")[0], {})
        yield Resource(
            type=kind,
            name=address.removeprefix(f"{kind}."),
            values=as_map(_merged(change.get("after"), change.get("after_unknown"))),
            provider=str(written.get("provider_config_key", PROVIDER)).rpartition(".")[2],
            references={
                key: frozenset(_named(value))
                for key, value in as_map(written.get("expressions")).items()
            },
        )


def _configured(configuration: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    resources = as_list(as_map(configuration.get("root_module")).get("resources"))
    return {str(each.get("address")): each for each in map(as_map, resources)}


def _merged(after: Any, unknown: Any) -> Any:
    """Planned values with ``UNKNOWN`` in each place of which Terraform says so."""
    if unknown is True:
        return UNKNOWN
    if isinstance(unknown, dict):
        known = as_map(after)
        return {key: _merged(known.get(key), unknown.get(key)) for key in (*known, *unknown)}
    if isinstance(unknown, list) and isinstance(after, list):
        marks = [*unknown, *[False] * (len(after) - len(unknown))]
        return [_merged(value, mark) for value, mark in zip(after, marks, strict=False)]
    return after


def _named(expression: Any) -> Iterator[str]:
    """Addresses of the resources that an expression of a plan's configuration refers to."""
    for key, text in values_in(expression):
        if key == "references" and (found := _REFERENCE.match(str(text))):
            yield f"{found[1]}.{found[2]}"


def _constants(expressions: Any) -> Any:
    """A provider's configuration; what is no constant is not known."""
    if isinstance(expressions, list):
        return [_constants(each) for each in expressions]
    if not isinstance(expressions, dict):
        return expressions
    if "constant_value" in expressions:
        return expressions["constant_value"]
    if "references" in expressions:
        return UNKNOWN
    return {key: _constants(value) for key, value in expressions.items()}
