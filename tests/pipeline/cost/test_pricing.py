"""What a pricer may ask: attributes, and relations between resources."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.cost.catalogue import Catalogue, Row
from pipeline.cost.pricing import Pricing, Subject, Unknown
from pipeline.errors import PipelineError, Status

CATALOGUE = Catalogue(
    [
        Row(
            key="vpc.hour",
            region="ap-southeast-1",
            service="AmazonVPC",
            usagetype="Hours",
            operation="",
            description="an hour",
            unit="Hrs",
            per=Decimal(1),
            begin=Decimal(0),
            end=None,
            usd=Decimal("0.01"),
            source="a test",
            from_aws="no",
            as_of="2026-01",
        )
    ]
)

ENDPOINT = Subject(
    "aws_vpc_endpoint.e",
    "aws_vpc_endpoint",
    {"name": "x", "size": 3.5, "ids": [None, None], "block": [{"zone": "a"}], "none": None},
    {"id": True, "ids": [True, True], "block": [{"address": True}], "whole": True},
)


def test_attributes_are_found_by_names_and_positions() -> None:
    assert ENDPOINT.get("name") == "x"
    assert ENDPOINT.get("block.0.zone") == "a"
    assert ENDPOINT.get("block.1.zone", "other") == "other"
    assert ENDPOINT.get("name.deeper") is None
    assert ENDPOINT.get("none", 7) == 7
    assert ENDPOINT.get("nosuch") is None


def test_a_list_of_unknown_elements_has_its_length() -> None:
    assert len(ENDPOINT.get("ids")) == 2


@pytest.mark.parametrize("path", ["id", "ids.1", "block.0.address", "whole", "whole.0.part"])
def test_what_is_known_only_after_apply_is_never_a_default(path: str) -> None:
    with pytest.raises(Unknown) as caught:
        ENDPOINT.get(path, "a default")
    assert (caught.value.path, caught.value.address) == (path, "aws_vpc_endpoint.e")


def test_a_number_is_exact_and_has_a_default() -> None:
    assert ENDPOINT.number("size", 0) == Decimal("3.5")
    assert ENDPOINT.number("nosuch", 20) == Decimal(20)
    assert Subject("a.b", "a", {"n": "100"}).number("n", 0) == 100


@pytest.mark.parametrize("value", ["x", True, "NaN", [1]])
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(PipelineError, match=r"a\.b: n is no number in the plan") as caught:
        Subject("a.b", "a", {"n": value}).number("n", 0)
    assert caught.value.status is Status.BAD_PLAN


def pricing(*subjects: Subject) -> Pricing:
    return Pricing(subjects, region="ap-southeast-1", catalogue=CATALOGUE)


def database(address: str, **values: str) -> Subject:
    return Subject(address, "aws_db_instance", values)


def target(address: str, *refers: str, value: object = None) -> Subject:
    values = {} if value is None else {"instance": value}
    return Subject(address, "aws_target", values, {}, {"instance": refers})


def test_a_relation_is_found_by_reference_before_the_other_exists() -> None:
    one, two = database("aws_db_instance.one"), database("aws_db_instance.two")
    first = target("aws_target.t", "aws_db_instance.two")
    side = pricing(one, two, first)
    assert side.related(first, "instance", "aws_db_instance") is two
    assert side.related(first, "instance", "aws_vpc") is None
    assert side.related(first, "other", "aws_db_instance") is None
    assert side.referring(two, "aws_target", "instance") == [first]
    assert side.referring(one, "aws_target", "instance") == []


@pytest.mark.parametrize("attribute", ["id", "arn", "identifier", "name"])
def test_a_relation_is_found_by_a_known_value(attribute: str) -> None:
    one, two = database("aws_db_instance.one", x="y"), database("aws_db_instance.two",
                                                               **{attribute: "main"})  # fmt: skip
    first = target("aws_target.t", value="main")
    listed = target("aws_target.l", value=["other", "main"])
    side = pricing(one, two, first, listed)
    assert side.related(first, "instance", "aws_db_instance") is two
    assert side.referring(two, "aws_target", "instance") == [first, listed]
    assert side.referring(one, "aws_target", "instance") == []


def test_a_known_value_is_surer_than_a_reference() -> None:
    one, two = database("aws_db_instance.a[0]", id="x"), database("aws_db_instance.a[1]", id="y")
    first = target("aws_target.t", one.address, two.address, value="y")
    side = pricing(one, two, first)
    assert side.related(first, "instance", "aws_db_instance") is two
    assert side.referring(one, "aws_target", "instance") == []


def test_repeated_resources_belong_together_by_position_or_key() -> None:
    ones = [database(f'module.m["p"].aws_db_instance.a["{key}"]') for key in ("x", "y.z")]
    addresses = [one.address for one in ones]
    targets = [target(f'module.m["p"].aws_target.t["{key}"]', *addresses) for key in ("x", "y.z")]
    side = pricing(*ones, *targets)
    assert side.related(targets[1], "instance", "aws_db_instance") is ones[1]
    assert side.referring(ones[1], "aws_target", "instance") == [targets[1]]


def test_one_resource_that_refers_to_all_of_a_repeated_one_belongs_to_each() -> None:
    ones = [database(f"aws_db_instance.a[{number}]") for number in range(2)]
    first = target("aws_target.t", *(one.address for one in ones))
    side = pricing(*ones, first)
    assert side.related(first, "instance", "aws_db_instance") is ones[0]
    assert [side.referring(one, "aws_target", "instance") for one in ones] == [[first], [first]]


def test_a_path_into_a_block_has_the_references_of_the_block() -> None:
    one = database("aws_db_instance.one")
    first = target("aws_target.t", one.address)
    side = pricing(one, first)
    assert side.related(first, "instance.0.id", "aws_db_instance") is one


def test_an_unknown_value_leaves_the_reference() -> None:
    one = database("aws_db_instance.one")
    first = Subject(
        "aws_target.t", "aws_target", {}, {"instance": True}, {"instance": (one.address,)}
    )
    assert pricing(one, first).related(first, "instance", "aws_db_instance") is one


def test_resources_are_found_by_type_and_address() -> None:
    one, two = database("aws_db_instance.one"), database("aws_db_instance.one", id="second")
    side = pricing(one, two)
    assert list(side.subjects("aws_db_instance")) == [one]
    assert side.subject("aws_db_instance.one") is one
    assert list(side.subjects("aws_vpc")) == []
    assert side.subject("aws_vpc.v") is None


def test_every_question_about_others_is_remembered() -> None:
    one = database("aws_db_instance.one")
    side = pricing(one)
    side.fixed("an hour", "vpc.hour", 1)
    assert side.stated(one, "x") is None
    assert not side.used_other_resources
    questions = (
        lambda: side.subjects("aws_vpc"),
        lambda: side.subject("aws_vpc.v"),
        lambda: side.related(one, "x", "aws_vpc"),
        lambda: side.referring(one, "aws_vpc", "x"),
    )
    for question in questions:
        side.used_other_resources = False
        question()
        assert side.used_other_resources


def test_an_empty_text_is_not_set() -> None:
    """A provider gives it for what nobody chose, such as the class of a log group."""
    subject = Subject(address="a.b", type="a", values={"class": "", "size": 0})
    assert subject.get("class", "STANDARD") == "STANDARD"
    assert subject.get("size", 5) == 0


@pytest.mark.parametrize("quantity", ["1e15", "1e17", "1e40"])
def test_a_quantity_that_nobody_can_mean_is_refused(quantity: str) -> None:
    pricing = Pricing([], region="ap-southeast-1", catalogue=CATALOGUE)
    assert pricing.fixed("hours", "vpc.hour", Decimal("1e14")).monthly == Decimal("1e12")
    with pytest.raises(PipelineError, match=r"^hours: a quantity .* is far too large; correct it$"):
        pricing.fixed("hours", "vpc.hour", Decimal(quantity) * 2)
