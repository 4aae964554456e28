"""The rehearsal's own tools: what it notices of a template, and how it says that something is not as it should be."""

from __future__ import annotations

import copy
import json

import pytest

from infra.rehearsal.table import Table
from infra.rehearsal.unread import watched


def test_what_is_read_is_struck_out_and_the_rest_stays() -> None:
    properties, unread = watched({"Name": "a", "Deep": {"One": 1, "Two": 2}, "Many": [{"Key": "k", "Value": "v"}]})
    assert unread == {"Name", "Deep.One", "Deep.Two", "Many[].Key", "Many[].Value"}
    assert properties["Name"] == "a" and properties.get("None") is None
    assert properties["Deep"].get("Two") == 2
    assert [item["Key"] for item in properties["Many"]] == ["k"]
    assert unread == {"Deep.One", "Many[].Value"}


def test_what_is_copied_whole_can_be_described_and_counts_as_read() -> None:
    properties, unread = watched({"Tags": {"a": "b"}, "List": [{"c": [1, 2]}]})
    assert copy.deepcopy(properties["Tags"]) == {"a": "b"} and unread == {"List[].c"}
    assert json.loads(json.dumps(copy.deepcopy(properties))) == {"Tags": {"a": "b"}, "List": [{"c": [1, 2]}]}
    assert unread == set()


def test_a_step_that_fails_is_named_and_the_next_one_begins(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table()
    with table.step("Look"):
        table.see("the page", True, "200")
        raise ValueError("no such route")
    with table.step("Remove it"):
        table.see("left", False, "one  bucket")
    assert [row.what for row in table.failed] == ["Look", "left"]
    assert "✗ Look: ValueError: no such route" in capsys.readouterr().out
    assert "| left | **not as it should be:** one bucket |" in table.markdown()
