"""The grammar of composite alarms' rules.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
"""

from __future__ import annotations

import pytest

from emulator.cloudwatch.rule import RuleError, parse

STATES = {
    "a": "ALARM",
    "b": "OK",
    "two words": "INSUFFICIENT_DATA",
    "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:a": "ALARM",
    "AND-so OR on": "ALARM",
}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("ALARM(a)", True),
        ("OK(a)", False),
        ("OK(b)", True),
        ('INSUFFICIENT_DATA("two words")', True),
        ("INSUFFICIENT_DATA('two words')", True),
        ("INSUFFICIENT_DATA(two words)", True),
        ("ALARM(arn:aws:cloudwatch:eu-west-1:111122223333:alarm:a)", True),
        ('ALARM("AND-so OR on")', True),
        ("TRUE", True),
        ("FALSE", False),
        ("false OR alarm( a )", True),
        ("NOT ALARM(a)", False),
        ("NOT NOT ALARM(a)", True),
        ("ALARM(a) AND ALARM(b)", False),
        ("ALARM(a) AND NOT ALARM(b)", True),
        ("TRUE OR TRUE AND FALSE", True),
        ("(TRUE OR TRUE) AND FALSE", False),
        ("NOT FALSE AND FALSE", False),
        ("NOT (FALSE AND FALSE)", True),
        ("(ALARM(a) OR ALARM(b))\n  AND OK(b)", True),
    ],
)
def test_rules(rule: str, expected: bool) -> None:
    assert parse(rule).holds(lambda name, state: STATES[name] == state) is expected


def test_children_are_named_once() -> None:
    assert parse("ALARM(a) OR (OK(b) AND OK(a)) OR TRUE").children == ("a", "b")


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "ALARM()",
        "ALARM(a",
        "ALARM(a))",
        "ALARM(a) ALARM(b)",
        "ALARM(a) AND",
        "AND ALARM(a)",
        "NOT",
        "(ALARM(a)",
        "a",
        "BROKEN(a)",
        "ALARM(a) XOR ALARM(b)",
        "TRUEISH",
        " OR ".join(f"ALARM(a{n})" for n in range(101)),
        " OR ".join(["TRUE"] * 501),
    ],
)
def test_what_is_no_rule_is_refused(rule: str) -> None:
    with pytest.raises(RuleError, match="AlarmRule"):
        parse(rule)


def test_as_many_children_as_are_allowed() -> None:
    assert len(parse(" OR ".join(f"ALARM(a{n})" for n in range(100))).children) == 100
