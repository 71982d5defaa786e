"""The Muon optimizer: momentum, orthogonalised, for weights that are matrices."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

from core.starter.train.workplace import fast_dtype

NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)
NEWTON_SCHULZ_STEPS = 5


class Muon(torch.optim.Optimizer):
    """Muon (Jordan et al. 2024) with convolutions flattened to (out, rest).

    torch.optim.Muon takes 2-D weights only and handles them one by one; weights of the same shape
    are stacked here, which matters on a CPU.
    """

    def __init__(
        self, params: Iterable[Tensor], lr: float, momentum: float = 0.95, decay: float = 0.01
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "decay": decay})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        """Update every weight that has a gradient; no closure is called."""
        for group in self.param_groups:
            by_shape: dict[tuple[int, int], list[tuple[Tensor, Tensor]]] = defaultdict(list)
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                state = self.state[weight]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(weight)
                momentum = state["momentum"]
                momentum.lerp_(weight.grad, 1 - group["momentum"])
                update = weight.grad.lerp(momentum, group["momentum"]).flatten(1)
                by_shape[update.shape].append((weight, update))
            for shape, pairs in by_shape.items():
                updates = orthogonalise(torch.stack([update for _, update in pairs]))
                step = -group["lr"] * 0.2 * max(shape) ** 0.5
                for (weight, _), update in zip(pairs, updates, strict=True):
                    weight.mul_(1 - group["lr"] * group["decay"])
                    weight.add_(update.reshape(weight.shape), alpha=step)


def orthogonalise(matrices: Tensor) -> Tensor:
    """Nearest orthogonal matrices, roughly, by Newton-Schulz; (n, rows, columns)."""
    a, b, c = NEWTON_SCHULZ
    tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.mT if tall else matrices
    x = (x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)).to(fast_dtype(x.device.type))
    for _ in range(NEWTON_SCHULZ_STEPS):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    result: Tensor = (x.mT if tall else x).float()
    return result


def split_parameters(
    module_parameters: Iterable[Tensor], never_muon: Iterable[Tensor]
) -> tuple[list[Tensor], list[Tensor]]:
    """Weights for Muon, and the rest (vectors, embeddings, small matrices) for AdamW."""
    excluded = {id(weight) for weight in never_muon}
    matrices: list[Tensor] = []
    rest: list[Tensor] = []
    for weight in module_parameters:
        big = weight.ndim >= 2 and weight.shape[0] >= 8 and weight[0].numel() >= 8
        (matrices if big and id(weight) not in excluded else rest).append(weight)
    return matrices, rest
