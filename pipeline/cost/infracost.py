"""Takes the figures from Infracost's JSON instead of pricing the plan.

Source: https://www.infracost.io/docs/features/json_output_format/
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path, PurePosixPath

import msgspec

from pipeline.cost.model import AmountChange, CostLine, Estimate, Kind, MissingPrice, ResourceCost
from pipeline.cost.totals import Totals, amount
from pipeline.errors import PipelineError, Status
from pipeline.plan.address import module_of, type_of

_VERSION = "0.2"
_CENT = Decimal("0.01")


class _Component(msgspec.Struct, rename="camel", frozen=True):
    name: str
    unit: str = ""
    monthly_quantity: Decimal | None = None
    price: Decimal = Decimal(0)
    monthly_cost: Decimal | None = None
    usage_based: bool = False
    price_not_found: bool = False

    def __post_init__(self) -> None:
        for figure in (self.monthly_quantity, self.price, self.monthly_cost):
            if figure is not None and not (figure.is_finite() and figure >= 0):
                raise ValueError(f"{self.name} has the figure {figure}, which is not 0 or more")


class _Resource(msgspec.Struct, rename="camel", frozen=True):
    name: str
    resource_type: str = ""
    tags: dict[str, str] | None = None
    default_tags: dict[str, str] | None = None
    cost_components: list[_Component] | None = None
    subresources: list[_Resource] | None = None


class _Breakdown(msgspec.Struct, rename="camel", frozen=True):
    resources: list[_Resource] | None = None
    total_monthly_cost: Decimal | None = None


class _Diagnostic(msgspec.Struct, frozen=True):
    message: str = ""


class _Metadata(msgspec.Struct, rename="camel", frozen=True):
    path: str = ""
    terraform_workspace: str = ""
    errors: list[_Diagnostic] | None = None


class _Summary(msgspec.Struct, rename="camel", frozen=True):
    unsupported_resource_counts: dict[str, int] | None = None
    total_no_price_resources: int = 0


class _Project(msgspec.Struct, rename="camel", frozen=True):
    name: str
    display_name: str = ""
    metadata: _Metadata | None = None
    past_breakdown: _Breakdown | None = None
    breakdown: _Breakdown | None = None
    summary: _Summary | None = None


class _Root(msgspec.Struct, rename="camel", frozen=True):
    version: str
    projects: list[_Project]
    currency: str = ""
    time_generated: str = ""


def from_infracost(
    path: Path,
    *,
    stack: str,
    tags: Sequence[str] = ("CostCenter",),
) -> Estimate:
    """What Infracost says of one stack.

    Args:
        path: output of ``infracost breakdown`` or ``infracost diff`` with ``--format json``.
        stack: its name in reports; of several projects the one is taken whose name, workspace or path, or the
            last part of its name or path, is this; a single one is taken in any case.
        tags: names of the tags to add up by.

    Raises:
        PipelineError: with ``BAD_SETTINGS``; the file is no such output, is not in USD, or has no
            project or several for the stack.
    """
    root = _read(path)
    project = _project(path, root, stack)
    if project.breakdown is None or (project.metadata and project.metadata.errors):
        errors = (project.metadata and project.metadata.errors) or [_Diagnostic("no breakdown")]
        reason = " ".join(errors[0].message.split())
        raise _bad(path, f"Infracost could not estimate '{project.name}': {reason}")
    past = project.past_breakdown
    before = _resources(path, past)
    after = _resources(path, project.breakdown)
    totals = Totals(tags)
    resources: list[ResourceCost] = []
    for address in dict.fromkeys((*after, *before)):
        resource = _cost(address, before.get(address), after.get(address))
        if resource.before or resource.after:
            resources.append(resource)
            totals.add(resource, _tags(before.get(address)), _tags(after.get(address)))
    summary = project.summary or _Summary()
    unsupported = summary.unsupported_resource_counts or {}
    return Estimate(
        total=totals.total,
        resources=tuple(sorted(resources, key=lambda resource: resource.address)),
        by_module=totals.by_module,
        by_tag=totals.by_tag,
        free=summary.total_no_price_resources,
        unpriced=tuple(
            MissingPrice(type=name, addresses=(f"{count} of them, which Infracost does not name",))
            for name, count in sorted(unsupported.items())
        ),
        unknown=tuple(_unknown(project, resources)),
        unstated=tuple(
            f"{resource.address}: {line.what}"
            for resource in resources
            for line in resource.after
            if line.monthly is None and line.kind is Kind.USAGE
        ),
        source=f"Infracost, {root.time_generated[:10]}".removesuffix(", "),
    )


def _read(path: Path) -> _Root:
    try:
        root = msgspec.json.decode(path.read_bytes(), type=_Root)
    except OSError as error:
        raise _bad(path, f"cannot be read: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _bad(path, f"is no JSON of infracost breakdown or diff: {error}") from None
    if root.version != _VERSION:
        raise _bad(path, f"is of Infracost's format {root.version}; {_VERSION} is understood")
    if root.currency not in ("", "USD"):
        raise _bad(path, f"is in {root.currency}; run 'infracost configure set currency USD'")
    return root


def _project(path: Path, root: _Root, stack: str) -> _Project:
    if len(root.projects) == 1:
        return root.projects[0]
    found = [project for project in root.projects if {stack, _id(stack)} & _names(project)]
    if len(found) != 1:
        number = "several projects are" if found else "no project is"
        names = ", ".join(project.name for project in root.projects) or "none"
        raise _bad(path, f"{number} called '{stack}'; there are: {names}")
    return found[0]


def _id(stack: str) -> str:
    return stack.rpartition("/")[2]


def _names(project: _Project) -> set[str]:
    metadata = project.metadata or _Metadata()
    paths = {PurePosixPath(text) for text in (project.name, metadata.path)}
    whole = {project.name, project.display_name, metadata.terraform_workspace, metadata.path}
    return whole | {path.name for path in paths} | {path.stem for path in paths}


def _resources(path: Path, breakdown: _Breakdown | None) -> dict[str, _Resource]:
    if breakdown is None:
        return {}
    found: dict[str, _Resource] = {}
    for resource in breakdown.resources or ():
        if resource.name in found:
            raise _bad(path, f"resource {resource.name} is there twice")
        found[resource.name] = resource
    total, stated = amount(_all_lines(found)).total, breakdown.total_monthly_cost
    if stated is not None and abs(stated - total) > _CENT:
        raise _bad(path, f"its lines add up to {total:.2f} USD, not to its total of {stated:.2f}")
    return found


def _all_lines(resources: dict[str, _Resource]) -> Iterator[CostLine]:
    for resource in resources.values():
        yield from _lines(resource)


def _cost(address: str, before: _Resource | None, after: _Resource | None) -> ResourceCost:
    lines_before = () if before is None else tuple(_lines(before))
    lines_after = () if after is None else tuple(_lines(after))
    named = "." in address
    given = (after or before or _Resource(address)).resource_type
    return ResourceCost(
        address=address,
        type=given or (type_of(address) if named else ""),
        module=module_of(address) if named else "",
        cost=AmountChange(before=amount(lines_before), after=amount(lines_after)),
        before=lines_before,
        after=lines_after,
    )


def _lines(resource: _Resource, prefix: str = "") -> Iterator[CostLine]:
    for item in resource.cost_components or ():
        # Versions without the flag leave the quantity of unstated usage empty.
        by_usage = item.usage_based or (item.monthly_quantity is None and not item.price_not_found)
        yield CostLine(
            what=f"{prefix}{item.name}",
            kind=Kind.USAGE if by_usage else Kind.FIXED,
            quantity=item.monthly_quantity,
            unit=item.unit,
            price=item.price,
            monthly=None if item.price_not_found else item.monthly_cost,
            note="Infracost found no price" if item.price_not_found else "",
        )
    for nested in resource.subresources or ():
        yield from _lines(nested, f"{prefix}{nested.name}: ")


def _unknown(project: _Project, resources: Sequence[ResourceCost]) -> Iterator[str]:
    if project.past_breakdown is None:
        yield (
            f"{project.name}: Infracost gives no cost before the plan, so that all of it shows as "
            "new; use 'infracost diff'"
        )
    for resource in resources:
        for line in resource.after:
            if line.note:
                yield f"{resource.address}: {line.what}: {line.note}"


def _tags(resource: _Resource | None) -> dict[str, str]:
    if resource is None:
        return {}
    return {**(resource.default_tags or {}), **(resource.tags or {})}


def _bad(path: Path, text: str) -> PipelineError:
    return PipelineError(f"{path}: {text}", Status.BAD_SETTINGS)
