"""A phone nearby gets an address that it can open."""

from __future__ import annotations

import socket

import pytest
import segno

from infra.address import own_address, page_address, qr_code


def test_a_server_for_this_machine_alone_has_no_other_address() -> None:
    assert own_address("127.0.0.1") is None
    assert own_address("192.168.1.20") is None


def test_a_server_for_all_is_reached_at_one_of_this_machines_addresses() -> None:
    found = own_address("0.0.0.0")
    if found is None:
        pytest.skip("this machine has no network")
    with socket.socket() as listener:
        listener.bind((found, 0))


def test_without_a_network_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object) -> None:
        raise OSError("Network is unreachable")

    monkeypatch.setattr("socket.socket.connect", unreachable)
    assert own_address("0.0.0.0") is None


def test_addresses_with_colons_stand_in_brackets() -> None:
    assert page_address("192.168.1.20", 8000) == "http://192.168.1.20:8000/"
    assert page_address("fe80::1", 8000) == "http://[fe80::1]:8000/"


def test_the_code_for_the_phone_is_drawn_whole() -> None:
    address = "https://d111111abcdef8.cloudfront.net/"
    rows: list[tuple[bool, ...]] = []
    for line in qr_code(address).splitlines():
        rows += [tuple(dot in "█▀" for dot in line), tuple(dot in "█▄" for dot in line)]
    drawn = [[not light for light in row] for row in rows]
    expected = [[bool(dark) for dark in row] for row in segno.make(address, micro=False).matrix_iter(border=4)]
    assert drawn[: len(expected)] == expected
