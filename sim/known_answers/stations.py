"""One station: what theory says of a queue with Poisson arrivals and alike servers.

Invariant: every function is dimensionless in time (rates in, times out, same unit) and refuses an unstable
input where the answer would be infinite. Names of the values: W time in system, Wq wait, L and Lq numbers.
"""

from __future__ import annotations

import math

from sim.known_answers.laws import Law, moment


class Unstable(ValueError):
    """Offered load at or above capacity: no steady state exists."""


def stable_load(load: float) -> float:
    """Return ``load`` (share of capacity) when it is below 1; raise Unstable otherwise."""
    if not 0 <= load < 1:
        raise Unstable(f"offered load {load:.4g} of capacity has no steady state")
    return load


def erlang_b(servers: int, offered: float) -> float:
    """Probability that an arrival finds all ``servers`` busy and is lost (M/G/c/c), ``offered`` in Erlang.

    B(0) = 1, B(k) = a B(k-1) / (k + a B(k-1)). Insensitive to the law of service. Source: Erlang 1917.

    >>> round(erlang_b(12, 10.0), 12)
    0.119739188445
    """
    blocked = 1.0
    for busy in range(1, servers + 1):
        blocked = offered * blocked / (busy + offered * blocked)
    return blocked


def erlang_c(servers: int, offered: float) -> float:
    """Probability of waiting in M/M/c: C = B / (1 - rho (1 - B)). Source: Erlang 1917.

    >>> round(erlang_c(5, 4.0), 12)
    0.554112554113
    """
    load = stable_load(offered / servers)
    blocked = erlang_b(servers, offered)
    return blocked / (1 - load * (1 - blocked))


def markov_station(arrival_rate: float, service_rate: float, servers: int = 1) -> dict[str, float]:
    """M/M/c, first come first served: p_wait, Wq, W, Lq, L, util. Source: Gross et al. 2008, 3.3.

    >>> answer = markov_station(9.0, 1.0, 10)
    >>> round(answer["Wq"], 12), round(answer["util"], 12)
    (0.668731524108, 0.9)
    """
    waits = erlang_c(servers, arrival_rate / service_rate)
    wait = waits / (servers * service_rate - arrival_rate)
    return complete(arrival_rate, 1 / service_rate, servers, wait, waits)


def complete(
    arrival_rate: float, mean_service: float, servers: int, wait: float, waits: float
) -> dict[str, float]:
    """Fill in W, L, Lq and util around a mean wait by Little's law (L = arrival rate x W)."""
    return {
        "p_wait": waits,
        "Wq": wait,
        "W": wait + mean_service,
        "Lq": arrival_rate * wait,
        "L": arrival_rate * (wait + mean_service),
        "util": arrival_rate * mean_service / servers,
    }


def served_within(patience: float, arrival_rate: float, service_rate: float, servers: int) -> float:
    """Share of arrivals of M/M/c that start within ``patience``: 1 - C exp(-(c mu - lam) t).

    >>> round(served_within(0.5, 1.4, 1.0, 2), 12)
    0.572940084548
    """
    spare = servers * service_rate - arrival_rate
    return 1 - erlang_c(servers, arrival_rate / service_rate) * math.exp(-spare * patience)


def fewest_servers(target: float, within: float, arrival_rate: float, service_rate: float) -> int:
    """Smallest staff for which a share ``target`` starts ``within`` the time (Erlang C staffing).

    >>> fewest_servers(0.8, 20.0, 0.1, 1 / 240.0)
    29
    """
    servers = math.floor(arrival_rate / service_rate) + 1
    while served_within(within, arrival_rate, service_rate, servers) < target:
        servers += 1
    return servers


def response_quantile(share: float, arrival_rate: float, service_rate: float) -> float:
    """Quantile of the time in system of M/M/1, exponential with rate mu - lam.

    >>> round(response_quantile(0.95, 0.5, 1.0), 12)
    5.991464547108
    """
    stable_load(arrival_rate / service_rate)
    return -math.log(1 - share) / (service_rate - arrival_rate)


def response_transform(discount: float, arrival_rate: float, service_rate: float) -> float:
    """E[exp(-d W)] of M/M/1: (mu - lam) / (mu - lam + d).

    >>> round(response_transform(0.1, 0.8, 1.0), 12)
    0.666666666667
    """
    spare = service_rate - arrival_rate
    return spare / (spare + discount)


def general_station(arrival_rate: float, law: Law) -> dict[str, float]:
    """M/G/1: Wq = lam E[S^2] / (2 (1 - rho)). Source: Pollaczek 1930, Khinchine 1932.

    >>> general_station(0.8, {"law": "lognormal", "mean": 1.0, "cv": 1.5})["Wq"].__round__(12)
    6.5
    """
    mean = moment(law, 1)
    load = stable_load(arrival_rate * mean)
    return complete(arrival_rate, mean, 1, arrival_rate * moment(law, 2) / (2 * (1 - load)), load)


