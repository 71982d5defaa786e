"""“Which model?” over the warehouse: what counts, filters, fallbacks, and the command line."""

import numpy as np
import pytest

from tests import seeding
from tests.features import ENCODER, give_features
from tests.judging import judge, judge_grid
from tests.seeding import HIDDEN_ID, HOSTILE_MODEL
from tests.tiny_encoder import make_tiny_encoder
from warehouse.database import open_warehouse
from warehouse.encoder_registry import register_encoder
from warehouse.recommendation import answer, evaluation, examples
from warehouse.recommendation_knowledge import knowledge
from warehouse.recommendation_questions import NothingAskedError, Question, UnknownOptionError

ANIMAL = Question(tag="animal")


@pytest.fixture
def filled(warehouse):
    seeding.fill(warehouse)
    return warehouse


def vote(warehouse, first, second, *, prompt=1, times=1, **columns):
    """Votes for a picture of the first model."""
    shown = [f"p{prompt}-m{model}-s{2 if (prompt, model) == (1, 1) else 1}"
             for model in (first, second)]  # fmt: skip
    for _ in range(times):
        judge(warehouse, "vote", shown, prompt_id=prompt, outcome="left", **columns)


def text_features(warehouse, vectors, key=ENCODER):
    with warehouse.transaction() as cursor:
        for prompt_id, vector in vectors.items():
            cursor.execute(
                "insert into prompt_features values ($prompt_id, $key, $vector)",
                {"prompt_id": prompt_id, "key": key, "vector": list(vector)},
            )


def models(found):
    return [model.model_version_id for model in found.models]


def asked(warehouse, question, vector=None, **options):
    return answer(knowledge(warehouse, **options), question, vector)


def test_votes_on_a_tag_order_its_models_and_the_reason_counts_them(filled):
    vote(filled, 4, 3, times=5)
    vote(filled, 4, 2, times=5)
    vote(filled, 2, 4, prompt=3, times=2)
    found = asked(filled, ANIMAL)
    assert models(found)[0] == 4 and len(models(found)) == 5
    first = found.models[0]
    assert (first.near.pairs, first.near.preferred, first.other.pairs) == (10, 10, 2)
    assert first.reason.startswith(
        "Preferred in 10 of 10 comparisons on 1 prompt of this tag, and in 0 of 2 comparisons on "
        "1 other; GRE-Score "
    )
    assert (found.near_judgments, found.judgments, found.basis) == (10, 12, "tag")
    assert first.lower < first.chance < first.upper
    assert found.near["prompt_id"].to_list() == [1]


def test_without_votes_the_score_alone_orders_and_that_is_said(filled):
    found = asked(filled, ANIMAL)
    means = filled.select(
        "select model_version_id, avg(gre) from image_scores where prompt_id = 1 "
        "and not hidden and gre is not null group by all"
    )
    scores = dict(means.iter_rows())
    told = [model for model in found.models if model.score]
    order = [model.model_version_id for model in told]
    assert order == sorted(scores, key=scores.__getitem__, reverse=True)
    assert all(model.score.value == pytest.approx(scores[model.model_version_id]) for model in told)
    assert [model.score.place for model in told] == [1, 2, 3, 4]
    assert all(model.reason.startswith("Nobody has voted on it yet") for model in found.models)
    unscored = next(model for model in found.models if model.model_version_id == 5)
    assert unscored.reason.endswith("no GRE-Score there.")


def test_simulated_votes_count_only_when_asked_for(filled):
    vote(filled, 4, 2, times=8, simulated=True)
    assert asked(filled, ANIMAL).judgments == 0
    with_them = asked(filled, ANIMAL, with_simulated=True)
    assert with_them.judgments == 8 and with_them.models[0].model_version_id == 4


def test_a_prompt_is_answered_by_the_votes_near_its_features(filled):
    give_features(filled)
    text_features(filled, {1: [1.0, 0] * 4, 2: [0, 1.0] * 4, 3: [-1.0, 0] * 4})
    vote(filled, 4, 3, times=6)
    vote(filled, 3, 4, prompt=2, times=6)
    one = asked(filled, Question("anything"), np.array([9.0, 0.1] * 4, np.float32))
    assert one.basis == "features" and one.encoder == ENCODER
    assert one.near["prompt_id"][0] == 1 and one.near["nearness"][0] == pytest.approx(1, abs=0.01)
    two = asked(filled, Question("anything"), np.array([0.1, 9.0] * 4, np.float32))
    assert models(one).index(4) < models(one).index(3)
    assert models(two).index(3) < models(two).index(4)


def test_without_features_a_prompt_is_answered_by_its_words(filled):
    found = asked(filled, Question("tiger masterpiece"), np.ones(8, np.float32))
    assert found.basis == "words" and found.encoder is None
    assert found.near["prompt_id"].to_list() == [3]
    nothing = asked(filled, Question("zebra"))
    assert nothing.near.is_empty() and len(nothing.models) == 5
    assert nothing.models[0].reason.endswith("on average, place 1 of 4.")


def test_features_of_another_length_are_no_features(filled):
    give_features(filled)
    text_features(filled, {1: [1.0] * 8, 2: [1.0] * 3})
    assert np.isnan(knowledge(filled).texts.vectors[1]).all()
    found = asked(filled, Question("tiger"), np.ones(5, np.float32))
    assert found.basis == "words"


