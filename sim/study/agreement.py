"""May a folder be continued under other versions? Only if they give the same numbers.

Invariant: results of a folder all come from versions that agreed, bit for bit, on one of its runs.
"""

from typing import TYPE_CHECKING, Any

from sim.study.batch import Job, run_job
from sim.study.design import Design, Run

if TYPE_CHECKING:
    from sim.study.store.folder import Store


class OtherVersions(Exception):
    """The folder was computed under versions that give other numbers than these."""


def check_agreement(store: "Store", design: Design, about: dict[str, Any]) -> None:
    """Compute one finished run again when packages have changed since the folder was last worked on.

    Results of other code of the model have other keys and are never mixed in; this is about the packages
    beneath it.

    Raises
    ------
    OtherVersions
        when the numbers differ.
    """
    before = next((past for past in reversed(store.sessions) if past["model"] == about["model"]), None)
    if before is None or before["versions"] == about["versions"]:
        return
    run = next((run for run in design.schedule() if store.done(run.key)), None)
    if run is None:
        return
    changes = _changes(before["versions"], about["versions"])
    if not _same(store, design, run):
        raise OtherVersions(
            f"{store.folder.name} was computed with other versions ({changes}), which give other numbers. "
            "Go back to them, or choose another folder"
        )
    store.notes.append(f"continued under other versions ({changes}); they give the same numbers")


def _same(store: "Store", design: Design, run: Run) -> bool:
    from sim.study.store.batch import holds

    record = run_job(Job(run.key, run.replication, design.rows[run.index].scenario), design.work)
    return holds(store.batches / store.finished[run.key].batch, record)


def _changes(before: dict[str, str], now: dict[str, str]) -> str:
    return ", ".join(
        f"{name} {before.get(name, 'none')} then, {now.get(name, 'none')} now"
        for name in sorted({*before, *now})
        if before.get(name) != now.get(name)
    )