def limited_room(arrival_rate: float, service_rate: float, servers: int, places: int) -> dict[str, float]:
    """M/M/c/K: arrivals that find ``places`` = K people in the system are lost. Source: Gross et al. 2008,
    3.5.

    >>> answer = limited_room(4.0, 1.0, 4, 10)
    >>> round(answer["P_block"], 12), round(answer["Wq_accepted"], 12)
    (0.108474576271, 0.638783269962)
    """
    chances = birth_death(
        [arrival_rate] * places, [min(n, servers) * service_rate for n in range(1, places + 1)]
    )
    waiting = math.fsum(max(0, n - servers) * chance for n, chance in enumerate(chances))
    accepted = arrival_rate * (1 - chances[-1])
    return {
        "P_block": chances[-1],
        "Lq": waiting,
        "Wq_accepted": waiting / accepted,
        "util": accepted / (servers * service_rate),
    }


def machine_repair(
    machines: int, failure_rate: float, repair_rate: float, technicians: int
) -> dict[str, float]:
    """M/M/c//N: N machines fail and queue for c technicians. Source: Gross et al. 2008, 3.8.

    >>> answer = machine_repair(10, 0.1, 0.5, 2)
    >>> round(answer["L_down"], 12), round(answer["Wq"], 12)
    (2.40372153013, 1.164340985739)
    """
    chances = birth_death(
        [(machines - down) * failure_rate for down in range(machines)],
        [min(down, technicians) * repair_rate for down in range(1, machines + 1)],
    )
    down = math.fsum(n * chance for n, chance in enumerate(chances))
    waiting = math.fsum(max(0, n - technicians) * chance for n, chance in enumerate(chances))
    throughput = failure_rate * (machines - down)
    return {
        "L_down": down,
        "availability": 1 - down / machines,
        "Lq": waiting,
        "Wq": waiting / throughput,
        "throughput": throughput,
        "p_all_up": chances[0],
    }


def birth_death(births: list[float], deaths: list[float]) -> list[float]:
    """Stationary chances of a finite birth-death chain; ``births[n]`` leads n to n + 1, ``deaths[n]`` back.

    >>> birth_death([1.0], [1.0])
    [0.5, 0.5]
    """
    weights = [1.0]
    for birth, death in zip(births, deaths, strict=True):
        weights.append(weights[-1] * birth / death)
    total = math.fsum(weights)
    return [weight / total for weight in weights]


def endless_staff(hour: float, rates: list[float], mean_service: float) -> float:
    """Mean number in service at ``hour`` of the cycle, arrivals by hourly ``rates``, a server for everybody.

    M_t/M/inf, periodic steady state: m' = rate - m / s, solved hour by hour. Source: Eick, Massey, Whitt
    1993.

    >>> round(endless_staff(0.0, [2.0, 2.0], 3.0), 12)
    6.0
    """
    decay = math.exp(-1 / mean_service)
    gained = math.fsum(
        rate * mean_service * (1 - decay) * decay**age for age, rate in enumerate(reversed(rates))
    )
    number = gained / (1 - decay ** len(rates))
    for start, rate in enumerate(rates):
        if hour <= start:
            break
        passed = math.exp(-min(1.0, hour - start) / mean_service)
        number = number * passed + rate * mean_service * (1 - passed)
    return number


def endless_staff_on_a_wave(
    time: float, level: float, swing: float, period: float, mean_service: float
) -> float:
    """Mean number in service of M_t/M/inf when the rate is level + swing sin(2 pi t / period).

    m(t) = level s + swing s (sin(w t) - w s cos(w t)) / (1 + w^2 s^2). Source: Eick, Massey, Whitt 1993.

    >>> round(endless_staff_on_a_wave(2.5, 20.0, 10.0, 10.0, 1.0), 12)
    27.169568003249
    """
    turns = 2 * math.pi / period
    late = turns * mean_service
    wave = (math.sin(turns * time) - late * math.cos(turns * time)) / (1 + late * late)
    return mean_service * (level + swing * wave)


def breakdowns_while_working(
    arrival_rate: float, service_rate: float, failure_rate: float, repair_rate: float
) -> dict[str, float]:
    """M/M/1 whose server fails only while working and resumes: P-K on the completion time. Source: Gaver
    1962.

    E[C] = (1 + f/r) / mu;  E[C^2] = 2 (1 + f/r)^2 / mu^2 + 2 f / (r^2 mu).

    >>> breakdowns_while_working(0.5, 1.0, 0.05, 0.25)["W"].__round__(12)
    4.0
    """
    stretch = 1 + failure_rate / repair_rate
    mean = stretch / service_rate
    second = 2 * mean * mean + 2 * failure_rate / (repair_rate * repair_rate * service_rate)
    load = stable_load(arrival_rate * mean)
    answer = complete(arrival_rate, mean, 1, arrival_rate * second / (2 * (1 - load)), load)
    return answer | {"E_completion": mean, "squared_variation": second / (mean * mean) - 1}
