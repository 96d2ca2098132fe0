"""The note of a merge request."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from pipeline.cost.model import Estimate, MissingPrice
from pipeline.plan.model import Action
from pipeline.report.markdown import render
from pipeline.report.model import (
    Counts,
    JobFailure,
    PolicyFinding,
    Report,
    Topic,
)
from tests.pipeline.report import parsing
from tests.pipeline.report.reports import (
    DEV,
    PIPELINE,
    PROD,
    SMALL,
    alone,
    amounts,
    change,
    everywhere,
    warning,
)

GOLDEN = """\
<!-- the note -->
<!-- mapvibe:plan dev=4be1c09f2a77d3e8 prod=a00b19cd55e2f614 commit=9f31c2ab77d00e41c2ab77d00e419f31c2ab77d0 pipeline=48211 -->

## 🔴 Plan: dev `~1 -/+1` · prod no changes · +56.21 USD a month

**1 data loss** · **1 budget warning**

| Environment | Created | Changed | Replaced | Destroyed | USD a month: before → after (difference) |
|:--|--:|--:|--:|--:|--:|
| `dev` | \u2013 | 1 | **1** | \u2013 | **18.25 → 74.46 (+56.21)**<br>fixed 18.25 → 74.46 (+56.21)<br>usage: depends on usage, 1 quantity not stated |
| `prod` | no&nbsp;changes | \u2013 | \u2013 | \u2013 | 878.50 (unchanged) |

### Warnings

- 🔴 **Data is lost** (1)
  - `dev` `aws_db_instance.database_8A3F21C0`: is replaced

### Budgets and prices

- 🟠 `dev` budget warns: 74.46 USD a month is above 70.00 USD
  - 18.25 → 74.46 (+56.21) USD a month, fixed 18.25 → 74.46 (+56.21); what grew most: `aws_db_instance.database_8A3F21C0 18.25 → 74.46 (+56.21)`

### Cost detail (USD a month)

<details><summary><code>dev</code> 18.25 → 74.46 (+56.21): 1 resource with a cost, 3 free</summary>

Prices: catalogue of 2025-11-03

**Usage that nobody stated, not in the total:**

- aws\\_db\\_instance.database\\_8A3F21C0: additional\\_backup\\_storage\\_gb

| Resource | Baseline (fixed) | Usage | Before | After | Difference |
|:--|--:|--:|--:|--:|--:|
| `aws_db_instance.database_8A3F21C0` | 74.46 | depends on usage | 18.25 | 74.46 + usage | **+56.21 + usage** |

| Module | Fixed | Usage | Total: before → after (difference) |
|:--|--:|--:|--:|
| `database` | 18.25 → 74.46 (+56.21) | depends on usage | 18.25 → 74.46 (+56.21) + usage |

| Tag | Fixed | Usage | Total: before → after (difference) |
|:--|--:|--:|--:|
| `Project=mapvibe` | 18.25 → 74.46 (+56.21) | 0.00 | 18.25 → 74.46 (+56.21) |

<details><summary>3 lines: quantity \u00d7 price</summary>

| Resource | What | Quantity \u00d7 price | Before | After |
|:--|:--|--:|--:|--:|
| `aws_db_instance.database_8A3F21C0` | instance db.t4g.medium | 730 Hrs \u00d7 0.102 | \u2013 | 74.46 |
| `aws_db_instance.database_8A3F21C0` | backup | ? GB-Mo \u00d7 0.095 | \u2013 | depends on usage |
| `aws_db_instance.database_8A3F21C0` | instance db.t4g.micro | 730 Hrs \u00d7 0.025 | 18.25 | \u2013 |

</details>

</details>

### Plan

**dev**

<details><summary><code>-/+</code> Replaced: 1</summary>

```diff
-/+ aws_db_instance.database_8A3F21C0
-     encrypted  false
+     encrypted  true  # forces replacement
```

</details>

<details><summary><code>~</code> Changed: 1</summary>

```diff
~ aws_lambda_function.rag_6D01A9F2
-     memory_size  512
+     memory_size  1024
```

