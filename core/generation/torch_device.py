"""A device as torch knows it: made ready so that sums come out alike, its name and its memory."""

import gc
import os
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version

from core.errors import shortened
from core.generation.devices import DeviceMemoryError
from core.generation.pipelines import EngineError, is_memory_error

_LIBRARIES = ("torch", "diffusers", "transformers", "peft")


def prepare_device(device: str, threads: int) -> str:
    """The device's name as torch takes it, with arithmetic that comes out alike each time.

    Raises EngineError for a device that is not there.
    """
    # cuBLAS reads it when it starts; without it, sums may be taken in another order each time.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    import torch

    if threads:
        torch.set_num_threads(threads)
    kind, _, number = device.partition(":")
    if device == "cpu":
        return device
    if kind != "cuda" or (number and not number.isdecimal()):
        raise EngineError(f"{shortened(device)} is no device: take cpu, cuda or cuda:1.")
    if not torch.cuda.is_available() or int(number or 0) >= torch.cuda.device_count():
        raise EngineError(
            f"There is no device {device} here (torch sees {torch.cuda.device_count()} GPUs): "
            "take cpu."
        )
    # PyTorch's notes on reproducibility. TF32 stays off too: it has 10 bits, as half precision,
    # and what is left in float32 is so on purpose.
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.matmul.allow_tf32 = False
    return f"cuda:{int(number or 0)}"


def describe_device(device: str) -> str:
    """What recipes call it: bits depend on a CPU's threads, and on which GPU it is."""
    import torch

    if device == "cpu":
        count = torch.get_num_threads()
        return f"cpu, {count} thread{'s' * (count != 1)}"
    name: str = torch.cuda.get_device_name(device)
    return name


def device_memory(device: str) -> tuple[int, int]:
    """Bytes that are free and bytes in all; of a CPU, main memory."""
    if device == "cpu":
        page = os.sysconf("SC_PAGE_SIZE")
        return os.sysconf("SC_AVPHYS_PAGES") * page, os.sysconf("SC_PHYS_PAGES") * page
    import torch

    free, total = torch.cuda.mem_get_info(device)
    return free, total


def free_caches(device: str) -> None:
    """Give back what torch keeps for later."""
    gc.collect()
    if device != "cpu":
        import torch

        torch.cuda.empty_cache()


def library_versions() -> tuple[tuple[str, str], ...]:
    """What a picture's bits depend on, besides the device."""
    return tuple((name, version(name)) for name in _LIBRARIES)


@contextmanager
def memory_errors(
    device: str, what: str, clear: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Turns every way of running out of memory into DeviceMemoryError, after giving back.

    `what` is what did not fit, `clear` lets go of what is only half there.
    """
    try:
        yield
    except Exception as error:
        if not is_memory_error(error):
            raise
        # The frames that failed hold the largest tensors.
        traceback.clear_frames(error.__traceback__)
        clear()
        free_caches(device)
        raise DeviceMemoryError(
            f"The memory of {describe_device(device)} does not hold {what}."
        ) from None
