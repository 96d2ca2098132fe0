"""What a gap is, and how one is filled: by replacing a method of moto, or adding one it lacks.

A filling works on moto's own objects, so what it keeps lives and dies with them: per account, per
region, gone after a reset.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Method = Callable[..., Any]


class GapError(Exception):
    """moto has changed under a gap: its filling no longer fits, or is no longer needed."""


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One thing that AWS does, that our stacks rely on, and that plain moto does not do.

    Attributes:
        service: as the AWS CLI names it.
        name: unique within the service, in kebab case.
        moto: what plain moto does.
        aws: what AWS does, and the emulator with it.
        fill: changes moto's classes in this process; called once.
    """

    service: str
    name: str
    moto: str
    aws: str
    fill: Callable[[], None]

    @property
    def id(self) -> str:
        """The service and the name."""
        return f"{self.service}/{self.name}"


def replace(owner: type[Any], name: str) -> Callable[[Method], Method]:
    """Replaces a method of a moto class; the new one gets the old one as its first argument.

    Args:
        owner: the class.
        name: of the method.

    Raises:
        GapError: if the class has no such method.
    """
    original = getattr(owner, name, None)
    if not callable(original):
        raise GapError(f"moto no longer has {owner.__module__}.{owner.__name__}.{name}()")

    def decorate(replacement: Method) -> Method:
        @functools.wraps(original)
        def method(*args: Any, **kwargs: Any) -> Any:
            return replacement(original, *args, **kwargs)

        static = isinstance(inspect.getattr_static(owner, name), staticmethod)
        setattr(owner, name, staticmethod(method) if static else method)
        return method

    return decorate


def add(owner: type[Any], name: str) -> Callable[[Method], Method]:
    """Adds a method that a moto class lacks.

    Args:
        owner: the class.
        name: of the method.

    Raises:
        GapError: if the class has one by now.
    """
    if hasattr(owner, name):
        raise GapError(f"moto has {owner.__module__}.{owner.__name__}.{name} now: drop the gap")

    def decorate(method: Method) -> Method:
        setattr(owner, name, method)
        return method

    return decorate


def add_property(owner: type[Any], name: str) -> Callable[[Method], Method]:
    """Adds a read-only property that a moto class lacks.

    Args:
        owner: the class.
        name: of the property.

    Raises:
        GapError: if the class has such an attribute by now.
    """
    return lambda method: add(owner, name)(property(method))  # type: ignore[arg-type]


def replace_property(owner: type[Any], name: str) -> Callable[[Method], Method]:
    """Replaces a read-only property of a moto class; the new one gets the old value as well.

    Args:
        owner: the class.
        name: of the property.

    Raises:
        GapError: if the class has no such property.
    """
    original = getattr(owner, name, None)
    if not isinstance(original, property) or original.fget is None:
        raise GapError(
            f"moto no longer has the property {owner.__module__}.{owner.__name__}.{name}"
        )
    read = original.fget

    def decorate(replacement: Method) -> Method:
        setattr(owner, name, property(lambda self: replacement(read(self), self)))
        return replacement

    return decorate