def test_filters_keep_models_and_their_ratings(filled):
    vote(filled, 4, 3, times=3)
    everybody = {m.model_version_id: m for m in asked(filled, ANIMAL).models}
    sd = asked(filled, Question(tag="animal", base_model="SD 1.5"))
    assert sorted(models(sd)) == [1, 3, 5] and sd.candidates == 3
    assert all(m.chance == everybody[m.model_version_id].chance for m in sd.models)
    both = asked(filled, Question(tag="animal", base_model="SD 1.5", licence="openrail"))
    assert both.candidates == 3
    assert sorted(models(asked(filled, Question(tag="animal", licence="openrail")))) == [1, 3, 4, 5]
    with filled.transaction() as cursor:
        cursor.execute("update models set licence = 'MIT' where model_version_id = 4")
    none = asked(filled, Question(tag="animal", base_model="SD 1.5", licence="MIT"))
    assert none.models == () and none.candidates == 0
    assert examples(filled, none).is_empty()


@pytest.mark.parametrize(
    "question",
    [Question(tag="nope"), Question("x", base_model="nope"), Question("x", licence="nope")],
)
def test_what_nothing_has_is_refused_with_what_there_is(filled, question):
    with pytest.raises(UnknownOptionError, match="nope"):
        asked(filled, question)


def test_nothing_asked_is_refused(filled):
    with pytest.raises(NothingAskedError):
        asked(filled, Question(licence="openrail"))


def test_hidden_pictures_bring_votes_but_are_never_shown(filled):
    judge(filled, "vote", [HIDDEN_ID, "p1-m3-s1"], outcome="left")
    found = asked(filled, ANIMAL)
    first = next(model for model in found.models if model.model_version_id == 1)
    assert (first.near.pairs, first.near.preferred) == (1, 1)
    shown = examples(filled, found)["image_id"].to_list()
    assert HIDDEN_ID not in shown and "p1-m1-s2" in shown
    with filled.transaction() as cursor:
        cursor.execute("update images set nsfw_score = 1 where image_id = 'p1-m3-s1'")
    shown = examples(filled, asked(filled, ANIMAL))["image_id"].to_list()
    assert "p1-m3-s1" not in shown and "p2-m3-s1" in shown


def test_a_model_whose_pictures_are_all_hidden_is_not_recommended(filled):
    with filled.transaction() as cursor:
        cursor.execute("update images set nsfw_score = 1 where model_version_id = 2")
    vote(filled, 2, 3, times=4)
    found = asked(filled, ANIMAL)
    assert 2 not in models(found) and found.known_models == 4


def test_an_empty_warehouse_has_nothing_to_recommend(empty):
    known = knowledge(empty)
    assert answer(known, Question("a cat")).models == ()
    assert evaluation(known) is None


def test_the_command_gives_five_models_with_reason_and_numbers(home, command):
    opened = open_warehouse(home)
    seeding.fill(opened)
    vote(opened, 4, 2, times=5)
    vote(opened, 2, 4, times=9, simulated=True)
    opened.close()
    told = command("recommend", "--tag", "animal", "--json").json
    assert len(told["models"]) == 5 and told["judgments"] == 5
    first = told["models"][0]
    assert first["model_version_id"] == 4 and "5 of 5" in first["reason"]
    assert {"rank", "chance", "lower", "upper", "near", "score", "certainty"} <= first.keys()
    more = command("recommend", "--tag", "animal", "--with-simulated", "--json").json
    assert more["judgments"] == 14
    words = command("recommend", "tiger", "--base-model", "SD 1.5", "--json").json
    assert words["basis"] == "words" and "embed" in words["hint"]
    assert len(words["models"]) == 3
    shown = command("recommend", "tiger").out
    assert HOSTILE_MODEL in shown.replace("\n", " ") or "<i>Model</i>" in shown
    assert command("recommend").code == 2
    assert command("recommend", "x", "--licence", "nope").code == 2
    assert command("recommend", "--evaluate", "--json").json == {"prompts": 0}


def test_the_command_reads_the_prompt_with_the_encoder_of_the_warehouse(home, command):
    from core.encoders import load_encoder

    loaded = load_encoder(make_tiny_encoder(home / "models" / "tiny"), device="cpu")
    identity = loaded.identity
    opened = open_warehouse(home)
    seeding.fill(opened)
    with opened.transaction() as cursor:
        register_encoder(
            cursor,
            identity.key,
            name=identity.name,
            dimension=identity.dimension,
            preprocessing=identity.preprocessing,
            weights_sha256=identity.weights_sha256,
        )
    texts = ["a red cat", "the blue house", "two dog in moon"]
    vectors = loaded.encode_texts(texts)
    text_features(opened, {n + 1: v.tolist() for n, v in enumerate(vectors)}, identity.key)
    opened.close()
    told = command("recommend", texts[1], "--json").json
    assert (told["basis"], told["encoder"], told["hint"]) == ("features", identity.key, None)
    assert told["near_prompts"][0]["prompt_id"] == 2
    assert told["near_prompts"][0]["nearness"] == pytest.approx(1, abs=1e-4)


def test_the_evaluation_says_what_it_counted(home, command):
    opened = open_warehouse(home)
    seeding.fill(opened, prompts=6, models=7)
    judge_grid(opened, people=("ada", "bob", "cat"))
    opened.close()
    told = command("recommend", "--evaluate", "--json").json
    assert told["prompts"] == 6 and told["models"] == 7
    assert set(told["among_judged"]) >= {"recommendation", "global rating", "gre", "downloads"}
    figures = told["among_judged"]["recommendation"]
    assert figures["hit_rate"]["lower"] <= figures["hit_rate"]["value"] <= 1
    assert len(told["tuned"]) == 5
    shown = command("recommend", "--evaluate").out
    assert "6 prompts held out" in shown and "Most downloaded" in shown
