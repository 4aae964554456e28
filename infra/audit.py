"""Known vulnerabilities in the function's packages, by pip-audit: `make audit`.

    python -m infra.audit PIP_AUDIT

pip-audit asks PyPI about each package, and takes one that PyPI does not answer for as one without vulnerabilities. Behind
a mirror of packages only, it would so pass everything; its --strict fails then, but as it does for a vulnerability. Here, an
audit that did not happen is none: `make audit` fails with status 2, and `make check` goes on, with this for its last line.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lookalike.settings import FUNCTION

LOCK = FUNCTION / "requirements.txt"


@dataclass(frozen=True, slots=True)
class Audit:
    """Packages by outcome; `vulnerable` as lines to print."""

    sound: list[str] = field(default_factory=list)
    vulnerable: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)


def audit(pip_audit: Path, lock: Path = LOCK) -> Audit:
    """Ask about everything in the lock. Raises RuntimeError when pip-audit itself fails."""
    command = [pip_audit, "-r", lock, "--require-hashes", "--disable-pip", "--progress-spinner", "off", "-f", "json"]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)  # noqa: S603
    try:
        dependencies: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no answer") from None
    return sorted_out(dependencies)


def sorted_out(dependencies: list[dict[str, Any]]) -> Audit:
    """pip-audit's own list, by outcome."""
    found = Audit()
    for dependency in dependencies:
        name = str(dependency["name"])
        if "skip_reason" in dependency:
            found.unanswered.append(name)
        for hole in dependency.get("vulns", []):
            mended = ", ".join(hole.get("fix_versions", [])) or "no version yet"
            found.vulnerable.append(f"{name} {dependency['version']}: {hole['id']}, mended in {mended}")
        if not dependency.get("vulns") and "skip_reason" not in dependency:
            found.sound.append(name)
    return found


def main() -> int:
    try:
        found = audit(Path(sys.argv[1]))
    except (RuntimeError, OSError) as error:
        print(f"Not audited: pip-audit itself failed: {error}", file=sys.stderr)
        return 2
    if found.sound:
        print(f"Without known vulnerabilities: {len(found.sound)} packages.")
    if found.vulnerable:
        print("\n".join(found.vulnerable))
    if found.unanswered:
        print(
            f"Not audited: {', '.join(found.unanswered)}. From here PyPI's vulnerability service (pypi.org/pypi/…/json) "
            "does not answer for them; run `make audit` where it does, or look at what the continuous integration says.",
            file=sys.stderr,
        )
    return 1 if found.vulnerable else 2 if found.unanswered else 0


if __name__ == "__main__":
    sys.exit(main())
