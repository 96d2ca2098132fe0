"""A further environment is one new file of values and one line: everything else follows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cdktf import App

from environments import load
from environments.app import LISTING, build, write_listing
from environments.compare import as_markdown, differences
from environments.load import load_environment, load_environments
from environments.settings import Environment
from policies import check_stack
from stacks.errors import ConfigurationError
from tests.environments.conftest import Add
from tests.support import names
from tests.support.merge import merge
from tests.support.prices import unpriced
from tests.support.stacks import Stack, code
from tests.support.validate import Validator

PROD = (Path(load.__file__).parent / "prod.py").read_text()
CHANGES = {
    "PROD =": "STAGING =",
    'name="prod"': 'name="staging"',
    "444455556666": "777788889999",
    "10.40.0.0/16": "10.60.0.0/16",
    "mapvibe-prod": "mapvibe-staging",
    'deployment_tier="production"': 'deployment_tier="staging"',
}


def staging(changes: dict[str, str]) -> str:
    """The file of prod with what must be another environment's."""
    text = PROD
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.fixture
def environments(add: Add) -> tuple[Environment, ...]:
    add("staging", staging(CHANGES))
    return load_environments({})


@pytest.fixture
def out(environments: tuple[Environment, ...], tmp_path: Path) -> Path:
    app = App(outdir=str(tmp_path / "out"))
    build(app, environments, code=code, migrations_hash="of tests", names=load.NAMES)
    app.synth()
    write_listing(Path(app.outdir), environments)
    return Path(app.outdir)


def stacks(out: Path) -> dict[str, Stack]:
    return {
        path.parent.name: Stack(json.loads(path.read_text()))
        for path in out.glob("stacks/*/cdk.tf.json")
    }


def test_it_stands_where_its_name_stands(environments: tuple[Environment, ...]) -> None:
    assert [each.name for each in environments] == ["dev", "staging", "prod"]


def test_it_has_the_stacks_of_the_others_and_the_pipeline_is_told(out: Path) -> None:
    kinds = ("account-{}", "backend-{}", "delivery-{}", "governance-{}", "{}")
    names_of = ("dev", "staging", "prod")
    assert set(stacks(out)) == {kind.format(name) for kind in kinds for name in names_of}
    listed = json.loads((out / LISTING).read_text())["environments"]
    assert [each["name"] for each in listed] == ["dev", "staging", "prod"]
    as_prod = json.dumps(listed[2]).replace("prod", "staging")
    as_prod = as_prod.replace("444455556666", "777788889999")
    assert listed[1] == json.loads(as_prod) | {"deployment_tier": "staging"}


def test_its_stacks_hold_as_those_of_the_others(out: Path, tmp_path: Path) -> None:
    mine = [stack for name, stack in stacks(out).items() if "staging" in name]
    whole = merge(mine)
    assert names.problems(mine) == []
    assert Validator(tmp_path, whole).problems(whole) == []
    assert {name for stack in mine for name in unpriced(stack, "ap-southeast-1")} == set()
    for name in (each for each in stacks(out) if "staging" in each):
        verdict = check_stack(out / "stacks" / name / "cdk.tf.json")
        assert (verdict.failed, verdict.stale) == ((), ())


def test_nothing_of_another_environment_is_in_its_stack(out: Path) -> None:
    text = json.dumps(dict(stacks(out)["staging"].body))
    assert "mapvibe-staging" in text
    assert [word for word in ("mapvibe-prod", "mapvibe-dev", "444455556666") if word in text] == []


def test_an_identity_provider_admits_its_jobs(out: Path) -> None:
    """Two environments may share an account, and then a provider."""
    provider = stacks(out)["delivery-dev"].one("aws_iam_openid_connect_provider")
    assert len([name for name in provider["client_id_list"] if "-staging-" in name]) == 2


def test_it_is_a_column_of_the_comparison(environments: tuple[Environment, ...]) -> None:
    rows = differences(environments)
    assert ("rag.network.cidr", "10.20.0.0/16", "10.60.0.0/16", "10.40.0.0/16") in rows
    table = as_markdown(rows, [each.name for each in environments])
    assert table.startswith("| setting | dev | staging | prod |\n|---|---|---|---|\n")


def test_what_a_copied_file_forgot_is_told(add: Add) -> None:
    """The ranges of two environments must differ, and a file must say its own name."""
    add("staging", staging({key: CHANGES[key] for key in ("PROD =", 'name="prod"')}))
    with pytest.raises(ConfigurationError) as caught:
        load_environments({})
    lines = str(caught.value).splitlines()
    assert [line.split("=")[0] for line in lines] == [
        "environments/prod.py: rag.network.cidr",
        "environments/prod.py: delivery.identity_provider",
        "environments/prod.py: rag.invocation_logging.log_group_name",
        "environments/prod.py: governance.budgets.whole_account",
        "environments/prod.py: governance.anomalies.monitor_arn",
        "environments/prod.py: account.default_vpc",
    ]


def test_it_can_be_loaded_alone(environments: tuple[Environment, ...]) -> None:
    assert load_environment("staging") == environments[1]
