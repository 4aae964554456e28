"""What a change is said to have done."""

from __future__ import annotations

import dataclasses

from export.gallery.outcome import Report


def test_before_anything_is_done_nothing_is_reported_and_no_report_shares_another_s_lists() -> None:
    report, other = Report(), Report()
    assert not any(getattr(report, field.name) for field in dataclasses.fields(report))
    report.gone.append("Kim")
    assert other.gone == []
