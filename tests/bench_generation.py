"""Pictures a second: the builder beside a loop that loads per picture, and beside plain diffusers.

`python -m tests.bench_generation` measures this alone; with a GPU, also a pipeline in the shapes of
Stable Diffusion 1.5 with random weights.
"""

import logging
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.generation.devices import Work
from core.generation.engine import Engine
from core.generation.worker_process import WorkerProcess
from core.settings import load_settings
from core.starter.cells import GUIDANCE, RESCALE, SAMPLER, SIDE_PX, STEPS
from core.starter.manifest import BASE_FOLDER, LORA_FOLDER
from tests.starter_models import add_starter_models, starter_places, starter_request
from warehouse.database import open_warehouse
from warehouse.generation.build_plans import Wishes, plan_build
from warehouse.generation.building import Builder

SLUGS = ("ink", "oil", "pixel")
PROMPTS = tuple(f"a {colour} house in a meadow" for colour in (
    "red", "blue", "green", "yellow", "pink", "white", "black", "orange", "purple", "grey",
    "brown", "cream"))  # fmt: skip
ROUNDS = 3
LOOP_PICTURES = 4  # a loop that loads per picture is so slow that a few tell enough


@dataclass(frozen=True)
class Rate:
    """Work done so many times a second, beside a peer in the same run."""

    what: str
    ours: float
    peer: str
    peers: float
    unit: str = "pictures/s"

    def line(self) -> str:
        return (
            f"| {self.what} | {self.ours:.2f} {self.unit} | {self.peer} | "
            f"{self.peers:.2f} {self.unit} | {self.ours / self.peers:.2f} |"
        )


def generation_rates() -> Iterator[Rate]:
    """All figures that this machine can give."""
    ours, plain = builder_and_plain()
    count = f"{len(SLUGS)} models x {len(PROMPTS)} prompts, batches of {len(PROMPTS)}"
    yield Rate(f"builder, {count}", ours, "loop that loads per picture", loop_rate())
    yield Rate(f"builder, {count}", ours, "plain diffusers, same batches", plain)
    yield from switching()
    if has_gpu():
        from tests.bench_gpu import gpu_rates

        yield from gpu_rates()


def builder_and_plain() -> tuple[float, float]:
    """Medians of pictures a second, the two taking turns: the builder as it is, files and rows
    included, and plain diffusers with the same batches, its pictures thrown away."""
    folder = Path(tempfile.mkdtemp(prefix="gemboard-bench-"))
    runner = WorkerProcess("cpu")
    try:
        runner.warm(Work((starter_request(),), (0,), starter_places()))
        plain = plain_pipeline()
        plain_pictures(plain, SLUGS[:1])
        ours, theirs = [], []
        for number in range(ROUNDS):
            ours.append(builder_rate(folder / str(number), runner))
            begun = time.perf_counter()
            plain_pictures(plain, SLUGS)
            theirs.append(len(SLUGS) * len(PROMPTS) / (time.perf_counter() - begun))
        return statistics.median(ours), statistics.median(theirs)
    finally:
        runner.close()
        shutil.rmtree(folder, ignore_errors=True)


def builder_rate(home: Path, runner: WorkerProcess) -> float:
    """Pictures a second of the real builder in a new home, with a warm process."""
    warehouse = open_warehouse(home)
    add_starter_models(warehouse, ("base", *SLUGS), PROMPTS, side=SIDE_PX)
    wishes = Wishes(STEPS, GUIDANCE, SAMPLER, len(PROMPTS))
    known = warehouse.select("select model_version_id from models where kind <> 'checkpoint'")
    plan = plan_build(warehouse, known["model_version_id"].to_list(), None, ("cpu",), wishes)
    report = Builder(warehouse, load_settings(), [runner]).build(plan, finish=False)
    warehouse.close()
    assert report.made == len(SLUGS) * len(PROMPTS)
    return report.made / report.seconds


def plain_pipeline() -> object:
    """diffusers as its documentation has it."""
    import torch
    from diffusers import StableDiffusionPipeline

    pipeline = StableDiffusionPipeline.from_pretrained(
        BASE_FOLDER, safety_checker=None, requires_safety_checker=False, dtype=torch.float32
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def plain_pictures(
    pipeline: object, slugs: Sequence[str], prompts: Sequence[str] = PROMPTS
) -> None:
    """Load each LoRA, fuse it, make one batch."""
    import torch

    for slug in slugs:
        pipeline.load_lora_weights(LORA_FOLDER / slug)
        pipeline.fuse_lora()
        pipeline(
            list(prompts),
            num_inference_steps=STEPS,
            guidance_scale=GUIDANCE,
            guidance_rescale=RESCALE,
            width=SIDE_PX,
            height=SIDE_PX,
            generator=[torch.Generator().manual_seed(seed) for seed in range(len(prompts))],
        )
        pipeline.unfuse_lora()
        pipeline.unload_lora_weights()


def loop_rate() -> float:
    """Pictures a second where each picture loads its pipeline."""
    begun = time.perf_counter()
    for number in range(LOOP_PICTURES):
        plain_pictures(plain_pipeline(), SLUGS[:1], PROMPTS[number : number + 1])
    return LOOP_PICTURES / (time.perf_counter() - begun)


def switching() -> Iterator[Rate]:
    """Changing from one LoRA to another, beside loading the whole pipeline anew."""
    engine = Engine("cpu")
    places = starter_places(*SLUGS)
    engine.load(starter_request(), places)
    for slug in SLUGS:  # hashes are kept from now on
        engine.load(starter_request(slug), places)
    ours = timed(lambda slug: engine.load(starter_request(slug), places))

    def anew(slug: str) -> None:
        pipeline = plain_pipeline()
        pipeline.load_lora_weights(LORA_FOLDER / slug)
        pipeline.fuse_lora()

    yield Rate("LoRA switch", 1 / ours, "loading the pipeline anew", 1 / timed(anew), "switches/s")


def timed(work: Callable[[str], None]) -> float:
    """Median seconds over all models, several times."""
    times = []
    for _ in range(ROUNDS):
        for slug in SLUGS:
            begun = time.perf_counter()
            work(slug)
            times.append(time.perf_counter() - begun)
    return statistics.median(times)


def has_gpu() -> bool:
    import torch

    return torch.cuda.is_available()


def main() -> int:
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    logging.disable(logging.WARNING)
    print("| work | ours | peer | peer | ours / peer |\n| --- | --- | --- | --- | --- |")
    for rate in generation_rates():
        print(rate.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
