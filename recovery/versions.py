"""Versions of a function, as Lambda keeps them, and the alias that leads to one of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from recovery.errors import RecoveryError
from recovery.functions import AliasedFunction

_POLL_SECONDS = 5.0
_PATIENCE_SECONDS = 600.0
_HASH_LETTERS = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One published version, which never changes.

    Attributes:
        number: its number.
        published: when, as Lambda writes it.
        description: the function's own.
        memory_mib: its memory, MiB.
        code: SHA-256 of its zip, base64.
        configuration: the rest of what differs between versions, by Lambda's name.
        variables: the variables of its environment; they may be secret.
    """

    number: int
    published: str
    description: str
    memory_mib: int
    code: str
    configuration: Mapping[str, Any]
    variables: Mapping[str, str]

    def __str__(self) -> str:
        """One line for a person."""
        return (
            f"version {self.number}  {self.published[:19].replace('T', ' ')} UTC  "
            f"{self.memory_mib} MiB  code {self.code[:_HASH_LETTERS]}  {self.description}"
        )


_COMPARED = ("Handler", "Runtime", "Timeout", "Role", "Layers", "VpcConfig")


def published_versions(client: Any, name: str) -> dict[int, Version]:
    """Number to version, oldest first; what was never published is none."""
    pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=name)
    found = [_version(each) for page in pages for each in page["Versions"]]
    return {each.number: each for each in sorted(found, key=lambda v: v.number) if each.number}


def _version(body: Mapping[str, Any]) -> Version:
    number = body["Version"]
    return Version(
        number=int(number) if number.isdigit() else 0,
        published=body["LastModified"],
        description=body.get("Description", ""),
        memory_mib=body["MemorySize"],
        code=body["CodeSha256"],
        configuration={name: body.get(name) for name in _COMPARED},
        variables=body.get("Environment", {}).get("Variables", {}),
    )


def serving(
    function: AliasedFunction, versions: Mapping[int, Version], alias: Mapping[str, Any]
) -> Version:
    """The version to which the alias leads.

    Raises:
        RecoveryError: it leads to code that was never published.
    """
    number = alias["FunctionVersion"]
    if not number.isdigit() or int(number) not in versions:
        raise RecoveryError(
            f"{function.name}: its alias {function.alias} leads to {number}, which is no published "
            "version; deploy it"
        )
    return versions[int(number)]


def target(
    function: AliasedFunction, versions: Mapping[int, Version], now: int, wanted: int | None
) -> Version:
    """The version that shall serve.

    Args:
        function: whose.
        versions: all that there are.
        now: number of the one that serves.
        wanted: the one to take; None for the one before.

    Raises:
        RecoveryError: there is no such version, or it serves already.
    """
    if wanted is None:
        earlier = [number for number in versions if number < now]
        if not earlier:
            raise RecoveryError(
                f"{function.name}: there is no version before {now}, which serves; mend the "
                "code and deploy it"
            )
        return versions[max(earlier)]
    if wanted not in versions:
        numbers = ", ".join(map(str, versions)) or "none"
        raise RecoveryError(f"{function.name}: no version {wanted}; there are: {numbers}")
    if wanted == now:
        raise RecoveryError(f"{function.name}: version {wanted} serves already")
    return versions[wanted]


def differences(now: Version, then: Version) -> list[str]:
    """What is different in ``then``, in words; of variables only the names."""
    found = []
    if now.code != then.code:
        found.append("code")
    if now.memory_mib != then.memory_mib:
        found.append(f"memory {now.memory_mib} → {then.memory_mib} MiB")
    found += [name for name in _COMPARED if now.configuration[name] != then.configuration[name]]
    variables = sorted(
        name
        for name in {*now.variables, *then.variables}
        if now.variables.get(name) != then.variables.get(name)
    )
    if variables:
        found.append(f"variables {', '.join(variables)}")
    return found


def move_alias(client: Any, function: AliasedFunction, alias: Mapping[str, Any], to: int) -> None:
    """Let the alias lead to another version, if nobody has moved it meanwhile.

    Weights that were left on it go: with them it would lead to two versions.
    """
    weights = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights")
    client.update_alias(
        FunctionName=function.name,
        Name=function.alias,
        FunctionVersion=str(to),
        RevisionId=alias["RevisionId"],
        **({"RoutingConfig": {"AdditionalVersionWeights": {}}} if weights else {}),
    )


def await_provisioned(
    client: Any,
    function: AliasedFunction,
    *,
    show: Callable[[str], object],
    sleep: Callable[[float], object] = time.sleep,
) -> None:
    """Wait until as many environments of the version are warm as the alias shall have.

    Lambda prepares them for the new version once an alias with provisioned concurrency has moved.

    Args:
        client: of Lambda.
        function: whose alias has moved.
        show: is given a line each time that Lambda was asked.
        sleep: waits between two looks.

    Raises:
        RecoveryError: Lambda gave up, or takes too long; the version serves all the same.
    """
    for _ in range(int(_PATIENCE_SECONDS / _POLL_SECONDS)):
        try:
            found = client.get_provisioned_concurrency_config(
                FunctionName=function.name, Qualifier=function.alias
            )
        except client.exceptions.ProvisionedConcurrencyConfigNotFoundException:
            return
        wanted = found["RequestedProvisionedConcurrentExecutions"]
        ready = found.get("AvailableProvisionedConcurrentExecutions", 0)
        show(f"  {ready} of {wanted} environments are warm")
        if found["Status"] == "READY":
            return
        if found["Status"] == "FAILED":
            raise RecoveryError(
                _cold(function, found.get("StatusReason", "Lambda does not say why"))
            )
        sleep(_POLL_SECONDS)
    raise RecoveryError(_cold(function, f"not warm within {_PATIENCE_SECONDS:.0f} s"))


def _cold(function: AliasedFunction, why: str) -> str:
    return (
        f"{function.name}: the version serves, but its first requests are slow, for no "
        f"environment is kept warm: {why}"
    )
