"""Writes design.csv and office.csv: how much knowledge matters, at demand that loads the pool to 80 %.

    python experiments/pooling/design.py

Invariant: in every row the pooled structure has the same expected load, so that a row differs from the next
in what knowledge is worth and in nothing else that queues feel.
"""

import csv
from pathlib import Path

from sim import load_scenario
from sim.replication import prepare

HERE = Path(__file__).parent
LOAD = 0.8
DESK, OFFICE = "company.functions.service.knowledge.product", "people.knowledge_scale"
STEPS = {DESK: (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0), OFFICE: (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)}
STUDIES = {DESK: ["study=pooling"], OFFICE: []}


def pooled_load(key: str, value: float, demand: float) -> float:
    """Expected load of the one department of generalists."""
    overrides = [*STUDIES[key], "structure=pooled", f"{key}={value}", f"demand.scale={demand!r}"]
    _, organisation, _ = prepare(load_scenario(overrides))
    return float(organisation.load.max())


def demand_for(key: str, value: float) -> float:
    """Demand scale that loads the pool to LOAD, to four digits; the load rises with demand."""
    low, high = 0.0, 4.0
    while high - low > 5e-5:
        middle = (low + high) / 2
        low, high = (middle, high) if pooled_load(key, value, middle) < LOAD else (low, middle)
    return round(low, 4)


def write(name: str, key: str) -> None:
    """One design table: a row for each value of the key."""
    with (HERE / name).open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([key, "demand.scale"])
        table.writerows([value, demand_for(key, value)] for value in STEPS[key])


if __name__ == "__main__":
    write("design.csv", DESK)
    write("office.csv", OFFICE)
