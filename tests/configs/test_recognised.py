"""The companies people recognise: no structure that their field argues about is overloaded."""

import pytest

from sim import load_scenario
from sim.config.shipped import configs
from sim.replication import prepare
from sim.report.layout import BUSIEST

STRUCTURES = {
    "support_centre": ("function", "customer", "pooled"),
    "software_product": ("function", "product", "customer", "streams_and_platform"),
    "contact_centre": ("pooled", "product", "customer"),
    "outpatients": ("function", "specialty_clinics", "patient_pathways", "function_product"),
}
OFFERS = [(company, structure) for company, named in STRUCTURES.items() for structure in named]


@pytest.mark.parametrize(("company", "structure"), OFFERS)
def test_no_structure_of_a_recognised_company_is_expected_to_be_overloaded(
    company: str, structure: str
) -> None:
    _, organisation, _ = prepare(load_scenario([f"company={company}", f"structure={structure}"]))
    assert max(organisation.load) <= BUSIEST
    assert max(organisation.desk_load) <= BUSIEST


@pytest.mark.parametrize("company", STRUCTURES)
def test_every_line_with_a_number_names_its_source_or_an_assumption(company: str) -> None:
    """A line of a law stands under a comment that speaks for all laws of the file."""
    lines = (configs() / "company" / f"{company}.yaml").read_text(encoding="utf-8").splitlines()
    body = lines[lines.index("grade: D") :]
    bare = [line for line in body if any(sign.isdigit() for sign in line) and "law: lognormal" not in line]
    assert [line for line in bare if not line.rstrip().endswith((", A", ", B", ", C", ", D"))] == []
    assert any(line.startswith("products:") and "E15" in line for line in body)
