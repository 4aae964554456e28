"""Do the tests bite? `make mutate` changes one thing in the code at a time and sees whether a test notices.

Cosmic Ray makes the mutants. Each module is tried against the tests that mirror it, first its own file, then its room;
on a copy of the checkout, on two processes. What was tried is kept in .cache/mutants, so that an interrupted run goes on;
--again tries those anew that survived. A survivor that changes nothing anyone can see stands in equivalent_mutants.toml,
with its reason.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import os
import random
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cosmic_ray import mutating
from cosmic_ray.ast import ast_nodes, get_ast_from_path
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkItem

from tests.trust.forks import KILLED, load_libraries, run_pytest

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "mutants"
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")
ROOMS = {"function/lookalike": "tests/function", "export/gallery": "tests/export/gallery"}
# One or two changes of each kind: the others of a kind are noticed by the same tests.
OPERATORS = [
    *(f"ReplaceBinaryOperator_{change}" for change in ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Div")),
    *(f"ReplaceBinaryOperator_{change}" for change in ("Mod_Mul", "Pow_Mul", "RShift_LShift", "LShift_RShift")),
    *(f"ReplaceBinaryOperator_{change}" for change in ("BitOr_BitAnd", "BitAnd_BitOr", "BitXor_BitOr")),
    *(f"ReplaceComparisonOperator_{change}" for change in ("Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Eq_NotEq")),
    *(f"ReplaceComparisonOperator_{change}" for change in ("NotEq_Eq", "Is_IsNot", "IsNot_Is")),
    *("ReplaceUnaryOperator_USub_UAdd", "ReplaceUnaryOperator_Delete_Not", "AddNot", "NumberReplacer"),
    *("ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd"),
    *("ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ZeroIterationForLoop", "ExceptionReplacer"),
]


@dataclass(frozen=True)
class Score:
    """One module's mutants. `survivors` are unified diffs of those that no test noticed and nobody explained."""

    module: str
    tried: int
    killed: int
    equivalent: int
    survivors: list[str]


def modules(only: list[str]) -> list[str]:
    """Paths below the checkout, those that contain one of `only` where it is given."""
    found = [path.relative_to(ROOT).as_posix() for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return [path for path in found if not path.endswith("__init__.py") and (not only or any(o in path for o in only))]


def tests_of(module: str) -> list[str]:
    """The test files of a module: its own first, then those that import it, its room's, and what sees it from outside."""
    room = next(room for room in ROOMS if module.startswith(room))
    inside, tests = Path(module).relative_to(room), ROOT / ROOMS[room]
    folder = tests / inside.parent
    # A folder of small modules may have one file of tests, beside the folder.
    own = [folder / f"test_{inside.name}", folder.with_name(f"test_{folder.name}.py")]
    name = module.removeprefix("function/").removesuffix(".py").replace("/", ".")
    places = [tests, *(ROOT / other for other in ROOMS.values())]
    importing = next(filter(None, (_importing(name, place) for place in places)), [])
    others = [*sorted(folder.glob("test_*.py")), *sorted((folder / "api").glob("test_*.py"))]
    found = dict.fromkeys(path for path in [*own, *importing, *others] if path.exists())
    return [path.relative_to(ROOT).as_posix() for path in found]


def _importing(module: str, folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("test_*.py")) if f"from {module} import" in path.read_text()]


def mutants(module: str, most: int) -> list[WorkItem]:
    """Up to `most` of a module's mutants, always the same ones; none where nothing depends on it."""
    path = ROOT / module
    skipped = list(_without_effect(path))
    tree = get_ast_from_path(path)
    found = []
    for name in (f"core/{operator}" for operator in OPERATORS):
        operator = get_operator(name)()
        positions = (place for node in ast_nodes(tree) for place in operator.mutation_positions(node))
        for occurrence, (start, end) in enumerate(positions):
            if not any(first <= start and end <= last for first, last in skipped):
                found.append(
                    WorkItem.single(f"{name}-{occurrence}", MutationSpec(module, name, occurrence, start, end))
                )
    random.Random(module).shuffle(found)
    return found[:most]


def _without_effect(path: Path) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Annotations, which nothing evaluates, and words that only guard against mistakes of ours."""
    for node in ast.walk(ast.parse(path.read_text())):
        parts = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if isinstance(node, ast.keyword) and node.arg in ("frozen", "slots", "strict"):
            parts.append(node.value)
        for part in (part for part in parts if isinstance(part, ast.expr)):
            yield (part.lineno, part.col_offset), (part.end_lineno or 0, part.end_col_offset or 0)


def session(module: str) -> Path:
    """Where a module's results are kept: anew when the module changes."""
    return CACHE / f"{module.replace('/', '.')}-{hashlib.sha256((ROOT / module).read_bytes()).hexdigest()[:12]}.sqlite"


