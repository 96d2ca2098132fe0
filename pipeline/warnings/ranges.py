"""Ranges of addresses on the internet."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable
from itertools import chain

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_SHOWN = 3


def network(text: str) -> Network | None:
    """A range; ``None`` where the text is none."""
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def is_public(text: str) -> bool:
    """Whether a range reaches beyond private networks."""
    found = network(text)
    return found is not None and (found.prefixlen == 0 or found.is_global)


def is_everything(texts: Iterable[str]) -> bool:
    """Whether ranges together hold every address of one kind, as the two halves do."""
    return any(each.prefixlen == 0 for each in _collapsed(texts))


def added(after: Iterable[str], before: Collection[str]) -> list[str]:
    """What is open of ``after`` and was not of ``before``: ranges, or words for what is none."""
    had = _collapsed(before)
    return [
        text
        for text in after
        if text not in before
        and not any(_within(found, each) for found in (network(text),) if found for each in had)
    ]


def in_words(texts: Iterable[str]) -> str:
    """Ranges for a reader: ``anywhere``, or the first of them."""
    known = list(texts)
    others = sorted({text for text in known if network(text) is None})
    collapsed = _collapsed(known)
    if any(each.prefixlen == 0 for each in collapsed):
        return "anywhere"
    named = [*map(str, collapsed), *others]
    more = len(named) - _SHOWN
    return ", ".join(named[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _collapsed(texts: Iterable[str]) -> list[Network]:
    found = [each for text in texts if (each := network(text)) is not None]
    fours = [each for each in found if isinstance(each, ipaddress.IPv4Network)]
    sixes = [each for each in found if isinstance(each, ipaddress.IPv6Network)]
    return list(chain(ipaddress.collapse_addresses(fours), ipaddress.collapse_addresses(sixes)))


def _within(inner: Network, outer: Network) -> bool:
    return inner.version == outer.version and inner.subnet_of(outer)  # type: ignore[arg-type]
