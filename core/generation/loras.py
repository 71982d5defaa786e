"""LoRAs laid over a pipeline's weights, and taken off again bit for bit.

The change is added to the weights themselves: no layers are put between, which takes a fraction of
the time of peft's way. The touched weights are kept as they were, since adding and subtracting
leaves other last bits.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core.generation.lora_files import Change, Changes

if TYPE_CHECKING:
    from torch import Tensor


class LaidLoras:
    """The weights of one pipeline with whatever LoRAs are laid over them."""

    def __init__(self, pipeline: Any) -> None:
        self._pipeline = pipeline
        self._kept: dict[tuple[str, str], Tensor] = {}  # weights as the checkpoint has them
        self._touched: set[tuple[str, str]] = set()

    def lay(self, loras: Sequence[tuple[Changes, float]]) -> None:
        """Lay these, each with its scale, over the checkpoint's own weights; none takes all off."""
        import torch

        layers = {key: None for changes, _ in loras for key in changes}
        with torch.inference_mode():
            for key in [*self._touched - layers.keys()]:
                self._weight(key).copy_(self._kept[key])
                self._touched.discard(key)
            for key in layers:
                weight = self._weight(key)
                if key not in self._kept:
                    self._kept[key] = _kept(weight)
                self._touched.add(key)
                total = self._kept[key].to(weight.device, torch.float32, copy=True)
                for changes, scale in loras:
                    if key in changes:
                        total += _product(changes[key], scale, total)
                weight.copy_(total)

    def _weight(self, key: tuple[str, str]) -> "Tensor":
        part, layer = key
        weight: Tensor = getattr(self._pipeline, part).get_submodule(layer).weight.data
        return weight


def _product(change: Change, scale: float, like: "Tensor") -> "Tensor":
    down = change.down.to(like.device).float().flatten(1)
    up = change.up.to(like.device).float().flatten(1)
    return (up @ down).reshape(like.shape) * (scale * change.scale)


def _kept(weight: "Tensor") -> "Tensor":
    """A copy, on the GPU while half of it is free, else in main memory."""
    if weight.is_cuda:
        import torch

        free, total = torch.cuda.mem_get_info(weight.device)
        if 2 * free < total:
            return weight.cpu()
    return weight.clone()
