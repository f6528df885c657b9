"""Which column of a log means what: given by options, else recognised by the usual names.

Invariant: every mistake of the options is reported at once, each with the nearest existing name.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.fit.cycle import is_cycle, phases
from sim.fit.table import BadLog
from sim.model.mistake import Mistake, unknown_name
from sim.tables.reading import Table

USUAL: dict[str, tuple[str, ...]] = {
    "case": (
        "caseconceptname", "caseid", "case", "casenumber", "caseno", "casekey", "ticket", "ticketid",
        "ticketnumber", "ticketno", "ticketkey", "request", "requestid", "requestnumber", "incident",
        "incidentid", "incidentnumber", "orderid", "traceid", "trace", "processid", "instanceid",
        "processinstance", "processinstanceid", "claimid", "applicationid", "issuekey", "issueid",
    ),
    "activity": (
        "conceptname", "activity", "activityname", "activityid", "task", "taskname", "event", "eventname",
        "action", "step", "stepname", "operation", "status",
    ),
    "time": (
        "timetimestamp", "completetimestamp", "completiontimestamp", "completetime", "completiontime",
        "endtimestamp", "endtime", "enddatetime", "enddate", "finishtimestamp", "finishtime", "finishdate",
        "timestamp", "eventtime", "eventtimestamp", "time", "datetime", "end", "ended", "endedat", "finish",
        "finished", "finishedat", "complete", "completed", "completedat", "date", "eventdate", "createdat",
    ),
    "start": (
        "starttimestamp", "starttime", "startdatetime", "startdate", "begintimestamp", "begintime",
        "begindatetime", "begindate", "start", "started", "startedat", "begin", "begun", "began", "beginning",
    ),
    "resource": (
        "orgresource", "resource", "resourceid", "resourcename", "person", "agent", "agentid", "agentname",
        "user", "userid", "username", "assignee", "assignedto", "originator", "employee", "employeeid",
        "handler", "worker", "operator", "performer", "performedby", "staff",
    ),
    "customer": (
        "customer", "client", "account", "requester", "casecustomer", "caseclient", "customerid",
        "customername", "clientid", "accountid",
    ),
    "product": (
        "product", "caseproduct", "service", "requesttype", "category", "item", "producttype", "casetype",
    ),
    "lifecycle": ("lifecycletransition", "lifecycle", "transition", "transitiontype", "eventtype"),
}  # fmt: skip
"""Usual names without signs and capitals, the first one found is taken."""
NEEDED = ("case", "activity", "time")
MEANINGS = {
    "case": "which ticket an event belongs to",
    "activity": "what was done",
    "time": "when it was finished",
}


@dataclass(frozen=True)
class Columns:
    """Names of the columns used; None where the log has no such column. `attributes` describe customers."""

    case: str
    activity: str
    time: str
    start: str | None = None
    resource: str | None = None
    customer: str | None = None
    product: str | None = None
    lifecycle: str | None = None
    attributes: tuple[str, ...] = ()


def choose(table: Table, given: Mapping[str, str | None], attributes: Sequence[str] = ()) -> Columns:
    """The columns to use.

    Raises
    ------
    BadLog
        when an option names a column that does not exist, two options name the same one, or a needed one is
        neither given nor recognised.
    """
    mistakes: list[Mistake] = []
    chosen: dict[str, str | None] = {}
    for role, names in USUAL.items():
        option = given.get(role)
        if option is not None and option not in table.columns:
            mistakes.append(unknown_name(f"--{role}", option, table.columns, "column"))
        chosen[role] = option if option is not None else _recognised(table, names)
        if chosen[role] is None and role in NEEDED:
            known = ", ".join(table.columns)
            mistakes.append(
                Mistake(
                    f"--{role}", "is missing", f"Columns: {known}", f"Say {MEANINGS[role]}: --{role} NAME"
                )
            )
    mistakes += [
        unknown_name("--attribute", name, table.columns, "column")
        for name in attributes
        if name not in table.columns
    ]
    mistakes += _clashes(chosen, given)
    if mistakes:
        raise BadLog(mistakes)
    chosen["lifecycle"] = chosen["lifecycle"] or _cycle(table, chosen)
    return Columns(**chosen, attributes=tuple(dict.fromkeys(attributes)))  # type: ignore[arg-type]


def _recognised(table: Table, usual: tuple[str, ...]) -> str | None:
    plain = {re.sub(r"[\W_]", "", name.lower()): name for name in reversed(table.columns)}
    return next((plain[name] for name in usual if name in plain), None)


def _cycle(table: Table, chosen: Mapping[str, str | None]) -> str | None:
    """A column that says begin and end of most activities of a ticket, whatever its name."""
    for name, values in table.columns.items():
        if name not in chosen.values() and is_cycle(values):
            keys = list(
                zip(*(table.columns[str(chosen[role])] for role in ("case", "activity")), strict=True)
            )
            finished, begun = ({keys[row] for row in rows} for rows in phases(values))
            if len(finished & begun) > 0.5 * len(finished | begun):
                return name
    return None


def _clashes(chosen: dict[str, str | None], given: Mapping[str, str | None]) -> list[Mistake]:
    """Two roles for one column: a mistake when both were asked for, else the recognised one gives way."""
    found = []
    owners: dict[str, str] = {}
    for role in sorted(chosen, key=lambda role: given.get(role) is None):
        name = chosen[role]
        if name is None:
            continue
        if name not in owners:
            owners[name] = role
        elif given.get(role) is None and role not in NEEDED:
            chosen[role] = None
        else:
            found.append(
                Mistake(
                    f"--{role}",
                    f'column "{name}" is used for --{owners[name]} already',
                    "A column of its own",
                )
            )
    return found
