"""The made-up log, read and arranged once.

Invariant: nothing here changes between tests.
"""

import os
from pathlib import Path

import pytest

from sim.fit.columns import Columns, choose
from sim.fit.estimate import Estimate, estimate
from sim.fit.events import Events, gather
from sim.fit.roles import assign
from sim.fit.table import read
from sim.fit.tickets import Tickets, arrange
from tests.fit import made_up

DOI = "doi:10.4121/uuid:0c60edf1-6f83-4e75-9367-4c63b3e9d5bb"


@pytest.fixture(scope="session")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up log as CSV."""
    return made_up.write_csv(tmp_path_factory.mktemp("log") / "desk.csv", made_up.events())


@pytest.fixture(scope="session")
def events(log: Path) -> Events:
    """Its events; the column `contract` is found to describe customers."""
    table = read(log)
    columns: Columns = choose(table, {})
    return gather(table, columns)


@pytest.fixture(scope="session")
def tickets(events: Events) -> Tickets:
    """Its tickets in open hours."""
    return arrange(events, assign(events))


@pytest.fixture(scope="session")
def found(tickets: Tickets) -> Estimate:
    """The company estimated from 70 % of them."""
    return estimate(tickets, session_hours=2.0, fit_share=0.7)


@pytest.fixture(scope="session")
def helpdesk() -> Path:
    """The real help desk log: ORGDES_HELPDESK_LOG, or in `shared/data` beside the checkout."""
    beside = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "helpdesk.xes.gz"
    path = Path(os.environ.get("ORGDES_HELPDESK_LOG", beside))
    if not path.is_file():
        pytest.skip(f"set ORGDES_HELPDESK_LOG: the help desk log ({DOI}) is not at {path}")
    return path
