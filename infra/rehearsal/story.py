"""A deployment's life, step by step: made, looked at, changed, broken. What comes later is in `operator`."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import Future

from infra import amazon, packages, versions
from infra.bucket import Bucket
from infra.rehearsal.browser import find_on_the_page
from infra.rehearsal.emulator import Emulator
from infra.rehearsal.project import Done, Project
from infra.rehearsal.site import look_at_photos, look_at_the_page, look_at_who_is_kept_out, look_for_what_is_not_there
from infra.rehearsal.table import Table
from infra.rehearsal.visitors import Visitor

ALERTED = "somebody@example.org"


class Story:
    """Each method is a step; `places` are the stack's outputs, `exported` the network that comes later."""

    exported: Future[Done]

    def __init__(self, project: Project, table: Table) -> None:
        self.project, self.table = project, table
        self.aws: Emulator = project.aws
        self.files: list[str] = []

    @property
    def places(self) -> dict[str, str]:
        return amazon.outputs()

    @property
    def page(self) -> str:
        return self.places["SiteUrl"]

    def people(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = json.loads(self.aws.fetch(f"{self.page}api/people").body)["people"]
        return found

    def secret(self) -> str:
        return versions.origin_secret(self.places["FunctionName"])

    def deploy_for_the_first_time(self) -> None:
        done = self.project.deploy(f"AlarmEmail={ALERTED}")
        found = amazon.deployed()
        status = found.status if found else done.last
        well = done.code == 0 and status == "CREATE_COMPLETE"
        self.table.see("make deploy", well, f"{status}, {done.cost}")

    def look(self) -> None:
        self.files = look_at_the_page(self.aws, self.page, self.table)
        look_for_what_is_not_there(self.aws, self.page, self.table)
        look_at_photos(self.aws, self.page, self.project.gallery, self.table)
        look_at_who_is_kept_out(self.places, self.table)

    def use_the_page(self) -> None:
        portrait = next((self.project.gallery / "portraits").glob("*.jpg"))
        find_on_the_page(self.aws, self.page, portrait, self.table)

    def change_parameters(self) -> None:
        """They reach those who ask, by a new version; the package is not sent again."""
        parameters = ("MemorySize=2048", "SnapStart=PublishedVersions", "AllowedOrigins=https://other.example")
        done = self.project.deploy(*parameters)
        live = amazon.client("lambda").get_function_configuration(
            FunctionName=self.places["FunctionName"], Qualifier=versions.ALIAS
        )
        got = self.aws.fetch(f"{self.page}api/health", headers={"Origin": "https://other.example"})
        allowed = got.headers.get("access-control-allow-origin")
        seen = (
            f"version {live['Version']}: {live['MemorySize']} MB, SnapStart {live['SnapStart']['ApplyOn']}, {allowed}"
        )
        well = (live["MemorySize"], live["SnapStart"]["ApplyOn"], allowed) == (
            2048,
            "PublishedVersions",
            "https://other.example",
        )
        self.table.see("other parameters, as users get them", done.code == 0 and well, seen)
        self.table.see("… what that sends", done.megabytes < 0.1, done.cost)

    def change_the_gallery(self) -> None:
        """One professor comes, one leaves, while somebody uses the page."""
        people = self.people()
        leaves, stays = people[0], people[1]
        photo = self.project.folder / "new.jpg"
        shutil.copy(self.project.gallery / "portraits" / leaves["portrait"], photo)
        self.project.run(["cli.main", "gallery", "remove", leaves["id"]])
        self.project.run(["cli.main", "gallery", "add", str(photo), "--name", "New Person", "--department", "Physics"])
        used = [*self.files, self.page, f"{self.page}api/people", f"{self.page}api/portraits/{stays['portrait']}"]
        with Visitor(self.aws, used) as visitor:
            done = self.project.deploy()
        self.table.see("one person more, one fewer", done.code == 0, done.cost)
        self.table.see("… meanwhile, to a visitor", visitor.undisturbed, dict(visitor.statuses))
        self._look_for(leaves)

    def _look_for(self, person: dict[str, str]) -> None:
        """Somebody who has left is in no list, no portrait, no package and no version of the function."""
        names = [one["name"] for one in self.people()]
        portrait = self.aws.fetch(f"{self.page}api/portraits/{person['portrait']}").status
        kept = versions.versions(self.places["FunctionName"]).all
        stored = Bucket(packages.bucket_name(amazon.STACK))
        layers = [key for key in stored.list() if not key.endswith(packages.TEMPLATES)]
        well = person["name"] not in names and "New Person" in names and portrait == 404 and len(kept) == 1
        seen = f"portrait {portrait}, {len(kept)} version, {len(layers)} packages"
        self.table.see("… who has left, everywhere", well and len(layers) == 2, seen)

    def lose_the_gallery(self) -> None:
        """It comes back as it was: the next step finds nothing to deploy."""
        shutil.rmtree(self.project.gallery)
        done = self.project.run(["infra.deploy", "restore"])
        self.table.see("a lost gallery, make restore", done.code == 0, f"{done.last[:20]}… in {done.seconds:.1f} s")

    def deploy_without_a_change(self) -> None:
        before = versions.versions(self.places["FunctionName"])
        done = self.project.deploy()
        same = versions.versions(self.places["FunctionName"]) == before
        well = "Nothing has changed, and nothing was uploaded" in done.said and same and done.megabytes == 0
        self.table.see("a deployment without a change", well, f"{done.cost}, no new version")

    def deploy_what_cannot_start(self) -> None:
        """The version before answers again by itself, and the alarm rings."""
        handler = self.project.folder / "function" / "lookalike" / "handler.py"
        sound = handler.read_text()
        handler.write_text(f"{sound}\nraise RuntimeError('a fault of the rehearsal')\n")
        # With SnapStart it would not even be published, and so never be asked.
        done = self.project.deploy("SnapStart=None")
        handler.write_text(sound)
        got = self.aws.fetch(f"{self.page}api/health").status
        well = done.code != 0 and "the one before it, answers again" in done.said and got == 200
        self.table.see("a version that cannot start", well, f"{done.last} /api/health: {got}")
        found = amazon.client("cloudwatch").describe_alarms()["MetricAlarms"]
        states = {alarm["AlarmName"].split("-")[1]: alarm for alarm in found}
        rings = [name for name, alarm in states.items() if alarm["StateValue"] == "ALARM"]
        told = all(alarm["AlarmActions"] for alarm in found)
        self.table.see("… the alarm", rings == ["ErrorAlarm"] and told, f"in alarm: {', '.join(rings) or 'none'}")

    def go_back(self) -> None:
        before = versions.versions(self.places["FunctionName"])
        done = self.project.run(["infra.deploy", "rollback"])
        after = versions.versions(self.places["FunctionName"])
        well = done.code == 0 and after.live == before.before
        self.table.see("make rollback", well, f"version {before.live} → {after.live} in {done.seconds:.1f} s")
