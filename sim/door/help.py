"""The text of `orgdes --help`: commands, what can be chosen, how to sweep, Hydra's flags.

Invariant: written from the files that are there, so that it never names a choice that does not exist.
"""

from collections.abc import Sequence
from pathlib import Path

from sim.door.arguments import read_arguments
from sim.door.shipped import GROUPS, configs

TEXT = """\
orgdes: which way of dividing a company into departments serves its customers best?

usage: orgdes [command] [group=choice ...] [key=value ...] [options]

commands
  run           simulate and compare; the default, the word may be left out
  fit           turn a ticket log (CSV or XES) into a company of your own:  orgdes fit LOG --name NAME --out DIR
  verify        compare the simulator with known exact answers
  report        write the report of a results folder again:  orgdes report FOLDER
  replay        compute one replication of a results folder again:  orgdes replay FOLDER --scenario=N --replication=R

examples
  orgdes                                            by function, by customer, by product: the default comparison
  orgdes structure=function,matrix staffing.headcount=20,24,28
  orgdes --config-dir mine company=mine             your own files: mine/company/mine.yaml
  orgdes study=NAME                                 a prepared study

choices (group=choice)
{choices}

sweeps (a key with several values; every combination is run, all on the same customers)
  key=a,b,c   key=range(1,10,3)   group=glob(f*)    values one by one
  key=interval(0.8,1.2)                             points in between: sweep.samples=64 sweep.sampler=lhs|sobol
  sweep.design=FILE.csv                             a table, CSV or Parquet: one row a scenario, columns are keys
  --yes                                             run a sweep of more than a million scenarios

settings
  experiment.replications=30 experiment.seed=7 experiment.jobs=4 experiment.horizon_weeks=104
  sweep.folder=DIR                                  results go there instead of results/<study>-<design>

options (Hydra's own)
  --config-dir DIR     add a folder with your own company/, structure/, study/ ... files
  --config-name NAME   another primary config
  --cfg job            show the composed scenario and stop;  --info: how it was composed
  -m, --multirun       accepted, and not needed: every run is a sweep
  --hydra-help         more of Hydra's options
  -sc install=bash     tab completion:  eval "$(orgdes -sc install=bash)"
  --version

exit codes: 0 fine, 1 some scenarios failed, 2 bad input (nothing was run), 130 interrupted (run again to go on)
"""


def help_text(argv: Sequence[str] = ()) -> str:
    """The help, with the choices of the shipped configs and of a user's folder."""
    own = read_arguments(list(argv)).config_dir
    folders = [configs(), *([own] if own and own.is_dir() else [])]
    lines = (f"  {group:<13} {', '.join(names)}" for group in GROUPS if (names := choices(group, folders)))
    return TEXT.format(choices="\n".join(lines)).rstrip()


def choices(group: str, folders: Sequence[Path]) -> list[str]:
    """Names of the files of a group."""
    return sorted({path.stem for folder in folders for path in (folder / group).glob("*.yaml")})
