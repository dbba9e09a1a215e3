"""Searches through the protocol as far as told, one line of JSON for each bound."""

import argparse
import dataclasses
import json
import warnings

from protocol.search import search
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
"""Two processes in each; from the smallest to the largest."""

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bounds", type=int, default=7, help=f"how many of the {len(BOUNDS)} bounds, smallest first")
    parser.add_argument("--states", type=int, default=None, help="stop each search after so many states")
    given = parser.parse_args()
    # A process of the search that ends leaves coroutines that never began.
    warnings.filterwarnings("ignore", message="coroutine .* was never awaited", category=RuntimeWarning)
    for bound in BOUNDS[: given.bounds]:
        found = search(bound, most_states=given.states)
        print(json.dumps({**dataclasses.asdict(bound), **dataclasses.asdict(found)}), flush=True)