</details>

---

commit `9f31c2ab` · [pipeline 48211](https://gitlab.example.com/mapvibe/infrastructure/-/pipelines/48211) · fingerprints of the planned changes: `dev` `4be1c09f2a77d3e8`, `prod` `a00b19cd55e2f614`
"""


def test_a_small_report_is_this_note() -> None:
    assert render(SMALL, marker="<!-- the note -->") == GOLDEN


def title(report: Report) -> str:
    return next(line for line in render(report).splitlines() if line.startswith("## "))


def only(**fields: object) -> Report:
    values: dict[str, Any] = {
        "counts": Counts(update=1),
        "changes": (change("a.b", Action.UPDATE),),
        **fields,
    }
    return Report(environments=(alone("dev", **values),))


def test_the_order_is_what_a_reviewer_needs() -> None:
    note = render(everywhere("a text"))
    marks = [
        "## 🔴 Plan: dev `+1 ~1 moved 1` · prod no plan · 2 jobs failed",
        "### Failed",
        "**1 public** · 1 partial plan · **1 failed budget**",
        "| Environment |",
        "### Warnings",
        "### Budgets and prices",
        "**no price for**",
        "### New policy findings",
        "### Cost detail",
        "### Plan",
        "commit `9f31c2ab`",
    ]
    places = [note.index(mark) for mark in marks]
    assert places == sorted(places)
    assert note.index("**no price for**") < note.index("<details>")


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (Report(), "## 🟢 Plan: none"),
        (Report(failures=(JobFailure(job="validate"),)), "## 🔴 Plan: none · 1 job failed"),
        (Report(environments=(PROD,)), "## 🟢 Plan: prod no changes · cost unchanged"),
        (SMALL, "## 🔴 Plan: dev `~1 -/+1` · prod no changes · +56.21 USD a month"),
        (only(failure="no"), "## 🔴 Plan: dev no plan"),
        (only(warnings=(warning(Topic.DRIFT, "a", "b"),)), "## 🟡 Plan: dev `~1`"),
        (only(warnings=(warning(Topic.IAM, "a", "b"),)), "## 🟠 Plan: dev `~1`"),
        (
            only(counts=Counts(), changes=(), outputs={"a": Action.CREATE}),
            "## 🟢 Plan: dev outputs only",
        ),
        (
            only(counts=Counts(create=12, update=3, replace=1, delete=2, forget=1)),
            "## 🟢 Plan: dev `+12 ~3 -/+1 -2 forgotten 1`",
        ),
        (
            only(estimate=Estimate(total=amounts(("2", "0"), ("1", "0")), unknown=("a",))),
            "## 🟢 Plan: dev `~1` · -1.00 USD a month, incomplete",
        ),
        (
            only(
                estimate=Estimate(
                    total=amounts(), unpriced=(MissingPrice(type="a", addresses=("a.b",)),)
                )
            ),
            "## 🔴 Plan: dev `~1` · cost incomplete",
        ),
    ],
    ids=[
        "nothing",
        "validate failed",
        "unchanged",
        "small",
        "no plan",
        "drift",
        "iam",
        "outputs",
        "every count",
        "incomplete",
        "unpriced",
    ],
)
def test_the_title_is_the_verdict(report: Report, expected: str) -> None:
    assert title(report) == expected


def test_an_unchanged_environment_takes_one_line() -> None:
    note = render(SMALL)
    visible = [line for line in note.splitlines()[1:] if re.search(r"\bprod\b", line)]
    assert visible == [
        "## 🔴 Plan: dev `~1 -/+1` · prod no changes · +56.21 USD a month",
        "| `prod` | no&nbsp;changes | \u2013 | \u2013 | \u2013 | 878.50 (unchanged) |",
        visible[-1],
    ]
    assert visible[-1].endswith("`prod` `a00b19cd55e2f614`")


def test_an_unchanged_plan_whose_cost_changes_is_shown() -> None:
    estimate = Estimate(total=amounts(("1", "2"), ("1", "3")), source="a new usage file")
    note = render(Report(environments=(alone("dev", estimate=estimate),)))
    assert "**3.00 → 4.00 (+1.00)**<br>fixed 1.00<br>usage 2.00 → 3.00 (+1.00)" in note
    assert "a new usage file" in note


def test_the_table_shows_what_is_rare_only_when_it_happens() -> None:
    head = ["Environment", "Created", "Changed", "Replaced", "Destroyed"]
    assert parsing.tables(render(only()))[0] == [head, ["`dev`", "\u2013", "1", "\u2013", "\u2013"]]
    counts = Counts(replace=1, delete=1234, move=1, imported=2, forget=3)
    assert parsing.tables(render(only(counts=counts)))[0] == [
        [*head, "Moved", "Imported", "Forgotten"],
        ["`dev`", "\u2013", "\u2013", "**1**", "**1,234**", "1", "2", "3"],
    ]


def test_usage_that_nobody_stated_is_never_a_silent_zero() -> None:
    estimate = Estimate(total=amounts((("1"), "0"), ("1", "0")), unstated=("a.b: c", "a.b: d"))
    note = render(only(estimate=estimate))
    assert "usage: depends on usage, 2 quantities not stated" in note
    stated = msgspec.structs.replace(estimate, total=amounts(("1", "0"), ("1", "5")))
    assert "usage 0.00 → 5.00 (+5.00) + 2 quantities not stated" in render(only(estimate=stated))
    missing = MissingPrice(type="y", addresses=("z",))
    assert "without 1 value not known yet, 1 unpriced type" in render(
        only(estimate=msgspec.structs.replace(estimate, unknown=("x",), unpriced=(missing,)))
    )


def test_warnings_stand_most_serious_first() -> None:
    found = tuple(warning(topic, f"a.{topic.value}", "is so") for topic in reversed(Topic))
    note = render(only(warnings=found))
    assert re.findall(r"`a\.([a-z-]+)`: is so", note) == [topic.value for topic in Topic]
    assert "- 🔴 **Data is lost** (1)\n  - `dev` `a.data-loss`: is so\n" in note


def test_many_warnings_are_folded_and_the_next_topic_is_not() -> None:
    found = [warning(Topic.DESTROYED, f"a.b{number}", "goes") for number in range(600)]
    note = render(only(warnings=(*found, warning(Topic.IAM, "a.iam", "widens"))))
    summaries = re.findall(r"<summary>(.*)</summary>", note)
    assert summaries == ["Destroyed or replaced: 480 more", "<code>~</code> Changed: 1"]
    assert "\n\nand 100 more\n\n</details>\n\n- 🟠 **Permissions widen** (1)" in note
    # Markdown inside and after a folded part is read as Markdown.
    assert parsing.skeleton(note).count(("list_item_open", "li")) == 500 + 1 + 2
    assert "the job's artifact" in note


def test_policy_findings_are_the_new_ones() -> None:
    failed = PolicyFinding(stack="dev", resource="b", check="CKV_1", text="Ensure a | b")
    skipped = PolicyFinding(stack="dev", resource="c", check="CKV_2", text="because", skipped=True)
    note = render(Report(policies=(skipped, failed), policies_baseline=True))
    assert title(Report(policies=(failed,), policies_baseline=True)) == "## 🔴 Plan: none"
    assert "### New policy findings\n\n🔴 **Failed** (1 medium)\n" in note
    assert parsing.tables(note) == [
        [
            ["Severity", "Stack", "Resource", "Check", "What is wrong"],
            ["🟠 medium", "`dev`", "`b`", "`CKV_1`", "Ensure a &#124; b"],
        ],
        [["Stack", "Resource", "Check", "Reason"], ["`dev`", "`c`", "`CKV_2`", "because"]],
    ]
    assert "<details>" not in note


def found(check: str, severity: str = "medium", **fields: Any) -> PolicyFinding:
    return PolicyFinding(
        stack="dev", resource="r", check=check, text="is wrong", severity=severity, **fields
    )


def test_policy_findings_come_worst_first_each_check_with_its_remedy() -> None:
    remedy = "Close the port | all of them."
    note = render(
        Report(
            policies=(
                found("CKV_1"),
                found("MV_1", "low", remedy="Tidy."),
                found("MV_2", "critical", remedy=remedy),
                found("MV_3", "high", remedy="Lock."),
            )
        )
    )
    [table] = parsing.tables(note)
    assert [row[0] for row in table[1:]] == ["🔴 critical", "🔴 high", "🟠 medium", "🟡 low"]
    assert "🔴 **Failed** (1 critical, 1 high, 1 medium, 1 low)" in note
    mending = note.partition("How to mend it:\n\n")[2].splitlines()[:3]
    assert mending == [
        "- `MV_2`: Close the port &#124; all of them.",
        "- `MV_3`: Lock.",
        "- `MV_1`: Tidy.",
    ]


def test_what_json_and_plan_both_say_is_said_once_and_what_only_the_plan_says_is_added() -> None:
    both, planned = found("MV_1", "high"), found("MV_2", "critical")
    open_ = found("MV_3", undecided=True)
    environment = alone("dev", policies=(msgspec.structs.replace(both, text="x"), planned, open_))
    note = render(Report(environments=(environment,), policies=(both,), policies_baseline=True))
    failed, undecided = parsing.tables(note)[1:3]
    assert [(row[3], row[4]) for row in failed[1:]] == [
        ("`MV_2`", "is wrong"),
        ("`MV_1`", "is wrong"),
    ]
    assert [row[2] for row in undecided[1:]] == ["`MV_3`"]
    assert "🟡 **Nobody can say before the apply** (1)" in note
    assert "1 policy check left open" in note


def test_findings_without_a_baseline_say_so() -> None:
    skipped = PolicyFinding(stack="dev", resource="c", check="CKV_2", text="because", skipped=True)
    note = render(Report(policies=(skipped,)))
    assert "There was nothing of the default branch to compare with" in note
    assert "<details><summary>Skipped with a reason (1)</summary>" in note
    assert "baseline" not in render(Report())


def test_a_failed_job_is_named_with_its_link_on_top() -> None:
    report = Report(
        environments=(alone("dev", failure="no credentials"), PROD),
        failures=(JobFailure(job="validate", url=PIPELINE, text="3 errors"), JobFailure(job="x")),
    )
    note = render(report)
    assert (
        "### Failed\n\n"
        f"- 🔴 [`validate`]({PIPELINE}): 3 errors\n"
        "- 🔴 `x`\n"
        "- 🔴 `dev` has no plan: no credentials\n"
    ) in note
    assert "| `dev` | no&nbsp;plan | \u2013 | \u2013 | \u2013 | not estimated |" in note


def test_many_failures_are_counted() -> None:
    note = render(Report(failures=tuple(JobFailure(job=f"job {n}") for n in range(25))))
    assert note.count("- 🔴 ") == 20
    assert "- and 5 more\n" in note


def test_the_costs_of_resources_modules_tags_and_lines() -> None:
    tables = parsing.tables(render(SMALL))
    assert tables[1][1] == [
        "`aws_db_instance.database_8A3F21C0`",
        "74.46",
        "depends on usage",
        "18.25",
        "74.46 + usage",
        "**+56.21 + usage**",
    ]
    assert tables[2][1] == [
        "`database`",
        "18.25 → 74.46 (+56.21)",
        "depends on usage",
        "18.25 → 74.46 (+56.21) + usage",
    ]
    assert tables[3][1][0] == "`Project=mapvibe`"
    assert [row[1:] for row in tables[4][1:]] == [
        ["instance db.t4g.medium", "730 Hrs \u00d7 0.102", "\u2013", "74.46"],
        ["backup", "? GB-Mo \u00d7 0.095", "\u2013", "depends on usage"],
        ["instance db.t4g.micro", "730 Hrs \u00d7 0.025", "18.25", "\u2013"],
    ]


def test_the_dearest_difference_stands_first() -> None:
    assert DEV.estimate
    one = DEV.estimate.resources[0]
    resources = tuple(
        msgspec.structs.replace(
            one, address=f"a.{name}", before=(), after=(), cost=amounts(("10", "0"), (after, "0"))
        )
        for name, after in (("same", "10"), ("less", "1"), ("more", "20"), ("bit", "10.001"))
    )
    new = msgspec.structs.replace(
        one, address="a.usage", before=(), after=one.after[1:], cost=amounts()
    )
    estimate = Estimate(total=amounts(), resources=(*resources, new))
    rows = parsing.tables(render(only(estimate=estimate)))[1][1:]
    assert [(row[0], row[5]) for row in rows] == [
        ("`a.more`", "**+10.00**"),
        ("`a.less`", "**-9.00**"),
        ("`a.bit`", "**+&lt;0.01**"),
        ("`a.usage`", "**depends on usage**"),
        ("`a.same`", "**0.00**"),
    ]


def test_a_resource_that_goes_shows_what_it_was() -> None:
    assert DEV.estimate
    gone = msgspec.structs.replace(
        DEV.estimate.resources[0],
        before=DEV.estimate.resources[0].after,
        after=(),
        cost=amounts(("74.46", "0")),
    )
    rows = parsing.tables(render(only(estimate=Estimate(total=amounts(), resources=(gone,)))))
    assert rows[1][1][1:] == [
        "74.46",
        "depends on usage",
        "74.46 + usage",
        "\u2013",
        "**-74.46 - usage**",
    ]


def test_a_fixed_cost_that_is_not_known_says_so() -> None:
    assert DEV.estimate
    line = msgspec.structs.replace(
        DEV.estimate.resources[0].after[0], quantity=None, monthly=None, price=Decimal("0.1")
    )
    resource = msgspec.structs.replace(
        DEV.estimate.resources[0], before=(), after=(line,), cost=amounts()
    )
    rows = parsing.tables(render(only(estimate=Estimate(total=amounts(), resources=(resource,)))))
    assert rows[1][1][1:] == [
        "not known yet",
        "\u2013",
        "\u2013",
        "not known yet",
        "**not known yet**",
    ]


def test_changes_are_grouped_most_dangerous_first() -> None:
    changes = tuple(change(f"a.{action.name}", action) for action in reversed(Action))
    moved = change("a.moved", Action.UPDATE, previous_address="a.old", imported=True)
    note = render(only(changes=(*changes, moved)))
    assert re.findall(r"<summary><code>(.*)</code> (.*)</summary>", note) == [
        ("-/+", "Replaced: 1"),
        ("-", "Destroyed: 1"),
        ("~", "Changed: 2"),
        ("+", "Created: 1"),
        (".", "Forgotten (stays in AWS): 1"),
        ("&gt;", "Moved or imported, nothing else: 2"),
    ]
    assert "~ a.moved  # moved from a.old, imported\n" in note
    assert "-/+ a.REPLACE\n" in note


def test_outputs_and_notes_are_shown() -> None:
    outputs = {"b": Action.DELETE, "a": Action.CREATE}
    note = render(only(outputs=outputs, notes=("2 values are masked", "a second")))
    assert "**dev**: 2 values are masked; a second" in note
    assert "<summary>Outputs: 2</summary>\n\n```diff\n+ a\n- b\n```" in note


def test_values_of_several_lines_and_endless_ones() -> None:
    long = change("a.b", Action.UPDATE, *(DEV.stacks[0].changes[0].attributes * 201))
    assert "\n#     and 1 more\n" in render(only(changes=(long,)))
    view = DEV.stacks[0].changes[0].attributes[0]
    several = msgspec.structs.replace(view, before="one\n```\ntwo", after="x" * 2_500)
    note = render(only(changes=(change("a.b", Action.UPDATE, several),)))
    assert (
        "````diff\n"
        "~ a.b\n"
        "-     memory_size  one\n"
        "-                  ```\n"
        "-                  two\n"
        f"+     memory_size  {'x' * 2000}… (500 more characters)\n"
        "````\n"
    ) in note


def test_what_is_rendered_twice_is_the_same() -> None:
    assert render(SMALL) == render(SMALL)


def test_what_is_true_of_many_resources_is_told_once() -> None:
    names = [f"aws_apigatewayv2_route.api_{number}" for number in range(5)]
    opened = [warning(Topic.PUBLIC, name, "anybody may call the route") for name in names]
    lost = [warning(Topic.DATA_LOSS, name, "is destroyed") for name in ("aws_a.a", "aws_a.b")]
    note = render(only(warnings=(*lost, *opened)))
    assert "- 🟠 **Opens to the internet** (5)\n" in note
    line = next(each for each in note.splitlines() if "anybody may call the route" in each)
    assert line == (
        "  - `dev` 5 \u00d7 anybody may call the route: `aws_apigatewayv2_route.api_0`, "
        "`aws_apigatewayv2_route.api_1`, `aws_apigatewayv2_route.api_2` and 2 more"
    )
    assert "  - `dev` `aws_a.a`: is destroyed\n  - `dev` `aws_a.b`: is destroyed\n" in note


def priced(age: int | None, *, number: int = 40, from_aws: int = 0) -> Report:
    return only(
        estimate=Estimate(
            total=amounts(), prices=number, prices_from_aws=from_aws, price_age_days=age
        )
    )


@pytest.mark.parametrize(
    ("from_aws", "words"), [(0, "none"), (12, "12 of 40"), (40, "all")], ids=["none", "some", "all"]
)
def test_the_end_says_how_old_the_prices_are_and_who_gave_them(from_aws: int, words: str) -> None:
    last = render(priced(81, from_aws=from_aws)).splitlines()[-1]
    assert last == f"prices up to 81 days old, {words} read from AWS itself"


def test_the_end_says_nothing_of_prices_where_none_was_taken() -> None:
    assert "days old" not in render(priced(None, number=0))


def test_the_oldest_price_of_all_stacks_counts() -> None:
    parts = [alone(str(age), estimate=priced(age).stacks[0].estimate) for age in (3, 1, 2)]
    note = render(Report(environments=tuple(parts)))
    assert note.splitlines()[-1] == "prices up to 3 days old, none read from AWS itself"


def test_old_prices_are_warned_of_with_the_remedy() -> None:
    old = render(priced(181))
    # What is true of every plan until somebody refreshes must not colour each of them.
    assert "## 🟢 Plan" in old
    assert (
        "- 🟡 prices are up to 181 days old, more than 180: "
        "run 'python -m pipeline prices refresh'\n"
    ) in old
    young = render(priced(180))
    assert "refresh" not in young


def test_all_that_has_no_price_is_there_folded() -> None:
    names = tuple(f"aws_x.a{number}" for number in range(7))
    few = MissingPrice(type="aws_y", why="no price of it", addresses=("aws_y.a",))
    many = MissingPrice(type="aws_x", addresses=names)
    note = render(only(estimate=Estimate(total=amounts(), unpriced=(many, few))))
    visible, _, folded = note.partition("<details>")
    assert "`aws_x`, not in the total: `aws_x.a0`, `aws_x.a1`, `aws_x.a2`, `aws_x.a3`," in visible
    assert "`aws_x.a4` and 2 more\n" in visible
    assert "`aws_y (no price of it)`, not in the total: `aws_y.a`\n" in visible
    assert "<summary><code>dev</code>: all that has no price</summary>" in folded
    assert all(f"  - `{name}`\n" in folded for name in names)
    assert "all that has no price" not in render(
        only(estimate=Estimate(total=amounts(), unpriced=(few,)))
    )


def test_what_is_allowed_stands_after_what_is_not() -> None:
    found = (
        MissingPrice(type="aws_a", addresses=("aws_a.a",)),
        MissingPrice(type="aws_b", addresses=("aws_b.b",)),
    )
    note = render(only(estimate=Estimate(total=amounts(), unpriced=found, allowed=("aws_a",))))
    assert "**1 unpriced type** · 1 allowed without a price" in note
    assert note.index("- 🔴 `dev` **no price for** `aws_b`") < note.index(
        "- 🟡 `dev` **allowed without a price:** `aws_a`"
    )
