"""Every picture of the starter's grid: which model is asked what, with which seed."""

from dataclasses import dataclass

from core.starter.prompts import (
    GRID_SEEDS,
    QUERY_SEEDS,
    Prompt,
    grid_prompts,
    query_prompts,
    specification_prompts,
)
from core.starter.roster import RosterEntry

STEPS, GUIDANCE, RESCALE = 16, 4.0, 0.6
SAMPLER = "DDIM trailing"
SIDE_PX = 128


@dataclass(frozen=True)
class Cell:
    """One picture to generate; a seed is shared by all models."""

    model_version_id: int
    prompt: Prompt
    seed: int

    @property
    def image_id(self) -> str:
        """Key of the image in the warehouse."""
        return f"starter-{self.model_version_id}-{self.prompt.prompt_id}-{self.seed}"


def cells_of(entry: RosterEntry) -> tuple[Cell, ...]:
    """The grid, the model's own prompts where it brings some, then the queries kept apart."""
    asked = [
        *((prompt, GRID_SEEDS) for prompt in grid_prompts()),
        *((prompt, GRID_SEEDS) for prompt in specification_prompts().get(entry.slug, ())),
        *((prompt, QUERY_SEEDS) for prompt in query_prompts()),
    ]
    return tuple(
        Cell(entry.model_version_id, prompt, seed) for prompt, seeds in asked for seed in seeds
    )
