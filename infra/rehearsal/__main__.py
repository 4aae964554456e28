"""`make rehearse`: the whole stack on an emulated AWS, and a table of what was seen."""

from __future__ import annotations

import os
import sys
import time

from infra.rehearsal.bridges import GAPS
from infra.rehearsal.emulator import NoEmulator, emulator
from infra.rehearsal.operator import (
    begin_another_network,
    change_the_secret,
    move,
    put_a_firewall_before_it,
    remove,
    rotate_the_network,
)
from infra.rehearsal.project import copied
from infra.rehearsal.story import Story
from infra.rehearsal.table import Table


def main() -> int:
    started, table = time.monotonic(), Table()
    try:
        with emulator() as aws, copied(aws) as project:
            os.environ.update(aws.variables)
            story = Story(project, table)
            for step in STEPS:
                with table.step(step.__name__.replace("_", " ").capitalize()):
                    step(story)
                if step is STEPS[0] and table.failed:
                    print("\n".join(project.log))
                    break
            ignored = aws.ignored()
    except NoEmulator as error:
        print(error, file=sys.stderr)
        return 1
    print(f"\n{table.markdown()}\n\nIn MiniStack, bridged for this:\n")
    print("\n".join(f"- {gap}" for gap in GAPS))
    print("\nIgnored by MiniStack, and so not rehearsed:\n")
    print("\n".join(f"- {kind}: {', '.join(sorted(names))}" for kind, names in sorted(ignored.items()) if names))
    print(
        f"\n{len(table.rows)} looked at, {len(table.failed)} not as it should be, {time.monotonic() - started:.0f} s."
    )
    return 1 if table.failed else 0


STEPS = (
    Story.deploy_for_the_first_time,
    begin_another_network,
    Story.look,
    Story.use_the_page,
    Story.change_parameters,
    Story.change_the_gallery,
    Story.lose_the_gallery,
    Story.deploy_without_a_change,
    Story.deploy_what_cannot_start,
    rotate_the_network,
    Story.go_back,
    put_a_firewall_before_it,
    change_the_secret,
    move,
    remove,
)

if __name__ == "__main__":
    sys.exit(main())
