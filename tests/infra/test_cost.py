"""The cost tables say what the prices and the assumptions come to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from infra import cost, template


def test_the_parameters_name_what_they_cost() -> None:
    parameters = template.load()["Parameters"]
    memory = re.compile(r"\$([\d.]+) a month( each)? at (\d+) MB, used or not")
    for name, price in (("SnapStart", cost.snap_start_idle()), ("ProvisionedConcurrency", cost.provisioned_idle())):
        said = memory.search(parameters[name]["Description"])
        assert said is not None and float(said[1]) == pytest.approx(price, abs=0.005)
        assert int(said[3]) == parameters["MemorySize"]["Default"] == round(cost.MEMORY_GB * 1024)


def test_a_month_by_hand() -> None:
    """A million photos of 0.3 s, ten thousand starts of 1.5 s, half a million visits of 51 files and a list of 10 ms."""
    month = cost.month(1_000_000)
    seconds = 300_000 + 15_000 + 5_000
    assert month["Function (Lambda)"] == pytest.approx(0.30 + seconds * 1.7276 * 0.0000166667, abs=0.01)
    assert month["API (API Gateway)"] == pytest.approx(1.50)
    assert month["Page and portraits (CloudFront)"] == pytest.approx(25.5 + 0.085 * 142_000 * 500_000 / 2**30, abs=0.01)
    # A million and a half requests pass through CloudFront, which carries 300 kB of photo in and 2 kB of answer out.
    through = 1.5 + 1e6 * 300_000 / 2**30 * 0.02 + 1e6 * 2_000 / 2**30 * 0.085
    assert month["Photos and answers (CloudFront)"] == pytest.approx(through, abs=0.01)
    assert cost.snap_start(10_000) == pytest.approx(6.74 + 2000 * 1.7276 * (0.00014 - 1.5 * 0.0000166667), abs=0.01)


def test_the_worst_month_by_hand() -> None:
    """Ten requests a second are 25.92 million a month; each of eight seconds and 4.4 MB."""
    asked = 25_920_000
    beside = asked * (0.000001 + 0.000001) + asked * 4_400_000 / 2**30 * 0.02 + asked * 2_000 / 2**30 * 0.085
    function = asked * (8 * 1.7276 * 0.0000166667 + 0.0000002)
    assert cost.worst_month(10, 8) == pytest.approx(function + beside, rel=1e-4)
    # Two at once work for two months' seconds at most; the rest is turned away, but has been sent.
    bounded = 2 * 2_592_000 * 1.7276 * 0.0000166667 + 2 * 2_592_000 / 8 * 0.0000002
    assert cost.worst_month(10, 8, concurrency=2) == pytest.approx(bounded + beside, rel=1e-4)


def test_free_allowances_are_never_more_than_what_is_used() -> None:
    for volume in cost.STARTS:
        assert 0 < cost.free(volume) < sum(cost.month(volume).values())


def test_an_index_by_hand() -> None:
    """Amazon's own example: ten million vectors of 1,024 numbers are about 40 GB, at 6 cents a month each."""
    fill, keep, search, hours = cost.vectors(10_000_000, 1024)
    gigabytes = 10_000_000 * (4096 + 364) / 2**30
    assert keep == pytest.approx(gigabytes * 0.06) and fill == pytest.approx(gigabytes * 0.20)
    assert search == pytest.approx(2.5 + (0.1 * 0.004 + 9.9 * 0.002) * 4160 * 1e12 / 2**40, rel=0.01)
    assert hours == pytest.approx(1.11, abs=0.01)


def test_the_tables_hold_each_part_and_their_sum() -> None:
    table = cost.requests_table()
    together = sum(cost.month(10_000).values())
    assert f"**${together:.2f}**" in table
    assert all(name in table for name in cost.month(10_000))
    assert len({line.count("|") for line in table.splitlines()}) == 1
    assert "| 1,000,000,000 |" in cost.vectors_table()


def test_the_documents_quote_the_tables_as_computed() -> None:
    docs = Path(__file__).parents[2] / "docs"
    assert cost.requests_table() in (docs / "deploying.md").read_text()
    assert cost.vectors_table() in (docs / "galleries.md").read_text()
