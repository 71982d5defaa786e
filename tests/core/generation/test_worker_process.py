"""A device's real process with the starter's real models: killed, stopped, cheated, and used."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.generation.devices import (
    DeviceLostError,
    GenerationCancelledError,
    GenerationError,
    Work,
    WrongWeightsError,
)
from core.generation.weights_hash import weights_sha256
from core.generation.worker_process import ROOT, WorkerProcess
from core.starter.manifest import ENCODER_FOLDER, LORA_FOLDER
from tests.starter_models import starter_places, starter_request

PLACES = starter_places("ink", "oil")
LONG = 60  # steps


def work(*requests, keep=None, places=PLACES):
    return Work(requests, tuple(range(len(requests))) if keep is None else keep, places)


def hashes(made):
    return [hashlib.sha256(picture.png).hexdigest() for picture in made.pictures]


def make(runner, wanted, on_step=lambda step: None, stopped=lambda: False):
    return runner.make(wanted, on_step, stopped)


@pytest.fixture(scope="module")
def runner():
    opened = WorkerProcess("cpu")
    opened.warm(None)
    yield opened
    opened.close()


def test_the_same_recipe_gives_the_same_file_also_after_other_models(runner):
    asked = work(starter_request("ink"), starter_request("ink", seed=2))
    first = make(runner, asked)
    make(runner, work(starter_request("oil")))
    make(runner, work(starter_request()))
    assert hashes(make(runner, asked)) == hashes(first)
    assert len(set(hashes(first))) == 2
    assert first.pictures[0].recipe.device.startswith("cpu")


def test_a_killed_process_is_told_and_the_next_batch_is_made(runner):
    asked = work(starter_request("ink"))
    before = hashes(make(runner, asked))

    def kill(step):
        if step.step == 2:
            os.kill(runner.pid, signal.SIGKILL)

    with pytest.raises(DeviceLostError, match="process of cpu is gone: it was killed by SIGKILL"):
        make(runner, work(starter_request("ink", steps=LONG)), kill)
    assert runner.pid is None
    assert hashes(make(runner, asked)) == before


def test_a_stop_takes_effect_within_a_step(runner):
    seen = []

    def stopped():
        return bool(seen) and seen[-1] >= 3

    with pytest.raises(GenerationCancelledError):
        make(
            runner,
            work(starter_request(steps=LONG)),
            lambda step: seen.append(step.step),
            stopped,
        )
    # What was under way when it was said is finished, and no more than what passes meanwhile.
    assert 3 <= seen[-1] < LONG / 2


def test_a_changed_weights_file_is_refused(runner, tmp_path):
    copy = tmp_path / "ink"
    shutil.copytree(LORA_FOLDER / "ink", copy)
    sha256 = weights_sha256(copy)
    asked = work(starter_request("ink"), places={**PLACES, sha256: copy})
    make(runner, asked)
    (file,) = copy.iterdir()
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    make(runner, work(starter_request()))
    with pytest.raises(WrongWeightsError, match="ink"):
        make(runner, asked)
    shutil.rmtree(copy)
    with pytest.raises(GenerationError, match="ink"):
        make(runner, asked)
    assert make(runner, work(starter_request())).pictures


def test_features_come_from_the_encoder_that_is_named(runner):
    (picture,) = make(runner, work(starter_request())).pictures
    spec = f"local-dir:{ENCODER_FOLDER}"
    identity, vectors = runner.features(spec, [picture.png], ["a red house", "a fish"])
    assert vectors.shape == (3, identity.dimension)
    assert runner.features(spec, [], [])[1].shape == (0, identity.dimension)
    with pytest.raises(GenerationError, match="nowhere"):
        runner.features("local-dir:/nowhere", [], ["a"])


def test_a_device_that_is_not_there_is_one_sentence():
    absent = WorkerProcess("cuda:7")
    with pytest.raises(GenerationError) as caught:
        absent.warm(None)
    assert "cuda:7" in str(caught.value)
    assert "\n" not in str(caught.value)
    absent.close()


CHILD = """
import sys
from core.generation.worker_process import WorkerProcess
runner = WorkerProcess("cpu")
runner.warm(None)
print(runner.pid, flush=True)
sys.stdin.read()
"""


def test_the_process_ends_when_its_owner_is_killed():
    owner = subprocess.Popen(
        [sys.executable, "-c", CHILD], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    pid = int(owner.stdout.readline())
    owner.kill()
    owner.wait()
    end = time.monotonic() + 20
    while alive(pid):
        assert time.monotonic() < end, "the process outlived its owner"
        time.sleep(0.05)
    owner.stdin.close()
    owner.stdout.close()


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
