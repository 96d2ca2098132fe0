"""The catalogue: what it finds, what it refuses, what it writes."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.cost.catalogue import COLUMNS, Catalogue, Price, Tier
from pipeline.errors import PipelineError, Status

HEADER = (
    "key,region,service,usagetype,operation,description,unit,per,begin,end,usd,source,from_aws,"
    "as_of,note\n"
)
INSTANCE = (
    "rds.micro,ap-southeast-1,AmazonRDS,APS1-InstanceUsage:db.t4g.micro,,instance,Hrs,1,0,,0.025,"
    "price list,yes,2026-01-15,\n"
)
FIRST = (
    "logs.vended,ap-southeast-1,AmazonCloudWatch,APS1-VL,,log,GB,1,0,100,0.70,list,no,2025-06,\n"
)
SECOND = (
    "logs.vended,ap-southeast-1,AmazonCloudWatch,APS1-VL,,log,GB,1,100,300,0.35,list,no,2025-06,\n"
)
THIRD = "logs.vended,ap-southeast-1,AmazonCloudWatch,APS1-VL,,log,GB,1,300,,0.10,list,no,2025-06,\n"
EVERYWHERE = "kms.key,global,awskms,Keys,,key,Keys,1,0,,1,list,no,2026-02-01,same everywhere\n"


def written(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "catalogue.csv"
    path.write_text(header + "".join(rows))
    return path


def test_a_price_is_found_by_key_and_region(tmp_path: Path) -> None:
    catalogue = Catalogue.load(written(tmp_path, INSTANCE, FIRST, SECOND, THIRD))
    assert catalogue.price("rds.micro", "ap-southeast-1") == Price(
        key="rds.micro",
        unit="Hrs",
        tiers=(Tier(Decimal(0), Decimal("0.025")),),
        oldest="2026-01-15",
        from_aws=True,
    )
    assert catalogue.has("rds.micro", "ap-southeast-1")
    assert not catalogue.has("rds.micro", "us-east-1")
    assert list(catalogue.taken) == [("rds.micro", "ap-southeast-1")]
    assert not catalogue.fresh().taken
    assert catalogue.regions == ("ap-southeast-1",)


def test_a_region_without_its_own_row_has_the_global_price(tmp_path: Path) -> None:
    own = EVERYWHERE.replace("global", "us-east-1").replace(",1,list", ",2,list")
    catalogue = Catalogue.load(written(tmp_path, INSTANCE, EVERYWHERE, own))
    assert catalogue.price("kms.key", "ap-southeast-1").tiers[0].usd == 1
    assert catalogue.price("kms.key", "us-east-1").tiers[0].usd == 2
    assert catalogue.has("kms.key", "ap-southeast-1")
    assert catalogue.has("kms.key", "mars-1")


@pytest.mark.parametrize(
    ("quantity", "usd"),
    [
        ("0", "0"),
        ("50", "35"),
        ("100", "70"),
        ("101", "70.35"),
        ("300", "140"),
        ("500", "160"),
        ("0.5", "0.35"),
    ],
)
def test_each_part_of_a_quantity_costs_what_its_tier_costs(
    quantity: str, usd: str, tmp_path: Path
) -> None:
    catalogue = Catalogue.load(written(tmp_path, THIRD, FIRST, SECOND))
    price = catalogue.price("logs.vended", "ap-southeast-1")
    assert not price.from_aws
    assert price.cost(Decimal(quantity)) == Decimal(usd)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        pytest.param([], "no rows; restore the file", id="no-rows"),
        pytest.param([INSTANCE, INSTANCE], "row 3: 'rds.micro' for ap-southeast-1 from 0 is "
                     "there twice; remove one", id="doubled"),
        pytest.param([INSTANCE, INSTANCE.replace(",1,0,", ",1,0.0,")], "is there twice",
                     id="doubled-in-another-writing"),
        pytest.param([INSTANCE, SECOND], "row 3: 'logs.vended' for ap-southeast-1 has no first "
                     "tier; add the row that begins at 0", id="no-first-tier"),
        pytest.param([FIRST, SECOND.replace(",GB,", ",MB,")], "row 3: 'logs.vended' for ap-southeast-1 is priced by 'GB' and by 'MB'",
                     id="two-units"),
        pytest.param([INSTANCE.replace("0.025", "-0.025")], "row 2: usd '-0.025' is negative",
                     id="negative"),
        pytest.param([INSTANCE.replace("0.025", "cheap")], "row 2: usd 'cheap' is no decimal",
                     id="words"),
        pytest.param([INSTANCE.replace("0.025", "NaN")], "row 2: usd 'NaN' is no decimal",
                     id="nan"),
        pytest.param([INSTANCE.replace("0.025", "1_000")], "usd '1_000' is no decimal",
                     id="underscore"),
        pytest.param([INSTANCE.replace("0.025", "1e3")], "usd '1e3' is no decimal", id="exponent"),
        pytest.param([INSTANCE.replace("0.025", "\u0661")], "is no decimal", id="other-digits"),
        pytest.param([INSTANCE.replace("0.025", "")], "row 2: 'usd' is empty", id="no-price"),
        pytest.param([INSTANCE.replace(",1,0,", ",0,0,")], "row 2: per is 0", id="per-zero"),
        pytest.param([INSTANCE.replace("price list", " ")], "row 2: 'source' is empty",
                     id="no-source"),
        pytest.param([INSTANCE.replace("2026-01-15", "2026-13-01")], "as_of '2026-13-01' is no "
                     "date", id="month-13"),
        pytest.param([INSTANCE.replace("2026-01-15", "20260115")], "is no date", id="compact"),
        pytest.param([INSTANCE.replace("2026-01-15", "2026-W03-1")], "is no date", id="week"),
        pytest.param([INSTANCE.replace("2026-01-15", "soon")], "as_of 'soon' is no date",
                     id="no-date"),
        pytest.param([INSTANCE, "rds.micro,global\n"], "row 3: has 2 fields, not 15", id="short"),
        pytest.param([INSTANCE, "\n"], "row 3: has 0 fields, not 15", id="blank-line"),
        pytest.param([INSTANCE, 'a,"b'], "cannot be read as CSV", id="open-quote"),
    ],
)  # fmt: skip
def test_a_bad_row_is_refused_in_one_line(rows: list[str], message: str, tmp_path: Path) -> None:
    path = written(tmp_path, *rows)
    refused(path, message)


@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_column_is_refused(column: str, tmp_path: Path) -> None:
    header = f",{HEADER.strip()},".replace(f",{column},", ",other,").strip(",") + "\n"
    path = written(tmp_path, INSTANCE, header=header)
    refused(path, f"row 1: column '{column}' is missing or doubled")


def test_an_unknown_column_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, header=HEADER.replace("note", "note,colour"))
    refused(path, "row 1: unknown column 'colour'")


def test_a_doubled_column_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, header=HEADER.replace("note", "note,usd"))
    refused(path, "row 1: column 'usd' is missing or doubled")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00"])
def test_a_file_that_is_no_csv_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "catalogue.csv"
    path.write_bytes(content)
    refused(path, "catalogue.csv: ")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    refused(tmp_path / "none.csv", "cannot be read as CSV: No such file")


def refused(path: Path, message: str) -> None:
    with pytest.raises(PipelineError) as caught:
        Catalogue.load(path)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)
    assert caught.value.status is Status.BAD_SETTINGS


def test_an_unknown_region_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    other = INSTANCE.replace("ap-southeast-1", "us-east-1")
    catalogue = Catalogue.load(written(tmp_path, INSTANCE, other, EVERYWHERE))
    for key in ("rds.micro", "nat.hour"):
        with pytest.raises(PipelineError) as caught:
            catalogue.price(key, "mars-1")
        assert str(caught.value) == (
            "catalogue: no prices for region 'mars-1'; there are ap-southeast-1, us-east-1"
        )
        assert caught.value.status is Status.BAD_SETTINGS


def test_a_missing_price_is_refused_with_the_remedy(tmp_path: Path) -> None:
    catalogue = Catalogue.load(written(tmp_path, INSTANCE))
    with pytest.raises(PipelineError) as caught:
        catalogue.price("nosuch", "ap-southeast-1")
    assert str(caught.value) == (
        "catalogue: no price 'nosuch' for region ap-southeast-1; "
        "add the row or run 'python -m pipeline prices refresh'"
    )
    assert caught.value.status is Status.BAD_SETTINGS


def test_writing_sorts_and_loses_nothing(tmp_path: Path) -> None:
    quoted = EVERYWHERE.replace("same everywhere", '"a comma, and ""quotes"""')
    first = Catalogue.load(written(tmp_path, SECOND, quoted, THIRD, INSTANCE, FIRST))
    again = tmp_path / "again.csv"
    first.write(again)
    assert again.read_bytes().decode() == HEADER + quoted + FIRST + SECOND + THIRD + INSTANCE
    other = tmp_path / "other.csv"
    Catalogue(reversed(first.rows)).write(other)
    assert other.read_bytes() == again.read_bytes()


def test_a_tiny_price_is_written_without_an_exponent(tmp_path: Path) -> None:
    tiny = INSTANCE.replace("0.025", "0.0000000040")
    catalogue = Catalogue.load(written(tmp_path, tiny))
    catalogue.write(tmp_path / "again.csv")
    assert ",0.0000000040," in (tmp_path / "again.csv").read_text()
