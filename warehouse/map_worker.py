"""Finds the places of one map in a process of its own: `python -m warehouse.map_worker FOLDER`.

A second process keeps the dashboard quick: openTSNE holds Python's lock for long stretches. What to
do lies in the folder, the answer is written beside it, and each line on standard output is the
share done. When nobody reads those lines any more, the work ends by itself.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np

from core.maps.tsne import ProjectionSettings
from warehouse.projections import MapResult, MapWork, find_places

WORK, ANSWER = "work.npz", "answer.npz"
NICENESS = 5  # pages go first


def write_work(folder: Path, work: MapWork, settings: ProjectionSettings) -> None:
    """Lay down what is to be done."""
    arrays: dict[str, Any] = {
        "units": work.units,
        "old_units": work.old_units,
        "old_points": work.old_points,
        "old_cluster": work.old_cluster,
    }
    told = {"method": work.method, "settings": settings.told()}
    np.savez(
        folder / WORK,
        told=np.array(json.dumps(told)),
        **{name: array for name, array in arrays.items() if array is not None},
    )


def read_answer(folder: Path) -> MapResult:
    """What the worker found."""
    with np.load(folder / ANSWER) as answer:
        told = json.loads(str(answer["told"]))
        return MapResult(answer["points"], answer["cluster"], **told)


def main() -> None:
    """Do the work of the folder that the command line names."""
    folder = Path(sys.argv[1])
    os.nice(NICENESS)
    with np.load(folder / WORK) as laid:
        told = json.loads(str(laid["told"]))
        found = {name: laid[name] for name in laid.files if name != "told"}
    work = MapWork("", None, [], damaged=0, method=told["method"], **found)

    def tell(share: float) -> bool:
        sys.stdout.write(f"{share:.4f}\n")
        sys.stdout.flush()
        return True

    result = find_places(work, ProjectionSettings(**told["settings"]), tell)
    answer = {
        "method": result.method,
        "trustworthiness": result.trustworthiness,
        "seconds": result.seconds,
    }
    np.savez(
        folder / ANSWER,
        points=result.points,
        cluster=result.cluster,
        told=np.array(json.dumps(answer)),
    )


if __name__ == "__main__":
    main()
