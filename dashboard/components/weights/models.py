"""Names of the models in a grid."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dashboard.data import map as data


@dataclass(frozen=True)
class ModelNames:
    """Name and version of each model of a grid, in its order."""

    ids: npt.NDArray[np.int64]  # (m,)
    names: tuple[str, ...]  # (m,)
    versions: tuple[str, ...]  # (m,) "" where there is none

    @classmethod
    def read(cls, ids: npt.NDArray[np.int64]) -> "ModelNames":
        """Names of the models with these version ids."""
        rows = data.map_models()
        told = {
            key: (name, version or "")
            for key, name, version in rows.select(
                "model_version_id", "model_name", "version_name"
            ).iter_rows()
        }
        unknown = [(f"Model {key} (not in the roster)", "") for key in ids]
        found = [told.get(int(key), unknown[place]) for place, key in enumerate(ids)]
        return cls(ids, tuple(name for name, _ in found), tuple(version for _, version in found))

    def title(self, model: int) -> str:
        """Name and version of the model at this place."""
        return " ".join(filter(None, (self.names[model], self.versions[model])))
