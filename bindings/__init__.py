"""Loads the AWS provider's generated classes one module at a time.

Importing anything from ``cdktf_cdktf_provider_aws`` runs that package's own ``__init__``,
which imports about 2,100 submodules: 10 to 30 seconds and more than a gigabyte, paid by every
synth and every test process. ``install`` puts an empty package in its place, with the real
package's path and spec, so that ``from cdktf_cdktf_provider_aws.vpc import Vpc`` loads that one
submodule. The JavaScript behind the classes loads in the same way (``lazy_index.cjs``). Imports
stay plain, so editors, mypy and a later move to another distribution of the
bindings see nothing unusual; the synthesised JSON is the same byte for byte
(``benchmarks/synth.py`` and ``tests/test_bindings.py`` check both).

The packages that import the provider import this one first.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import sys
import types
from collections.abc import Iterator
from pathlib import Path

PROVIDER_PACKAGE = "cdktf_cdktf_provider_aws"

EAGER_VARIABLE = "MAPVIBE_EAGER_BINDINGS"
"""Set to ``1`` to import the provider the package's own way; the benchmark compares the two."""

_PRELOADED = [Path(__file__).with_name(name) for name in ("lazy_index.cjs", "interrupts.cjs")]


def install() -> None:
    """Register the lazy package; does nothing where the provider is already imported.

    Raises:
        ModuleNotFoundError: the bindings are not installed (run ``make setup``).
    """
    node = Path(sys.prefix) / "bin" / "node"
    if node.exists():
        # The project's own Node: an older one on PATH makes jsii print a banner with every synth.
        os.environ.setdefault("JSII_NODE", str(node))
    if PROVIDER_PACKAGE in sys.modules or os.environ.get(EAGER_VARIABLE) == "1":
        return
    spec = importlib.util.find_spec(PROVIDER_PACKAGE)
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError(
            f"{PROVIDER_PACKAGE} is not installed; run 'make setup'", name=PROVIDER_PACKAGE
        )
    package = types.ModuleType(PROVIDER_PACKAGE)
    package.__path__ = list(spec.submodule_search_locations)
    package.__spec__ = spec
    package.__file__ = spec.origin
    sys.modules[PROVIDER_PACKAGE] = package
    with _node_options():
        # Registers the assembly with the jsii kernel, which every generated class relies on.
        importlib.import_module(f"{PROVIDER_PACKAGE}._jsii")


@contextlib.contextmanager
def _node_options() -> Iterator[None]:
    """Start jsii's Node process with the two preloaded files, and without a warning of its own.

    Node reads its options from the environment. It is restored afterwards, because the CDKTF
    command line also runs on Node and should run with the user's own options.
    """
    before = os.environ.get("NODE_OPTIONS")
    preload = (f'--require "{path}"' for path in _PRELOADED)
    options = (before or "", "--disable-warning=DEP0044", *preload)
    os.environ["NODE_OPTIONS"] = " ".join(options).strip()
    try:
        yield
    finally:
        if before is None:
            del os.environ["NODE_OPTIONS"]
        else:
            os.environ["NODE_OPTIONS"] = before


install()