def try_module(module: str, asked: argparse.Namespace, until: float) -> Score:
    """Try the mutants of one module that have no result yet, and again those that survived, until the clock says so."""
    copy, tests = _own_copy(), tests_of(module)[: 1 if asked.own else None]
    _check_unchanged(copy, tuple(sorted(tests)))

    def run_tests(*_: object) -> tuple[TestOutcome, str]:
        status = run_pytest(tests, copy)
        return (TestOutcome.KILLED if status else TestOutcome.SURVIVED), "too long" if status == KILLED else ""

    mutating.run_tests = run_tests  # theirs starts a program
    with use_db(str(session(module)), WorkDB.Mode.create) as work:
        if not work.num_work_items:
            work.add_work_items(mutants(module, asked.most))
        items = list(work.pending_work_items)
        if asked.again:
            survivors = {job for job, result in work.results if result.test_outcome == TestOutcome.SURVIVED}
            items += [item for item in work.work_items if item.job_id in survivors]
        for item in items:
            if time.monotonic() > until:
                break
            work.set_result(item.job_id, mutating.mutate_and_test(item.mutations, "", 0))
        return _score(module, work)


@cache
def _check_unchanged(copy: Path, tests: tuple[str, ...]) -> None:
    """Where tests fail of themselves, they would notice everything. Makes the bytecode, too."""
    status = run_pytest(list(tests), copy, keep_bytecode=True)
    if status:
        raise SystemExit(f"without any change, pytest says {status} of {' '.join(tests)}")


def _own_copy() -> Path:
    """This process's copy of the checkout: a mutant must never be seen by anyone else."""
    copy = CACHE / f"tree-{os.getpid()}"
    if not copy.exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for name in filter(None, listed.split("\0")):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).exists():
                shutil.copy2(ROOT / name, copy / name)
        for built in ("function/models", "function/gallery"):
            shutil.copytree(ROOT / built, copy / built)
        os.chdir(copy)
        load_libraries()
    return copy


def _score(module: str, work: WorkDB) -> Score:
    explained = tomllib.loads(EQUIVALENT.read_text()) if EQUIVALENT.exists() else {}
    reasons = explained.get(module, {})
    results = [result for _, result in work.results]
    alive = [result.diff or "" for result in results if result.test_outcome == TestOutcome.SURVIVED]
    unexplained = [diff for diff in alive if _changed_line(diff) not in reasons]
    return Score(module, len(results), len(results) - len(alive), len(alive) - len(unexplained), unexplained)


def _changed_line(diff: str) -> str:
    """What a mutant made of its line, without its indentation: the key in equivalent_mutants.toml."""
    added = [line[1:].strip() for line in diff.splitlines() if line.startswith("+") and not line.startswith("+++")]
    return " ".join(added)


def report(scores: list[Score]) -> float:
    """Print a line a module and every unexplained survivor; returns the share killed of those not equivalent."""
    for score in scores:
        counted = score.tried - score.equivalent
        share = f"{score.killed / counted:4.0%}" if counted else "   –"
        print(f"{share}  {score.killed:4} of {counted:4}  {score.equivalent:3} equivalent  {score.module}")
    for score in scores:
        for diff in score.survivors:
            print(f"\n{diff}")
    counted = sum(score.tried - score.equivalent for score in scores)
    killed = sum(score.killed for score in scores)
    print(f"\n{killed} of {counted} mutants killed, {killed / max(counted, 1):.1%}")
    return killed / max(counted, 1)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.trust.mutate", description=__doc__)
    parser.add_argument("modules", nargs="*", help="parts of paths; all modules without any")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--most", type=int, default=40, help="mutants a module")
    parser.add_argument("--again", action="store_true", help="try those that survived once more")
    parser.add_argument("--own", action="store_true", help="by each module's own tests alone: many times as fast")
    parser.add_argument("--least", type=float, default=0.9, help="the share that must be killed")
    asked = parser.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + asked.minutes * 60
    try:
        with ProcessPoolExecutor(max_workers=2) as pool:
            waiting = [pool.submit(try_module, module, asked, until) for module in modules(asked.modules)]
            scores = [future.result() for future in waiting]
    finally:
        for copy in CACHE.glob("tree-*"):
            shutil.rmtree(copy, ignore_errors=True)
    sys.exit(report(scores) < asked.least)


if __name__ == "__main__":
    main()
