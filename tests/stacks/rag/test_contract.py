"""What the stack gives the functions is what the service's contract says that they read."""

from __future__ import annotations

import dataclasses
from typing import get_args, get_type_hints

import pytest

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
