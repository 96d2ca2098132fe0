"""What the stack gives the functions is what the service's contract says that they read."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import Any, get_args, get_type_hints

import pytest

from environments.dev import DEV
from services.rag import contract
from services.rag.contract import (
    ApiSettings,
    DatabaseSettings,
    MigrationSecrets,
    MigrationSettings,
    Variable,
    names,
)
from services.rag.contract.variables import load
from stacks.rag.settings import ModelSettings
from stacks.rag.stack import RagStack
from tests.support.stacks import rag_stack

OF_FUNCTION = {
    "rag": (ApiSettings, DatabaseSettings),
    "migrations": (DatabaseSettings, MigrationSettings, MigrationSecrets),
}


@pytest.mark.parametrize("function", OF_FUNCTION)
@pytest.mark.parametrize("name", ["dev", "prod"])
def test_a_function_can_read_its_settings_and_has_no_other_variable(
    name: str, function: str
) -> None:
    body = rag_stack(name).one("aws_lambda_function", function)
    given = body["environment"]["variables"]
    settings = OF_FUNCTION[function]
    assert given.keys() <= names(*settings)
    for kind in settings:
        load(kind, {**given, "AWS_REGION": "ap-southeast-1", "DATABASE_PASSWORD": "of a secret"})


def configure(**more: Any) -> None:
    """Let the stack write the functions' settings, with further ones of the models."""

    class MoreSettings(ModelSettings, extra="allow"):
        pass

    assert DEV.rag is not None
    models = MoreSettings(**DEV.rag.models.model_dump(), **more)
    function = SimpleNamespace(add_environment=lambda **variables: None)
    stack: Any = SimpleNamespace(
        environment=DEV,
        settings=DEV.rag.model_copy(update={"models": models}),
        function=function,
        migrations=function,
    )
    RagStack._configure(stack)


def test_a_setting_that_only_the_stack_has_stops_the_synthesis() -> None:
    configure()
    with pytest.raises(TypeError, match="unexpected keyword argument 'answer_language'"):
        configure(answer_language="vi")


def test_a_setting_that_only_the_service_has_stops_the_synthesis(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    more = dataclasses.make_dataclass(
        "ApiSettings", ["answer_language"], bases=(ApiSettings,), frozen=True, kw_only=True
    )
    monkeypatch.setattr(contract, "ApiSettings", more)
    with pytest.raises(TypeError, match=r"missing 1 required keyword-only .*'answer_language'"):
        configure()


def test_a_setting_of_the_models_has_the_same_bounds_in_the_service() -> None:
    hints = get_type_hints(ApiSettings, include_extras=True)
    compared = set()
    for field in dataclasses.fields(ApiSettings):
        model = ModelSettings.model_fields.get(field.name)
        kind, variable = get_args(hints[field.name])
        if model is None or kind is not int:
            continue
        assert isinstance(variable, Variable)
        bounds = {type(bound).__name__: bound for bound in model.metadata}
        assert (bounds["Ge"].ge, bounds["Le"].le) == (1, variable.maximum), field.name
        compared.add(field.name)
    assert compared == {"embedding_dimension", "answer_max_tokens"}
