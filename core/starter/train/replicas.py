"""Several threads at one batch: each takes a slice of it with a replica that shares the weights.

The small convolutions of the UNet leave half of a second thread idle inside a single batch.
"""

import copy
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import Tensor, nn

Loss = Callable[[Sequence[nn.Module], Sequence[Tensor]], Tensor]


class Replicas:
    """`count` copies of `modules` with the same weights and gradients of their own."""

    def __init__(self, modules: Sequence[nn.Module], count: int) -> None:
        self.sets = [list(modules)] + [_sharing(modules) for _ in range(count - 1)]
        self.pool = ThreadPoolExecutor(count, initializer=torch.set_num_threads, initargs=(1,))

    def backward(self, batch: Sequence[Tensor], loss: Loss) -> float:
        """Gradients of the batch's mean loss into the first set; returns that loss.

        `loss` takes the modules and a slice of the batch, and returns the mean over the slice.
        """
        slices = list(zip(*(part.chunk(len(self.sets)) for part in batch), strict=True))
        shares = [len(part[0]) / len(batch[0]) for part in slices]

        def work(place: int) -> float:
            mean = loss(self.sets[place], slices[place])
            (mean * shares[place]).backward()
            return float(mean.detach()) * shares[place]

        total = sum(self.pool.map(work, range(len(slices))))
        self._gather()
        return total

    def _gather(self) -> None:
        first, *others = [_weights(modules) for modules in self.sets]
        for other in others:
            for weight, copied in zip(first, other, strict=True):
                if copied.grad is None:
                    continue
                weight.grad = copied.grad if weight.grad is None else weight.grad.add_(copied.grad)
                copied.grad = None


def _sharing(modules: Sequence[nn.Module]) -> list[nn.Module]:
    copies = [copy.deepcopy(module) for module in modules]
    for weight, copied in zip(_weights(modules), _weights(copies), strict=True):
        copied.data = weight.data
        copied.grad = None
    return copies


def _weights(modules: Sequence[nn.Module]) -> list[nn.Parameter]:
    return [weight for module in modules for weight in module.parameters()]
