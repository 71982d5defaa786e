"""Which noise levels training looks at: all of them, the middle ones more often."""

import torch
from torch import Tensor

TIMESTEPS = 1000
UNIFORM_SHARE = 0.4  # the rest by a logit-normal density (Esser et al. 2024)


def _cumulative() -> Tensor:
    """Share of draws up to and including each timestep, (1000,)."""
    position = (torch.arange(TIMESTEPS, dtype=torch.float64) + 0.5) / TIMESTEPS
    middle = torch.exp(-0.5 * torch.logit(position) ** 2) / (position * (1 - position))
    density = UNIFORM_SHARE / TIMESTEPS + (1 - UNIFORM_SHARE) * middle / middle.sum()
    return density.cumsum(0)


CUMULATIVE = _cumulative()


def draw_timesteps(size: int) -> Tensor:
    """Timesteps of one batch, stratified, so that each batch covers all levels; (size,) int64."""
    share = (torch.randperm(size) + torch.rand(size)) / size
    return torch.searchsorted(CUMULATIVE, share.double()).clamp(max=TIMESTEPS - 1)
