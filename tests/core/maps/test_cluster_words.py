"""Clusters are the islands of a map; their labels are the words that tell them apart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.maps.cluster_words import NO_CLUSTER, Documents, clusters, joined, label_clusters
from core.maps.label_words import prompt_words, tag_words


@pytest.fixture(scope="module")
def islands():
    """Three islands of 40, 30 and 20 places."""
    random = np.random.default_rng(0)
    middles = np.repeat([[0, 0], [20, 0], [0, 20]], [40, 30, 20], axis=0)
    return (middles + random.standard_normal((90, 2))).astype(np.float32)


def documents(*words, of):
    return Documents([frozenset(row) for row in words], np.asarray(of))


def test_islands_are_found_the_largest_first(islands):
    found = clusters(islands)
    assert [set(found[:40]) - {NO_CLUSTER}, set(found[40:70]) - {NO_CLUSTER}] == [{0}, {1}]
    assert np.bincount(found[found >= 0]).tolist() == sorted(
        np.bincount(found[found >= 0]), reverse=True
    )
    assert np.array_equal(found, clusters(islands.copy()))


@pytest.mark.parametrize("count", [0, 1, 2, 9])
def test_few_places_make_no_cluster(count):
    assert clusters(np.zeros((count, 2), dtype=np.float32)).tolist() == [NO_CLUSTER] * count


def test_later_places_join_the_island_they_lie_on(islands):
    found = clusters(islands)
    later = np.array([[0.1, 0.2], [20.1, 0.1]], dtype=np.float32)
    assert joined(islands, found, later).tolist() == [0, 1]


def test_a_word_of_one_cluster_labels_it_and_a_word_of_all_labels_none(islands):
    cluster = np.repeat([0, 1, 2], [40, 30, 20])
    told = documents(
        ("photo", "boat"), ("photo", "corgi"), ("photo", "teapot"), of=cluster
    )  # fmt: skip
    labels = label_clusters(islands, cluster, [told])
    assert [label.words for label in labels] == [("boat",), ("corgi",), ("teapot",)]
    assert [label.pictures for label in labels] == [40, 30, 20]
    assert labels[1].x == pytest.approx(20, abs=1)
    assert labels[0].y > 1, "above its pictures"


def test_a_rare_word_beats_one_that_most_clusters_share():
    """Of 30 clusters, 20 say “shadow”; one of them alone says “boat” too."""
    cluster = np.repeat(np.arange(30), 200)
    everywhere = {f"word {number}" for number in range(40)}
    words = [everywhere | ({"shadow"} if number < 20 else {"plain"}) for number in range(30)]
    words[0] |= {"boat"}
    labels = label_clusters(np.zeros((6000, 2)), cluster, [documents(*words, of=cluster)])
    assert labels[0].words[0] == "boat"


def test_chance_is_no_label():
    random = np.random.default_rng(3)
    cluster = np.repeat([0, 1], 30)
    coin = documents(("heads",), ("tails",), of=np.tile([0, 1], 30))
    labels = label_clusters(random.standard_normal((60, 2)), cluster, [coin])
    assert [label.words for label in labels] == [(), ()]


def test_ties_are_ordered_by_the_alphabet(islands):
    cluster = np.repeat([0, 1, 2], [40, 30, 20])
    told = documents(("zebra", "ant"), ("x",), ("y",), of=cluster)
    assert label_clusters(islands, cluster, [told])[0].words == ("ant", "zebra")


def test_without_words_or_clusters_nothing_is_said(islands):
    none = np.full(90, NO_CLUSTER)
    assert label_clusters(islands, none, [documents((), of=np.zeros(90, int))]) == []
    one = np.zeros(90, dtype=np.int64)
    assert label_clusters(islands, one, [documents((), of=np.zeros(90, int))])[0].words == ()
    assert label_clusters(islands, one, [documents(("a",), of=np.zeros(90, int))])[0].words == ()


class TestWords:
    def test_small_words_and_numbers_are_left_out(self):
        words = prompt_words("The KEEP off-grass, a 3d ferrari's 8k in   Dalí 汉服; masterpiece")
        assert words == {"keep", "off-grass", "ferrari's", "dalí", "汉服"}

    def test_tags_stay_whole(self):
        assert tag_words(["Oil  Painting", None, "", "x" * 99]) == {"oil painting"}

    @given(st.text())
    def test_any_text_gives_words_without_blanks(self, text):
        assert all(word and word == "".join(word.split()) for word in prompt_words(text))
