"""Every usage key that Infracost knows of a type that we price is taken.

``infracost_keys.txt`` lists them by type, with dots where the file nests. Source:
https://github.com/infracost/infracost/blob/master/infracost-usage-example.yml, and for the parts of
a bucket the usage files of its tests.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.cost.pricers import USAGE_KEYS
from pipeline.cost.usage import load_usage

LINES = Path(__file__).with_name("infracost_keys.txt").read_text().splitlines()
KEYS = {name: keys.split() for name, _, keys in (line.partition(": ") for line in LINES)}
WORDS = {"operating_system": "linux", "region": "us-east-1", "architecture": "x86"}


def nested(keys: list[str]) -> dict[str, Any]:
    """The keys as the file nests them, each with a value of its kind."""
    found: dict[str, Any] = {}
    for key in keys:
        *above, name = key.split(".")
        block = found
        for part in above:
            block = block.setdefault(part, {})
        block[name] = WORDS.get(name, "all" if "reserved" in name or name == "tier" else 1)
    return found


@pytest.mark.parametrize("name", sorted(KEYS.keys() & USAGE_KEYS.keys()))
def test_infracosts_keys_are_taken(name: str, tmp_path: Path) -> None:
    path = tmp_path / "usage.yml"
    content = {"version": 0.1, "resource_type_default_usage": {name: nested(KEYS[name])}}
    path.write_text(yaml.safe_dump(content))
    assert load_usage(path, known=USAGE_KEYS).defaults[name].keys() == set(KEYS[name])


def test_most_types_of_the_list_are_priced() -> None:
    assert len(KEYS.keys() & USAGE_KEYS.keys()) >= 57
