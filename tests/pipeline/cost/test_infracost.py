"""Infracost's JSON as the source of the figures."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline.cost.infracost import from_infracost
from pipeline.cost.model import Amount, AmountChange, CostLine, Kind
from pipeline.errors import PipelineError, Status


def component(
    name: str, monthly: str | None, *, quantity: str | None = "730", **others: Any
) -> dict[str, Any]:
    return {
        "name": name,
        "unit": "hours",
        "hourlyQuantity": None,
        "monthlyQuantity": quantity,
        "price": "0.1",
        "hourlyCost": None,
        "monthlyCost": monthly,
        **others,
    }


def resource(name: str, *components: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {
        "name": name,
        "metadata": {"filename": "main.tf"},
        "costComponents": list(components),
        **others,
    }


def breakdown(*resources: dict[str, Any], total: str | None) -> dict[str, Any]:
    return {"resources": list(resources), "totalHourlyCost": None, "totalMonthlyCost": total}


SMALL = resource(
    "aws_db_instance.data_main_0A1B2C3D",
    component("Database instance (on-demand, db.t4g.micro)", "73"),
    subresources=[resource("storage", component("Storage (gp3)", "10", quantity="50"))],
    tags={"CostCenter": "rag"},
)
LARGE = resource(
    "aws_db_instance.data_main_0A1B2C3D",
    component("Database instance (on-demand, db.t4g.large)", "292"),
    subresources=[resource("storage", component("Storage (gp3)", "10", quantity="50"))],
    resourceType="aws_db_instance",
    tags={"CostCenter": "rag2"},
    defaultTags={"CostCenter": "other", "Owner": "team"},
)
FUNCTION = resource(
    "module.api.aws_lambda_function.this[0]",
    component("Requests", None, quantity=None, usageBased=True),
    component("Duration", "4.5", quantity="12", usageBased=True),
)
GONE = resource("aws_eip.old", component("IP address", "3.65"))


def project(name: str = "infrastructure/dev", **others: Any) -> dict[str, Any]:
    return {
        "name": name,
        "metadata": {"path": "cdktf.out", "type": "terraform_plan_json"},
        "pastBreakdown": breakdown(SMALL, GONE, total="86.65"),
        "breakdown": breakdown(FUNCTION, LARGE, total="306.5"),
        "diff": breakdown(total="219.85"),
        "summary": {
            "totalDetectedResources": 9,
            "totalNoPriceResources": 4,
            "unsupportedResourceCounts": {"aws_db_proxy": 2, "aws_cognito_user_pool": 1},
            "noPriceResourceCounts": {"aws_iam_role": 4},
        },
        **others,
    }


def written(folder: Path, *projects: dict[str, Any], **others: Any) -> Path:
    path = folder / "infracost.json"
    body = {
        "version": "0.2",
        "currency": "USD",
        "metadata": {"infracostCommand": "diff"},
        "projects": list(projects),
        "timeGenerated": "2026-03-04T05:06:07.123456+08:00",
        **others,
    }
    path.write_text(json.dumps(body))
    return path


def test_figures_are_taken_before_and_after_with_usage_apart(tmp_path: Path) -> None:
    result = from_infracost(written(tmp_path, project()), stack="dev")
    assert result.total == AmountChange(
        before=Amount(fixed=Decimal("86.65")),
        after=Amount(fixed=Decimal(302), usage=Decimal("4.5")),
    )
    assert [(r.address, r.type, r.module, r.cost.difference.total) for r in result.resources] == [
        ("aws_db_instance.data_main_0A1B2C3D", "aws_db_instance", "data", Decimal(219)),
        ("aws_eip.old", "aws_eip", "old", Decimal("-3.65")),
        ("module.api.aws_lambda_function.this[0]", "aws_lambda_function", "module.api",
         Decimal("4.5")),
    ]  # fmt: skip
    assert result.source == "Infracost, 2026-03-04"
    assert result.free == 4
    assert result.unknown == ()


def test_lines_of_nested_resources_have_their_name_before_them(tmp_path: Path) -> None:
    result = from_infracost(written(tmp_path, project()), stack="dev")
    assert result.resources[0].after[1] == CostLine(
        what="storage: Storage (gp3)",
        kind=Kind.FIXED,
        quantity=Decimal(50),
        unit="hours",
        price=Decimal("0.1"),
        monthly=Decimal(10),
    )


def test_usage_that_nobody_stated_is_named(tmp_path: Path) -> None:
    result = from_infracost(written(tmp_path, project()), stack="dev")
    assert result.unstated == ("module.api.aws_lambda_function.this[0]: Requests",)


def test_an_older_version_without_the_flag_tells_usage_by_its_empty_quantity(
    tmp_path: Path,
) -> None:
    old = resource("aws_lambda_function.f", component("Requests", None, quantity=None))
    path = written(tmp_path, project(breakdown=breakdown(old, total=None)))
    result = from_infracost(path, stack="dev")
    assert result.unstated == ("aws_lambda_function.f: Requests",)


def test_types_that_infracost_does_not_price_are_named(tmp_path: Path) -> None:
    result = from_infracost(written(tmp_path, project()), stack="dev")
    assert {each.type: each.addresses for each in result.unpriced} == {
        "aws_cognito_user_pool": ("1 of them, which Infracost does not name",),
        "aws_db_proxy": ("2 of them, which Infracost does not name",),
    }


def test_a_price_that_infracost_did_not_find_is_named_and_no_zero(tmp_path: Path) -> None:
    lost = resource("aws_eip.a", component("IP address", "0", price="0", priceNotFound=True))
    path = written(tmp_path, project(breakdown=breakdown(lost, total="0")))
    result = from_infracost(path, stack="dev")
    assert result.unknown == ("aws_eip.a: IP address: Infracost found no price",)
    assert [line.monthly for line in result.resources[1].after] == [None]


def test_sums_by_module_and_tag_take_each_side_of_its_own(tmp_path: Path) -> None:
    result = from_infracost(written(tmp_path, project()), stack="dev", tags=("CostCenter", "Owner"))
    small, large = Amount(fixed=Decimal(83)), Amount(fixed=Decimal(302))
    assert result.by_tag == {
        "CostCenter=rag": AmountChange(before=small),
        "CostCenter=rag2": AmountChange(after=large),
        "Owner=team": AmountChange(after=large),
    }
    assert result.by_module["data"] == AmountChange(before=small, after=large)


def test_without_a_past_it_is_said_that_all_shows_as_new(tmp_path: Path) -> None:
    path = written(tmp_path, project(pastBreakdown=None, diff=None))
    result = from_infracost(path, stack="dev")
    assert result.total.before == Amount()
    (line,) = result.unknown
    assert line == (
        "infrastructure/dev: Infracost gives no cost before the plan, so that all of it shows as "
        "new; use 'infracost diff'"
    )


EMPTY = breakdown(total=None)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "dev"},
        {"name": "group/infrastructure/dev"},
        {"name": "x", "displayName": "dev"},
        {"name": "x", "metadata": {"terraformWorkspace": "dev"}},
        {"name": "x", "metadata": {"path": "plans/dev.json"}},
        {"name": "x", "metadata": {"path": "cdktf.out/stacks/dev"}},
    ],
    ids=["name", "end-of-name", "display-name", "workspace", "plan-file", "folder"],
)
def test_of_several_projects_the_environments_own_is_taken(
    fields: dict[str, Any], tmp_path: Path
) -> None:
    others = [project(name, breakdown=EMPTY) for name in ("prod", "backend-dev")]
    result = from_infracost(written(tmp_path, *others, project(**fields)), stack="dev")
    assert result.total.after.total == Decimal("306.5")


def test_a_single_project_is_taken_whatever_its_name(tmp_path: Path) -> None:
    result = from_infracost(written(tmp_path, project("main")), stack="dev")
    assert result.total.after.total == Decimal("306.5")


def without(name: str, body: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != name}


@pytest.mark.parametrize(
    ("projects", "others", "message"),
    [
        pytest.param([project("a"), project("b")], {}, "no project is called 'dev'; there are: "
                     "a, b", id="none-fits"),
        pytest.param([project("x/dev"), project("y/dev")], {}, "several projects are called 'dev'",
                     id="two-fit"),
        pytest.param([], {}, "no project is called 'dev'; there are: none", id="no-project"),
        pytest.param([project()], {"version": "0.3"}, "is of Infracost's format 0.3; 0.2 is "
                     "understood", id="newer"),
        pytest.param([project()], {"currency": "SGD"}, "is in SGD; run", id="currency"),
        pytest.param([project(breakdown=None)], {}, "Infracost could not estimate "
                     "'infrastructure/dev': no breakdown", id="no-breakdown"),
        pytest.param([project(metadata={"errors": [{"code": 2, "message": "no\nfiles"}]})], {},
                     "could not estimate 'infrastructure/dev': no files", id="errors"),
        pytest.param([project(breakdown=breakdown(SMALL, SMALL, total="166"))], {},
                     "is there twice", id="doubled"),
        pytest.param([project(breakdown=breakdown(SMALL, total="84"))], {},
                     "its lines add up to 83.00 USD, not to its total of 84.00", id="sum"),
        pytest.param([project(breakdown=breakdown(resource("a.b", component("c", "-1")),
                     total=None))], {}, "c has the figure -1", id="negative"),
        pytest.param([project(breakdown=breakdown(resource("a.b", component("c", "NaN")),
                     total=None))], {}, "c has the figure NaN", id="nan"),
        pytest.param([project(breakdown=breakdown(resource("a.b", component("c", "x")),
                     total=None))], {}, "is no JSON of infracost", id="words"),
        pytest.param([without("name", project())], {}, "is no JSON of infracost", id="no-name"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_in_one_line(
    projects: list[dict[str, Any]], others: dict[str, Any], message: str, tmp_path: Path
) -> None:
    refused(written(tmp_path, *projects, **others), message)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"format_version": "1.2"}', b"\xff\xfe", b"[" * 100_000],
    ids=["empty", "truncated", "list", "plan", "binary", "deep"],
)
def test_another_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "infracost.json"
    path.write_bytes(content)
    refused(path, "is no JSON of infracost breakdown or diff")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    refused(tmp_path / "none.json", "cannot be read: No such file")


def refused(path: Path, message: str) -> None:
    with pytest.raises(PipelineError) as caught:
        from_infracost(path, stack="dev")
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)
    assert caught.value.status is Status.BAD_SETTINGS
