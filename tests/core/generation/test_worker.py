"""The work of a device's process: batches halve where memory is short, errors are told."""

import json
from dataclasses import replace

import pytest
from PIL import Image

from core.errors import MissingPackageError
from core.generation.devices import DeviceMemoryError, GenerationError, Step, Work
from core.generation.png import read_png
from core.generation.recipe import identity
from core.generation.worker import Worker
from core.generation.worker_messages import (
    error_content,
    line,
    read_batch,
    read_error,
    read_step,
    read_work,
    step_content,
    work_content,
)
from tests.core.generation.asking import a_request

FIVE = tuple(a_request(seed=seed) for seed in range(5))
WORK = Work(FIVE, (0, 1, 2, 3, 4), {})


class Engine:
    """Holds `room` pictures at a time."""

    device_name, precision, words = "test", "float32", "a test"
    versions = (("torch", "0"),)

    def __init__(self, room):
        self.room = room
        self.sizes = []

    def load(self, request, places, on_words):
        on_words("Loading")

    def generate(self, requests, on_step):
        if len(requests) > self.room:
            raise DeviceMemoryError("too much")
        self.sizes.append(len(requests))
        for step in (1, 2):
            on_step(step, 2, lambda: {0: b"so far"})
        return [Image.new("RGB", (8, 8), (request.seed, 0, 0)) for request in requests]


class Checker:
    def scores(self, images):
        return [image.getpixel((0, 0))[0] / 10 for image in images]


def sent(message):
    """As it arrives at the other end of the pipe."""
    return json.loads(line(message))


def done_by(engine, work, checker=None, stopped=()):
    told = []
    worker = Worker(engine, lambda message: told.append(sent(message)), checker)
    worker.stopped = set(stopped)
    worker.do(sent({"id": 7, "kind": "make", "work": work_content(work)}))
    return told


def made_by(*arguments):
    (*_, last) = done_by(*arguments)
    assert last["kind"] == "done", last
    return read_batch(last)


def test_a_batch_comes_back_with_recipes_that_name_its_members():
    made = made_by(Engine(room=5), WORK)
    members = tuple(identity(request) for request in FIVE)
    assert [picture.place for picture in made.pictures] == [0, 1, 2, 3, 4]
    assert {picture.recipe.batch.members for picture in made.pictures} == {members}
    assert made.words == ""
    for picture in made.pictures:
        assert read_png(picture.png).recipe == picture.recipe


@pytest.mark.parametrize(("room", "sizes"), [(4, [3, 2]), (2, [2, 1, 2]), (1, [1] * 5)])
def test_where_memory_is_short_batches_halve_and_their_recipes_tell(room, sizes):
    engine = Engine(room)
    made = made_by(engine, WORK)
    assert engine.sizes == sizes
    assert f"holds {max(sizes)} of these pictures at a time instead of 5" in made.words
    for picture in made.pictures:
        batch = picture.recipe.batch
        assert len(batch.members) <= room
        assert batch.members[batch.place] == identity(FIVE[picture.place])


def test_one_picture_that_does_not_fit_is_an_error_of_memory():
    (*_, last) = done_by(Engine(room=0), WORK)
    assert isinstance(read_error(last), DeviceMemoryError)


def test_padding_and_pictures_that_are_there_are_not_sent():
    made = made_by(Engine(room=5), replace(WORK, keep=(1, 3)))
    assert [picture.place for picture in made.pictures] == [1, 3]
    assert made.pictures[0].recipe.batch.place == 1


def test_halves_without_a_wanted_picture_are_not_computed():
    engine = Engine(room=3)
    made_by(engine, replace(WORK, keep=(4,)))
    assert engine.sizes == [2]


def test_a_checker_scores_what_is_kept():
    made = made_by(Engine(room=5), replace(WORK, keep=(2, 4)), Checker())
    assert [picture.nsfw_score for picture in made.pictures] == [0.2, 0.4]


def test_steps_and_words_are_told_and_previews_only_where_wanted():
    quiet = [read_step(each) for each in done_by(Engine(5), WORK)[:-1]]
    assert [step.step for step in quiet] == [0, 0, 1, 2]
    assert quiet[0].words == "Loading"
    assert all(step.previews is None for step in quiet)
    seen = [read_step(each) for each in done_by(Engine(5), replace(WORK, previews=True))[:-1]]
    assert seen[2] == Step(1, 2, previews={0: b"so far"})


def test_work_that_was_stopped_is_not_begun():
    engine = Engine(5)
    (*_, last) = done_by(engine, WORK, None, {7})
    assert (last["kind"], last["error"]) == ("failed", "cancelled")
    assert engine.sizes == []


def test_what_goes_wrong_is_told_with_its_kind():
    class Broken(Engine):
        def generate(self, requests, on_step):
            raise KeyError("unet")

    (*_, last) = done_by(Broken(5), WORK)
    assert str(read_error(last)) == "KeyError: 'unet'"
    assert type(read_error(error_content(GenerationError("no")))) is GenerationError
    assert str(read_error(error_content(MissingPackageError("Making pictures", "torch")))) == str(
        MissingPackageError("Making pictures", "torch")
    )


def test_messages_come_back_as_they_were():
    assert read_work(sent(work_content(WORK))) == WORK
    step = Step(3, 8, "words", {1: b"\x00\xff"})
    assert read_step(sent(step_content(step))) == step
