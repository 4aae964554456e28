"""`make deploy`, for tests/trust/faults.py: a changed gallery on its way to an emulated AWS."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra import amazon
from infra.rehearsal.emulator import Emulator, emulator
from infra.rehearsal.project import Project, copied
from tests.trust.interrupted import Command, surrounded


@contextmanager
def deploying(work: Path) -> Iterator[dict[str, Command]]:
    with emulator() as aws, copied(aws) as project:
        with surrounded(aws.variables):
            command = _deploy(work, aws, project)
        yield {"deploy": command}


def _deploy(work: Path, aws: Emulator, project: Project) -> Command:
    """One person fewer: users are told of all, or of all but that one, and everybody is told the same afterwards."""
    shutil.copytree(project.gallery, work / "all")
    assert project.deploy().code == 0, project.log[-1]

    def people(_: Path) -> frozenset[str]:
        address = amazon.outputs()["SiteUrl"] + "api/people"
        return frozenset(person["id"] for person in json.loads(aws.fetch(address).body)["people"])

    before = people(work)
    leaves = min(before)

    def begin(target: Path) -> None:
        shutil.rmtree(project.gallery)
        shutil.copytree(work / "all", project.gallery)
        if people(target) != before:
            assert project.deploy().code == 0, project.log[-1]
        assert project.run(["cli.main", "gallery", "remove", leaves]).code == 0

    paths = os.pathsep.join([str(project.folder), str(project.folder / "function")])
    return Command(
        ("-m", "infra.deploy", "deploy"),
        begin,
        people,
        before,
        before - {leaves},
        folder=project.folder,
        variables=aws.variables | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
    )
