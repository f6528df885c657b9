"""All exact answers in one place: closed forms and exactly solved chains, by family.

Invariant: nothing here knows the simulator; every function is documented with its formula and source and
carries a checked value. The families and the overrides that reproduce them are in ``docs/known-answers.md``.
"""

from sim.known_answers.arrivals import batch_pool, batch_station, renewal_station
from sim.known_answers.chains import unlike_pair, unlike_pool
from sim.known_answers.comparisons import break_even, pooling, unequal_pooling
from sim.known_answers.helping import helping_pair
from sim.known_answers.learning import (
    adopted,
    channels,
    kept_after,
    kept_each,
    knowledge_stock,
    lifetime_value,
    plateau_time,
    ramp_up_share,
    scalability,
    vacancy_share,
    weeks_to_fix,
    weighted_score,
    wright_time,
)
from sim.known_answers.networks import (
    escalation,
    network_of_routes,
    open_network,
    route_with_rework,
    routes,
    traffic,
)
from sim.known_answers.patience import impatient_station
from sim.known_answers.priorities import (
    average_wait,
    priority_pool_waits,
    priority_waits,
    shortest_first_wait,
)
from sim.known_answers.setups import setup_station
from sim.known_answers.skills import skill_routing
from sim.known_answers.stations import (
    Unstable,
    breakdowns_while_working,
    endless_staff,
    endless_staff_on_a_wave,
    erlang_b,
    erlang_c,
    fewest_servers,
    general_station,
    limited_room,
    machine_repair,
    markov_station,
    response_quantile,
    response_transform,
    served_within,
)

__all__ = [
    "Unstable",
    "adopted",
    "average_wait",
    "batch_pool",
    "batch_station",
    "break_even",
    "breakdowns_while_working",
    "channels",
    "endless_staff",
    "endless_staff_on_a_wave",
    "erlang_b",
    "erlang_c",
    "escalation",
    "fewest_servers",
    "general_station",
    "helping_pair",
    "impatient_station",
    "kept_after",
    "kept_each",
    "knowledge_stock",
    "lifetime_value",
    "limited_room",
    "machine_repair",
    "markov_station",
    "network_of_routes",
    "open_network",
    "plateau_time",
    "pooling",
    "priority_pool_waits",
    "priority_waits",
    "ramp_up_share",
    "renewal_station",
    "response_quantile",
    "response_transform",
    "route_with_rework",
    "routes",
    "scalability",
    "served_within",
    "setup_station",
    "shortest_first_wait",
    "skill_routing",
    "traffic",
    "unequal_pooling",
    "unlike_pair",
    "unlike_pool",
    "vacancy_share",
    "weeks_to_fix",
    "weighted_score",
    "wright_time",
]
