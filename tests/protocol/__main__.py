"""Searches the protocol within each bound, and prints one line of JSON for each.

A violation ends the search: it is printed with the events that lead to it, and the exit code is 1.
"""

import argparse
import contextlib
import dataclasses
import json
import sys
import warnings

from protocol.mutants import MUTANTS
from protocol.search import Counterexample, search
from protocol.world import Bound

BOUNDS = (
    Bound(records=3, faults=0, restarts=0, moves=0),
    Bound(records=1, faults=1, restarts=1, moves=0),
    Bound(records=2, faults=1, restarts=0, moves=0, each_mark=True),
    Bound(records=1, faults=0, restarts=0, moves=1),
    Bound(records=2, faults=0, restarts=0, moves=1),
    Bound(records=1, faults=1, restarts=0, moves=1),
    Bound(records=1, faults=0, restarts=1, moves=1),
    Bound(records=2, faults=0, restarts=1, moves=1),
    Bound(records=1, faults=1, restarts=1, moves=1),
)
"""The bounds, from the smallest to the largest; each has two processes."""

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="protocol", description=__doc__)
    parser.add_argument(
        "--bounds", type=int, default=7, metavar="N", help=f"search the first N of {len(BOUNDS)} bounds (7)"
    )
    parser.add_argument("--states", type=int, default=None, metavar="N", help="stop each search after this many states")
    parser.add_argument("--mutant", choices=MUTANTS, help="search this mutant of the protocol instead")
    given = parser.parse_args()
    # When the search ends a process, coroutines that never started are left.
    warnings.filterwarnings("ignore", message="coroutine .* was never awaited", category=RuntimeWarning)
    for bound in BOUNDS[: given.bounds]:
        try:
            result = search(bound, MUTANTS.get(given.mutant, contextlib.nullcontext), given.states)
        except Counterexample as counterexample:
            sys.exit(str(counterexample))
        print(json.dumps({**dataclasses.asdict(bound), **dataclasses.asdict(result)}), flush=True)
