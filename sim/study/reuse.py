"""Replications that folders beside this one hold already: what has the same key is taken over.

Invariant: no folder is believed unseen. Some of what it offers, drawn at random, is computed again first;
where one bit differs nothing of it is taken.
"""

import hashlib
import random
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sim.study.batch import Job, run_job
from sim.study.design import Design, Run
from sim.study.store.files import sha256_of, temporary_name
from sim.study.store.folder import BATCHES, JOURNAL, Receipt
from sim.study.store.journal import read

if TYPE_CHECKING:
    from sim.study.store.folder import Store

MOST_FOLDERS = 50
LARGEST_BATCH = 200_000_000
"""Bytes; a batch holds some seconds of work."""
CHECKED, SECONDS = 20, 2.0
"""Replications of a folder that are computed again before it is believed, and when enough is enough."""


def take_over(store: "Store", design: Design, folders: Iterable[Path]) -> None:
    """Copy what the design needs and these folders hold into the store, and note it."""
    wanted = {run.key: run for run in design.runs if not store.done(run.key)}
    for folder in _newest(folders, store.folder):
        if not wanted:
            return
        offered = dict(_offered(folder, wanted))
        if not offered:
            continue
        if not _believed(offered, wanted, design):
            store.notes.append(f"{folder.name}: its numbers do not come out again here; not taken over")
            continue
        for batch in sorted({*offered.values()}):
            _copy(store, batch, [key for key, path in offered.items() if path == batch])
        store.notes.append(f"{len(offered):,} replications are taken over from {folder.name}")
        wanted = {key: run for key, run in wanted.items() if key not in offered}


def _newest(folders: Iterable[Path], own: Path) -> list[Path]:
    found = [path for path in folders if not path.is_symlink() and path.is_dir() and path != own]
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)[:MOST_FOLDERS]


def _offered(folder: Path, wanted: dict[str, Run]) -> Iterator[tuple[str, Path]]:
    """Keys of finished runs, and the whole batch in which each lies."""
    try:
        entries, _, _ = read(folder / JOURNAL)
    except OSError:
        return
    for entry in entries:
        name, keys = entry.get("batch"), entry.get("ok")
        if not isinstance(name, str) or not isinstance(keys, list):
            continue
        mine = [key for key in keys if isinstance(key, str) and key in wanted]
        if mine and re.fullmatch(r"[0-9a-f]{64}\.parquet", name) and _whole(folder / BATCHES / name):
            yield from ((key, folder / BATCHES / name) for key in mine)


def _whole(batch: Path) -> bool:
    try:
        return batch.lstat().st_size <= LARGEST_BATCH and sha256_of(batch) == batch.stem
    except OSError:
        return False


def _believed(offered: dict[str, Path], wanted: dict[str, Run], design: Design) -> bool:
    import pyarrow as pa

    from sim.study.store.batch import holds

    began = time.monotonic()
    for key in random.Random().sample(sorted(offered), min(CHECKED, len(offered))):
        run = wanted[key]
        again = run_job(Job(key, run.replication, design.rows[run.index].scenario), design.work)
        try:
            if not holds(offered[key], again):
                return False
        except (pa.ArrowException, OSError, KeyError):
            return False
        if time.monotonic() - began > SECONDS:
            break
    return True


def _copy(store: "Store", batch: Path, keys: list[str]) -> None:
    """Some runs of a batch as a batch of this store."""
    from sim.study.store.batch import taken

    content = taken(batch, keys, str(store.identity["design"]))
    ended = tuple((key, "ok", "") for key in keys)
    store.commit(Receipt(temporary_name(), hashlib.sha256(content).hexdigest(), ended, content=content))
